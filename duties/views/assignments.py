"""P7 任务: one assignment with its dates, basis, records and course."""

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from accounts.roles import Permission
from core import clock
from core.workdays import Calendar
from pilots import access

from ..choices import CLOSED, MOVES, Light, Move, Status
from ..doors import door_of, source_of
from ..forms import CompletionForm, ReasonForm
from ..models import Assignment, LightRule
from ..order_forms import StrikeForm
from ..queries import why
from ..queries.dossier import deadline_words, told, trail
from .beside import helper_block, note_opening, remark_block
from .lists import line_of
from .trail import moments, steps, told_rows

WHY: dict[Light, Any] = {
    Light.OVERDUE: gettext_lazy("为什么是红的"),
    Light.DUE_SOON: gettext_lazy("为什么是黄的"),
    Light.UNCONFIRMED: gettext_lazy("为什么是黄的"),
}


class AssignmentPage(View):
    """/tasks/<number>/"""

    required_permission = Permission.READ_UNITS
    template_name = "duties/assignment.html"
    request: HttpRequest
    voiding: ReasonForm | None = None
    striking: StrikeForm | None = None

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        if note_opening([self.assignment], request):
            del self.assignment  # read anew, with what was just noted
        return self.page()

    @cached_property
    def assignment(self) -> Assignment:
        rows = Assignment.objects.readable_by(self.request.user).for_lists().with_done()
        related = (
            "obligation__clause__document", "obligation__received_by", "obligation__order__template",
            "accepted_by", "closed_by",
        )  # fmt: skip
        rows = rows.select_related(*related).prefetch_related("openings__opened_by", "helpers")
        return get_object_or_404(rows, number=self.kwargs["number"])

    @cached_property
    def only_helps(self) -> bool:
        """Whether the reader sees the task for the sole reason that a unit of theirs helps."""
        mine = Assignment.objects.visible_to(self.request.user)
        return not mine.filter(pk=self.assignment.pk).exists()

    def may(self, permission: str) -> bool:
        row = self.assignment
        return access.may(self.request.user, permission, unit=row.unit, programme=row.programme)

    def page(self, status: int = 200, **given: Any) -> HttpResponse:
        """The page; `given` holds a form that was sent back, and `refusal`, why."""
        return render(self.request, self.template_name, {**self.context(), **given}, status=status)

    def context(self) -> dict[str, Any]:
        row = self.assignment
        rule = LightRule.for_day(clock.today())
        calendar = Calendar.around(*(day for day in (row.due_on, row.latest_on, rule.on) if day))
        line = line_of(row, rule)
        manages = self.may(Permission.MANAGE_ASSIGNMENTS)
        entries = list(trail(row, with_remarks=not self.only_helps))
        return {
            "assignment": row,
            "obligation": row.obligation,
            "clause": row.obligation.clause,
            "line": line,
            "why_title": WHY.get(line.light, _("时限说明")),
            "why": why(row, rule, calendar),
            "dates": deadline_words(row, calendar, rule.on),
            "records": self.records(),
            "steps": steps(row, entries),
            "moments": moments(row, entries),
            "order": getattr(row.obligation, "order", None),
            "only_helps": self.only_helps,
            "told": told_rows(told(row, user=self.request.user)),
            "manages": manages,
            **self.acts(manages),
            **remark_block(row, self.request.user, self.striking),
            **helper_block(row, manages=manages),
        }

    def records(self) -> list[dict[str, Any]]:
        """The completion records, each with the form that voids it (or the one sent back), or with the
        record elsewhere that it follows."""
        marks = self.assignment.fulfilments.select_related("created_by", "voided_by")
        found = []
        for mark in marks:
            form = ReasonForm(prefix=f"void-{mark.pk}")
            sent_back = self.voiding and self.voiding.prefix == form.prefix
            form = self.voiding if sent_back else form
            found.append({"mark": mark, "form": form, "source": source_of(mark)})
        return found

    def acts(self, manages: bool) -> dict[str, Any]:
        """The forms of what the reader may do now, and whose turn it is."""
        row = self.assignment
        accepts = self.can(Move.ACCEPT) and self.may(Permission.ACCEPT_ASSIGNMENT)
        counts = manages and row.status not in {Status.WITHDRAWN, Status.NOT_APPLICABLE}
        return {
            "may_accept": accepts,
            "may_take_off": manages and self.can(Move.WITHDRAW),
            "may_restore": manages and self.can(Move.RESTORE),
            "completion": CompletionForm(initial={"sender": row.unit.full_name})
            if counts
            else None,
            "withdrawal": ReasonForm(prefix="withdraw"),
            "exemption": ReasonForm(prefix="exempt"),
            "next": next_step(row, accepts=accepts, manages=manages),
            "door": self.door(manages),
        }

    def door(self, manages: bool) -> dict[str, Any] | None:
        """The page on which the reader does what is asked: {"label", "url"}."""
        row = self.assignment
        found = door_of(row)
        does = manages or self.may(Permission.ACCEPT_ASSIGNMENT)
        if found is None or not does or row.status in {*CLOSED, Status.SUBMITTED}:
            return None
        return {"label": found.label, "url": found.url(row)}

    def can(self, move: Move) -> bool:
        sources, _target = MOVES[move]
        return self.assignment.status in sources


def next_step(row: Assignment, *, accepts: bool, manages: bool) -> dict[str, str]:
    """Whose turn it is: {"say", "note"}."""
    unit = row.unit.display_name
    left = row.quantity - min(row.done_count, row.quantity)  # type: ignore[attr-defined]
    if row.status in CLOSED:
        note = row.status_note if row.status != Status.DONE else ""
        return {
            "say": _("%(status)s，无须再办") % {"status": row.get_status_display()},
            "note": note,
        }
    if row.status == Status.SUBMITTED:
        return {"say": _("已提交，等待审核或备案"), "note": ""}
    if row.status == Status.RETURNED:
        return {"say": _("已退回，补正后再提交"), "note": row.status_note}
    if accepts:
        return {
            "say": _("先签收，表示已知道这项任务"),
            "note": _("签收不等于完成，完成以登记为准。"),
        }
    if row.status == Status.ASSIGNED and manages:
        return {
            "say": _("等%(unit)s签收和完成") % {"unit": unit},
            "note": _("收到来文或会议材料后在下面登记完成。"),
        }
    return {
        "say": _("等%(unit)s完成，还差%(left)s次") % {"unit": unit, "left": left},
        "note": _("完成后由市政数局登记。"),
    }
