"""P10 报告详情／审签: one report, read, signed, followed."""

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from approvals.views.block import Signing
from approvals.views.signing import SignedPage
from core import clock
from duties.models import LightRule

from ..choices import Status
from ..models import Report
from ..queries import desk
from ..queries.allowed import may_review, may_write, open_letter, reads_draft
from ..queries.reading import Reading, minutes, reading_of
from ..queries.support import asking_sections
from .course import steps
from .next_step import next_step

MARKED, CHANGES, PLAIN = "marked", "changes", "plain"


class ReportMixin:
    """The report of the address, if the reader sees it."""

    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def report(self) -> Report:
        rows = Report.objects.visible_to(self.request.user).for_lists()
        related = ("created_by", "opened_by", "decided_by", "assignment__obligation__clause")
        return get_object_or_404(rows.select_related(*related), number=self.kwargs["number"])

    @cached_property
    def reading(self) -> Reading:
        return reading_of(self.report, self.request.user)


class ReportPage(ReportMixin, SignedPage, View):
    """/reports/<number>/"""

    required_permission = Permission.READ_REPORTS
    template_name = "reports/report.html"

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return self.page()

    def signing_subject(self) -> str:
        return self.report.number

    def sign_url(self, act: str) -> str:
        return reverse("reports:sign", args=[self.report.number, act])

    def page(self, status: int = 200, **given: Any) -> HttpResponse:
        """The page; `given` holds a form that was sent back, and `refusal`, why."""
        return render(self.request, self.template_name, {**self.context(), **given}, status=status)

    def context(self) -> dict[str, Any]:
        row, user, reading = self.report, self.request.user, self.reading
        is_own, reviews = reads_draft(row, user), may_review(row, user)
        signing, letter = self.signing(), open_letter(row)
        rule = LightRule.for_day(clock.today())
        editions = list(row.submissions.select_related("made_by").order_by("-edition"))
        return {
            "report": row,
            "unit": row.unit,
            "reading": reading,
            "parts": shown_parts(reading, self.view),
            "view": self.view,
            "minutes": minutes(reading.length),
            "light": row.assignment.light(rule),
            "tone": tone(row, is_own=is_own, reviews=reviews),
            "letter": letter,
            "primary": _("同意并报送") if _is_last(signing) else _("同意"),
            "effect": _("报送后市政数局可见，如需改动须先撤回。")
            if _is_last(signing)
            else _("同意后交下一步审签。"),
            "is_own": is_own,
            "may_write": row.is_writable and may_write(row, user),
            "may_recall": self.may_recall,
            "asking": asking_sections(reading, user),
            "reviews": reviews,
            "undo": desk.undoable(user, row) if reviews else None,
            "signing": signing,
            "next": next_step(
                row, user, signing=signing, is_own=is_own, reviews=reviews, letter=letter
            ),
            "steps": steps(row, is_own=is_own),
            "editions": editions,
            "pair": [editions[1].edition, editions[0].edition] if len(editions) > 1 else None,
        }

    @property
    def view(self) -> str:
        """How differences from the last period are shown: marked, only the changes, or not at all."""
        asked = self.request.GET.get("view", "")
        return asked if asked in {CHANGES, PLAIN} else MARKED

    @property
    def may_recall(self) -> bool:
        row = self.report
        return (
            row.status == Status.SUBMITTED
            and row.opened_at is None
            and not row.is_locked
            and may_write(row, self.request.user)
        )


def _is_last(signing: Signing) -> bool:
    """Whether the step that waits is the last one, with which the report goes out."""
    steps = signing.open.steps.all() if signing.open else ()
    return sum(1 for step in steps if not step.decision) == 1


def shown_parts(reading: Reading, view: str) -> list[Any]:
    """The sections; with CHANGES only those that say something new."""
    if view != CHANGES:
        return reading.parts
    return [part for part in reading.parts if not part.is_unchanged]


def tone(row: Report, *, is_own: bool, reviews: bool) -> str:
    """How the status is set: as what waits for the reader, as what came back, as what is over."""
    if row.status == Status.RETURNED:
        return "back"
    if row.status == Status.ACCEPTED:
        return "over"
    mine = Status.SUBMITTED if reviews else Status.TO_SIGN
    return "mine" if row.status == mine and (reviews or is_own) else ""
