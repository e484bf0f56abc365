"""P22 搜索: units, tasks, documents with their clauses, and demands, of what the reader may see."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.generic import View

from accounts.roles import Permission
from core import clock
from core.words import listed
from duties.filters import AssignmentFilter, ObligationFilter
from duties.models import Assignment, LightRule, Obligation
from evaluations.models import Objection, Round
from officers.filters import PersonFilter
from officers.models import Appointment, Filing, Person, Team
from officers.queries.listing import with_posts
from pilots.access import LOGGED_IN, permissions_of
from pilots.filters import ClauseFilter, PolicyDocumentFilter, UnitFilter
from pilots.models import Clause, PolicyDocument, Unit
from projects.filters import ProjectFilter
from projects.models import Finding, Project
from trainings.filters import EventFilter
from trainings.models import Event

from .links import link, tasks
from .tasks import word_of

MOST = 50
NUMBER = re.compile(r"(RW|RM|BA|TD|XM|FX|PX|PJ|FH)-?(\d{4})-?(\d{4,})", re.I)
# What the letters before a number stand for: the rows and the page of one of them.
NUMBERED: dict[str, tuple[Any, str]] = {
    "RW": (Assignment, "duties:assignment"),
    "RM": (Appointment, "officers:appointment"),
    "BA": (Filing, "officers:filing"),
    "TD": (Team, "officers:team"),
    "XM": (Project, "projects:project"),
    "FX": (Finding, "projects:finding"),
    "PX": (Event, "trainings:event"),
    "PJ": (Round, "evaluations:round"),
    "FH": (Objection, "evaluations:objection"),
}


@dataclass(frozen=True)
class Found:
    """One group: at most `MOST` rows of {"url", "title", "note", "state", "word"}; `more` says that
    there are others, which `url` lists."""

    label: str
    rows: list[dict[str, Any]]
    more: bool
    url: str


class SearchView(View):
    """/search/?q="""

    required_permission = LOGGED_IN

    def get(self, request: HttpRequest) -> HttpResponse:
        text = plain(request.GET.get("q", ""))
        if place := jump(text, request.user):
            return redirect(place)
        groups = self._groups(text) if text else []
        context = {
            "text": text,
            "groups": [group for group in groups if group.rows],
            "most": MOST,
            "may_search": Permission.READ_UNITS in permissions_of(request.user),
        }
        return render(request, "pages/search.html", context)

    def _groups(self, text: str) -> list[Found]:
        return [*self._registered(text), *self._written(text)]

    def _registered(self, text: str) -> list[Found]:
        """Bodies, people and what they do."""
        user, rule = self.request.user, LightRule.for_day(clock.today())
        return [
            self._group(
                pgettext("list", "单位"),
                UnitFilter,
                Unit.objects.visible_to(user).with_name(rule.on).order_by("code"),
                _unit,
                link("unit-list", q=text, programme=""),
            ),
            self._group(
                pgettext("list", "人员"),
                PersonFilter,
                with_posts(Person.objects.visible_to(user), rule.on).order_by("pinyin", "pk"),
                _person,
                link("officers:person-list", q=text, programme=""),
            ),
            self._group(
                pgettext("list", "任务"),
                AssignmentFilter,
                Assignment.objects.visible_to(user).for_lists().most_urgent_first(),
                lambda row: _task(row, rule),
                tasks(q=text),
            ),
            self._group(
                _("信息化项目"),
                ProjectFilter,
                Project.objects.visible_to(user).for_lists().order_by("-number"),
                _project,
                link("projects:project-list", q=text, programme=""),
            ),
            self._group(
                _("培训和会议"),
                EventFilter,
                Event.objects.visible_to(user).order_by("-starts_on", "-number"),
                _event,
                link("trainings:event-list", q=text, programme=""),
            ),
        ]

    def _written(self, text: str) -> list[Found]:
        """What the policy says."""
        user = self.request.user
        return [
            self._group(
                pgettext("list", "文件"),
                PolicyDocumentFilter,
                PolicyDocument.objects.visible_to(user),
                _document,
            ),
            self._group(
                pgettext("list", "条款"),
                ClauseFilter,
                Clause.objects.visible_to(user).select_related("document"),
                lambda row: _clause(row, text),
            ),
            self._group(
                pgettext("list", "规定任务"),
                ObligationFilter,
                Obligation.objects.visible_to(user).select_related("programme"),
                _obligation,
            ),
        ]

    def _group(
        self,
        label: str,
        filterset: Any,
        rows: QuerySet,
        write: Callable[[Any], dict[str, Any]],
        url: str = "",
    ) -> Found:
        text = plain(self.request.GET.get("q", ""))
        found = list(filterset({"q": text}, queryset=rows, request=self.request).qs[: MOST + 1])
        return Found(label, [write(row) for row in found[:MOST]], len(found) > MOST, url)


def plain(text: str) -> str:
    """What was typed, in half-width characters (ＲＷ－２０２２) and without blanks around it."""
    return unicodedata.normalize("NFKC", text).strip()


def jump(text: str, user: Any) -> str:
    """The page of the one object whose number was typed, '' when it is no number or unseen."""
    if number := NUMBER.fullmatch(text):
        model, page = NUMBERED[number[1].upper()]
        key = f"{number[1].upper()}-{number[2]}-{number[3]}"
        if model.objects.visible_to(user).filter(number=key).exists():
            return link(page, key)
    if text.isascii() and "-" in text:
        code = text.lower()
        if Unit.objects.visible_to(user).filter(code=code).exists():
            return link("unit", code)
    return ""


def _unit(row: Unit) -> dict[str, Any]:
    return {
        "url": link("unit", row.code),
        "title": row.display_full_name,
        "note": row.get_kind_display(),
    }


def _person(row: Any) -> dict[str, Any]:
    """`row` comes from `with_posts`: posts held today, else the title in the unit."""
    posts = listed(held.post.display_name for held in row.held) or row.job_title
    return {
        "url": link("officers:person", row.uuid),
        "title": row.name,
        "note": " · ".join(part for part in (row.unit_label or row.unit_code, posts) if part),
    }


def _task(row: Assignment, rule: LightRule) -> dict[str, Any]:
    light = row.light(rule)
    return {
        "url": link("duties:assignment", row.number),
        "title": row.obligation.display_title,
        "note": f"{row.number} · {row.unit.display_name} · {row.get_status_display()}",
        "state": light,
        "word": word_of(row, light, rule),
    }


def _project(row: Project) -> dict[str, Any]:
    return {
        "url": link("projects:project", row.number),
        "title": row.name,
        "note": f"{row.number} · {row.unit.display_name}",
    }


def _event(row: Event) -> dict[str, Any]:
    return {
        "url": link("trainings:event", row.number),
        "title": row.title,
        "note": f"{row.number} · {row.get_kind_display()} · {row.starts_on}",
    }


def _document(row: PolicyDocument) -> dict[str, Any]:
    return {
        "url": link("pilots:document", row.code),
        "title": row.title,
        "note": " · ".join(part for part in (row.number, row.issuer) if part),
    }


def _clause(row: Clause, text: str) -> dict[str, Any]:
    place = link("pilots:document", row.document.code)
    return {
        "url": f"{place}#{row.code}" if place else "",
        "title": f"{row.document.title} {row.label}",
        "note": around(row.text, text),
    }


def _obligation(row: Obligation) -> dict[str, Any]:
    return {
        "url": link("duties:obligation", row.code),
        "title": row.display_title,
        "note": f"{row.programme.display_name} · {row.wording or _('文件未定时限')}",
    }


def around(text: str, wanted: str, reach: int = 30) -> str:
    """The part of a clause around what was looked for."""
    at = max(text.lower().find(wanted.lower()), 0)
    start, end = max(at - reach, 0), at + len(wanted) + reach
    return ("…" if start else "") + text[start:end] + ("…" if end < len(text) else "")
