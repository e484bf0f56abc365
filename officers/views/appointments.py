"""The page of one appointment: facts, whose turn it is, its course, and what may be done to it."""

from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.generic import View

from accounts.roles import Permission
from core import clock
from core.models import StoredFile
from core.uploads import DownloadView

from ..choices import FilingKind
from ..forms.register import ConfirmForm, EndForm, ReasonForm
from ..models import Appointment, Filing
from ..queries.allowed import Allowed, allowed
from ..queries.present import present_holder
from ..queries.register import confirmed_since
from ..queries.rules import Ruling, ruling_for
from .changes import history
from .lines import state_of
from .next_step import Matter, next_step
from .trail import steps


class AppointmentView(View):
    """Base: the appointment at the address, the rule that governs it, what the reader may do."""

    required_permission = Permission.READ_OFFICERS
    request: HttpRequest

    @cached_property
    def appointment(self) -> Appointment:
        related = ("person", "post", "unit", "authority", "ending_authority", "predecessor__person")
        rows = Appointment.objects.visible_to(self.request.user).select_related(*related)
        names = ("unit__names", "authority__names", "ending_authority__names")
        return get_object_or_404(rows.prefetch_related(*names), number=self.kwargs["number"])

    @cached_property
    def ruling(self) -> Ruling | None:
        row = self.appointment
        return ruling_for(row.unit, row.post, row.since or clock.today())

    @cached_property
    def allowed(self) -> Allowed:
        return allowed(self.request.user, self.appointment, self.ruling)


class AppointmentPage(AppointmentView):
    """/officers/<number>/"""

    template_name = "officers/appointment.html"

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return self.page()

    @cached_property
    def filings(self) -> list[Filing]:
        """What was reported of it, the latest first, withdrawn ones too."""
        rows = Filing.objects.visible_to(self.request.user).filter(appointment=self.appointment)
        return list(rows.select_related("desk").prefetch_related("desk__names"))

    def filing(self, kind: str) -> Filing | None:
        """The one that stands."""
        return next((row for row in self.filings if row.kind == kind and row.is_live), None)

    @cached_property
    def matter(self) -> Matter:
        begun, over = self.filing(FilingKind.APPOINTMENT), self.filing(FilingKind.REMOVAL)
        return Matter(self.appointment, self.ruling, self.allowed, begun, over)

    def page(self, status: int = 200, **given: Any) -> HttpResponse:
        """The page; `given` holds a form that was sent back, and `refusal`, why."""
        return render(self.request, self.template_name, {**self.context(), **given}, status=status)

    def context(self) -> dict[str, Any]:
        row, today = self.appointment, clock.today()
        state, tone = state_of(row, today)
        is_stale = row.needs_confirmation(today, confirmed_since(today))
        return {
            "row": row,
            "rule": self.ruling.rule if self.ruling else None,
            "state": state,
            "tone": tone,
            "is_stale": is_stale,
            "allowed": self.allowed,
            "filings": self.filings,
            "steps": steps(row, self.ruling, self.matter.filing),
            "next": next_step(self.matter, is_stale=is_stale),
            "history": history(row),
            "refusal": "",
            "sent_back": None,
            **self.forms(),
        }

    def forms(self) -> dict[str, Any]:
        """The forms of what the reader may do now; None for the others."""
        may = self.allowed
        return {
            "confirming": self.confirm_form() if may.confirm else None,
            "ending": EndForm(prefix="end") if may.end else None,
            "voiding": ReasonForm(prefix="void") if may.void else None,
            "reinstating": ReasonForm(prefix="reinstate") if may.reinstate else None,
        }

    def confirm_form(self, *args: Any) -> ConfirmForm:
        row = self.appointment
        initial = {"document_number": row.document_number, "signed_on": row.signed_on}
        return ConfirmForm(*args, holder=self.holder, initial=initial, prefix="confirm")

    @cached_property
    def holder(self) -> Appointment | None:
        return present_holder(self.appointment)


class AppointmentFile(AppointmentView, DownloadView):
    """/officers/<number>/file/: the scan of the document."""

    def get_file(self) -> tuple[StoredFile, str]:
        row = self.appointment
        if row.file is None:
            raise Http404
        return row.file, row.file_name


class BackToPage(AppointmentPage):
    """Base of what is only sent: asked for, it is the page."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return redirect("officers:appointment", number)
