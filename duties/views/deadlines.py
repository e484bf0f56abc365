"""P8 时限: what is due when, as a list by week, along a line, and as a calendar file."""

from collections.abc import Iterable
from functools import cached_property
from operator import attrgetter
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from core import charts
from core.deadlines import Explained

from ..choices import Light
from ..ics import Event, calendar
from ..models import Assignment
from ..models.assignments import AssignmentQuerySet
from ..queries.agenda import Day, Week, light_words, spans, weeks
from ..queries.due_rules import explanations
from .lists import TaskListPage, line_of

OVER = {Light.DONE, Light.NOT_APPLICABLE}
MOST_BARS = 64
MOST_EVENTS = 2000


class DeadlineList(TaskListPage):
    """/deadlines/"""

    label = pgettext_lazy("list", "时限")
    template_name = "duties/deadlines.html"
    explained: dict[int, Explained]
    ordering = ("due_on", "enrolment__position", "number")
    page_size = 200

    def get_context(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(**kwargs)
        rows = list(context["rows"])
        self.explained = explanations(rows)
        coming = [row for row in rows if row.light(self.rule) not in OVER]
        over = [row for row in rows if row.light(self.rule) in OVER]
        by_unit = ("enrolment.position", "enrolment_id", "due_on")
        bars = sorted(coming, key=attrgetter(*by_unit))
        query = self.request.GET.urlencode()
        return {
            **context,
            "weeks": self.blocks(weeks(coming, self.rule.on)),
            "over": self.blocks(weeks(over, self.rule.on)),
            "over_count": len(over),
            "chart": self.chart(bars) if 0 < len(bars) <= MOST_BARS else None,
            "too_many": len(bars) if len(bars) > MOST_BARS else 0,
            "tools": [
                {"url": reverse("week"), "label": _("本周要办"), "icon": "print"},
                {
                    "url": reverse("duties:deadlines-ics") + (f"?{query}" if query else ""),
                    "label": _("下载日历文件"),
                    "icon": "calendar",
                },
            ],
        }

    def blocks(self, found: list[Week]) -> list[dict[str, Any]]:
        """Weeks for components/agenda.html."""
        return [
            {
                "title": _("%(monday)s～%(sunday)s")
                % {"monday": week.monday, "sunday": week.sunday},
                "days": [
                    {
                        "day": day.day,
                        "rows": [self.entry(row) for row in day.rows],
                        "rules": self.rules(day),
                    }
                    for day in week.days
                ],
            }
            for week in found
        ]

    def rules(self, entry: Day) -> list[str]:
        """The rules by which it is that day, each once, with what the calendar did."""
        found = (self.explained.get(row.pk) for row in entry.rows)
        said = (str(each) for each in found if each and each.due_on == entry.day)
        return list(dict.fromkeys(said))

    @cached_property
    def address(self) -> str:
        """Of a task, with `{}` for its number: two hundred rows ask for theirs."""
        return reverse("duties:assignment", args=["0-0"]).replace("0-0", "{}")

    def entry(self, row: Assignment) -> dict[str, Any]:
        line = line_of(row, self.rule)
        return {
            "title": row.obligation.display_short_title,
            "url": self.address.format(row.number),
            "who": row.unit_label,
            "state": line.light,
            "word": line.word,
        }

    def get_queryset(self) -> AssignmentQuerySet:
        rows = super().get_queryset().with_unit_name().exclude(due_on=None)
        rows = rows.select_related("enrolment").defer("enrolment__loaded")
        return rows.prefetch_related("obligation", "enrolment__programme")

    def preset_url(self, light: Light) -> str:
        """Tasks without a date stand in the ledger only."""
        here = super().preset_url(light)
        if light != Light.UNDATED:
            return here
        return here.replace(self.request.path, reverse("duties:assignment-list"), 1)

    def chart(self, rows: list[Assignment]) -> charts.Chart:
        found = spans(rows, self.rule, self.address)
        return charts.timeline(_("各单位未完成任务的时限"), found, self.rule.on, light_words())


class DeadlineCalendar(TaskListPage):
    """/deadlines.ics: the same rows as the page, as far as they have a date."""

    ordering = ("due_on", "number")

    def get_queryset(self) -> AssignmentQuerySet:
        return super().get_queryset().for_lists()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = self.filterset_class(request.GET, queryset=self.get_queryset(), request=request)
        rows = found.qs.counted().exclude(due_on=None).order_by(*self.ordering)[:MOST_EVENTS]
        name = str(self.programme.display_name if self.programme else settings.SITE_NAME)
        answer = HttpResponse(
            calendar(name, events_of(rows)), content_type="text/calendar; charset=utf-8"
        )
        answer["Content-Disposition"] = 'attachment; filename="deadlines.ics"'
        return answer


def events_of(rows: Iterable[Assignment]) -> list[Event]:
    """One event a task, with the document's words, the rule of its day, and what is in doubt."""
    found = list(rows)
    said = explanations(found)
    return [_event(row, said.get(row.pk)) for row in found]


def _event(row: Assignment, rule: Explained | None) -> Event:
    lines = [row.unit.full_name, row.obligation.title]
    if row.obligation.wording:
        lines.append(_("原文：%(wording)s。") % {"wording": row.obligation.wording})
    if rule is not None:
        lines.append(_("规则：%(rule)s。") % {"rule": rule})
    if row.is_doubtful:
        facts = {"due_on": row.due_on, "latest_on": row.latest_on}
        lines.append(_("口径待确认：按%(due_on)s提醒，最晚%(latest_on)s") % facts)
    lines.append(row.get_status_display())
    path = reverse("duties:assignment", args=[row.number])
    return Event(
        uid=f"{row.number}@{urlsplit(settings.PORTAL_URL).hostname}",
        day=row.due_on,
        summary=f"{row.obligation.short_title}（{row.unit.display_name}）",
        description="\n".join(lines),
        url=urljoin(settings.PORTAL_URL, path.lstrip("/")),
        changed_at=row.updated_at,
        sequence=row.deadline_version,
    )
