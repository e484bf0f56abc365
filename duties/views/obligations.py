"""规定任务: what a clause demands, who is bound, and 「确认截止口径」."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from core import clock
from core.errors import Refused, StaleVersion
from core.views import RefusalMixin
from core.workdays import Calendar
from pilots import access

from .. import services
from ..choices import Status
from ..forms import ReadingForm
from ..models import Assignment, LightRule, Obligation
from ..queries.dossier import deadline_words
from .lists import Line, line_of
from .moves import posted_version, stale_words

MOST = 500


class ObligationPage(View):
    """/obligations/<code>/"""

    required_permission = Permission.READ_PROGRAMME
    template_name = "duties/obligation.html"
    request: HttpRequest

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        return self.page()

    @cached_property
    def obligation(self) -> Obligation:
        rows = Obligation.objects.visible_to(self.request.user).select_related(
            "programme", "area", "clause__document", "received_by"
        )
        return get_object_or_404(rows, code=self.kwargs["code"])

    @cached_property
    def manages(self) -> bool:
        return access.may(
            self.request.user, Permission.MANAGE_ASSIGNMENTS, programme=self.obligation.programme
        )

    def page(self, status: int = 200, **given: Any) -> HttpResponse:
        return render(self.request, self.template_name, {**self.context(), **given}, status=status)

    def context(self) -> dict[str, Any]:
        row, today = self.obligation, clock.today()
        calendar = Calendar.around(*(day for day in (row.due_on, row.latest_on, today) if day))
        lines = self.lines(LightRule.for_day(today))
        counted = [line for line in lines if line.row.status not in _OFF]
        asks = self.manages and row.is_doubtful
        return {
            "obligation": row,
            "clause": row.clause,
            "dates": deadline_words(row, calendar, today),
            "lines": lines,
            "total": len(counted),
            "done": sum(1 for line in counted if line.row.status == Status.DONE),
            "manages": self.manages,
            "reading": ReadingForm(obligation=row) if asks else None,
            "waiting": services.undecided(row).count() if asks else 0,
            "is_past": bool(row.due_on and row.due_on < today),
        }

    def lines(self, rule: LightRule) -> list[Line]:
        rows = (
            Assignment.objects.visible_to(self.request.user)
            .filter(obligation=self.obligation)
            .for_lists()
            .with_done()
            .order_by("enrolment__position", "enrolment_id", "occurrence")
        )
        return [line_of(row, rule) for row in rows[:MOST]]


_OFF = {Status.WITHDRAWN, Status.NOT_APPLICABLE}


class ReadingView(RefusalMixin, ObligationPage):
    """POST /obligations/<code>/reading/"""

    required_permission = Permission.MANAGE_ASSIGNMENTS

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        return redirect("duties:obligation", code)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        row = self.obligation
        access.require(request.user, Permission.MANAGE_ASSIGNMENTS, programme=row.programme)
        form = ReadingForm(request.POST, obligation=row)
        if not form.is_valid():
            return self.sent_back(form, 422)
        day = form.cleaned_data["due_on"]
        try:
            services.decide_reading(
                row,
                due_on=day,
                basis=form.cleaned_data["basis"],
                by=request.user,
                version=posted_version(request),
            )
        except StaleVersion as refusal:
            return self.sent_back(form, refusal.status, stale_words(row))
        except Refused as refusal:
            return self.sent_back(form, refusal.status, str(refusal))
        messages.success(request, _("截止口径已确认为%(day)s，提醒重新开始。") % {"day": day})
        return redirect("duties:obligation", row.code)

    def sent_back(self, form: ReadingForm, status: int, refusal: str = "") -> HttpResponse:
        # Decided meanwhile: there is nothing left to choose, only to read.
        given = {"reading": form} if self.obligation.is_doubtful else {}
        return self.page(status, **given, sent_back=form, refusal=refusal)
