"""P4 单位档案: everything that is known of one unit, on one page."""

from datetime import date
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import UNIT_ROLES, Permission
from core import clock
from core.models import AuditEntry
from duties.choices import EXCEPTIONS, Light, Status
from duties.models import Assignment, DutyArea, LightRule
from duties.queries import (
    Row,
    area_items,
    is_live,
    parts_of,
    people_of,
    rows_of,
    tasks_of,
)
from pilots.access import permissions_at, permissions_of
from pilots.choices import Part
from pilots.current import current_programme
from pilots.models import Enrolment, Unit

from . import unit_evaluations, unit_events, unit_officers, unit_projects, unit_reports
from .audit_words import Told
from .links import link, tasks
from .tasks import word_of

HISTORY = 20


class UnitView(View):
    """/units/<code>/, of today or of `?on=`."""

    required_permission = Permission.READ_UNITS

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        return render(request, "pages/unit.html", self.context(code))

    def context(self, code: str) -> dict[str, Any]:
        """Everything of the unit that the reader sees, on the day; raises Http404."""
        user = self.request.user
        self.unit = get_object_or_404(Unit.objects.visible_to(user).with_name(self.on), code=code)
        self.rule = LightRule.for_day(self.on)
        self.parts = parts_of(self.unit, user=user)
        enrolment = self._enrolment()
        row = self._row(enrolment)
        self.held = permissions_at(user, self.unit)
        seen: dict[str, Any] = {"user": user, "on": self.on, "held": self.held}
        return {
            **self._frame(),
            **self._tasks(),
            **self._past(),
            "enrolment": enrolment,
            "areas": self._areas(row),
            "items": self._items(row),
            "people": self._people(),
            "officers": unit_officers.block(self.unit, self.parts, **seen),
            "reports": unit_reports.block(self.unit, enrolment, user=user, rule=self.rule),
            "projects": unit_projects.block(self.unit, self.parts, **seen),
            "evaluations": unit_evaluations.own_block(user, self.on, self.unit),
            "events": unit_events.block(self.unit, user=user, on=self.on),
        }

    @cached_property
    def on(self) -> date:
        return clock.read_day(self.request.GET.get("on", "")) or clock.today()

    def _enrolment(self) -> Enrolment | None:
        """The part that the page details: in the current programme, else the first as a pilot."""
        programme = current_programme(self.request)
        pilots = [row for row in self.parts if row.part == Part.PILOT and row.holds_on(self.on)]
        ours = [row for row in pilots if programme and row.programme_id == programme.pk]
        return next(iter(ours or pilots), None)

    def _row(self, enrolment: Enrolment | None) -> Row | None:
        if enrolment is None:
            return None
        enrolment.unit = self.unit
        return rows_of(enrolment.programme, [enrolment], user=self.request.user, rule=self.rule)[2][
            0
        ]

    def _frame(self) -> dict[str, Any]:
        other_day = self.on if self.on != clock.today() else None
        return {
            "unit": self.unit,
            "title": self.unit.display_name,
            "number": self.unit.full_name,
            "other_day": other_day,
            "exists": self.unit.exists_on(self.on),
            "parts": self.parts,
            "acts": self._acts(),
            "on": self.on,
            "programme_url": link("pilots:programme", "0-0"),
        }

    def _acts(self) -> list[dict[str, str]]:
        """The dossier as Word, and what may be done for the unit, or to it, by those who may."""
        found = [{"url": self._document_url(), "label": _("下载Word")}]
        is_pilot = any(row.part == Part.PILOT for row in self.parts)
        if is_pilot and Permission.WRITE_REPORTS in self.held:
            found.append({"url": link("reports:support-new"), "label": _("提出支持事项")})
        if Permission.MANAGE_UNITS not in self.held:
            return [act for act in found if act["url"]]
        names = (
            [("pilots:slot-name", _("补名")), ("pilots:slot-identify", _("对应到已有单位"))]
            if self.unit.is_slot
            else [("pilots:unit-rename", _("更名")), ("pilots:unit-succeed", _("合并、分设"))]
        )
        found += [{"url": link(name, self.unit.code), "label": label} for name, label in names]
        return [act for act in found if act["url"]]

    def _document_url(self) -> str:
        return link("unit-document", self.unit.code, on=self.request.GET.get("on"))

    def _areas(self, row: Row | None) -> list[dict[str, Any]]:
        return [
            {
                "name": cell.area.display_name,
                "state": cell.state,
                "done": cell.done,
                "total": cell.total,
                "url": f"#a{place}" if cell.total else "",
            }
            for place, cell in enumerate(row.areas if row else [], 1)
        ]

    def _items(self, row: Row | None) -> list[dict[str, Any]]:
        """Areas with their items, numbered as the matrix numbers its columns."""
        if row is None:
            return []
        order = [cell.area.pk for cell in row.areas]
        may_write = Permission.MANAGE_ASSIGNMENTS in self.held
        return [
            {
                "place": order.index(area.pk) + 1,
                "area": area,
                "url": link("duties:area", area.code),
                "items": items,
                "done": sum(1 for item in items if item.latest),
                "progress_url": self._progress_url(area, row.enrolment) if may_write else "",
            }
            for area, items in area_items(row.enrolment, on=self.on)
        ]

    def _progress_url(self, area: DutyArea, enrolment: Enrolment) -> str:
        """The area's page with its form filled in for this unit; the item is added in the row."""
        return link("duties:area", area.code, unit=enrolment.pk)

    def _tasks(self) -> dict[str, Any]:
        rows = tasks_of(self.unit, user=self.request.user, on=self.on)
        open_rows = [row for row in rows if row.is_open()]
        shut = [row for row in rows if not row.is_open()]
        urgent = [row for row in open_rows if row.light(self.rule) in EXCEPTIONS]
        return {
            "open_rows": [self._line(row) for row in open_rows],
            "closed_rows": [self._line(row) for row in shut],
            "open_url": tasks(unit=self.unit.code, open="true"),
            "closed_url": tasks(unit=self.unit.code, open="false"),
            "next": self._line(urgent[0]) if urgent else None,
            "urgent": len(urgent),
            "has_many": len({row.enrolment.programme_id for row in rows}) > 1,
        }

    def _line(self, row: Assignment) -> dict[str, Any]:
        light = row.light(self.rule)
        return {
            "row": row,
            "url": link("duties:assignment", row.number),
            "title": row.obligation.display_title,
            "state": light,
            "word": word_of(row, light, self.rule),
            "is_back": row.status == Status.RETURNED,
            "is_done": light == Light.DONE,
        }

    def _people(self) -> list[dict[str, Any]]:
        today = clock.today()
        return [
            {"row": row, "is_live": is_live(row, today), "may_log_in": row.role in UNIT_ROLES}
            for row in people_of(self.unit)
        ]

    def _past(self) -> dict[str, Any]:
        """Names, successions and the audit record of the unit."""
        subject = f"unit:{self.unit.code}"
        told = Told(AuditEntry.objects.of(subject).order_by("-id")[:HISTORY], self.request.user)
        may_audit = Permission.READ_AUDIT in permissions_of(self.request.user)
        return {
            "names": self.unit.names.order_by("-starts_on"),
            "went_to": self.unit.successions_out.select_related("to_unit").prefetch_related(
                "to_unit__names"
            ),
            "came_from": self.unit.successions_in.select_related("from_unit").prefetch_related(
                "from_unit__names"
            ),
            "history": told.steps(),
            "history_url": link("audit-history", subject) if may_audit else "",
        }
