"""代录: the bureau's officer begins a unit's report from a letter, types it in, hands it in."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from core.errors import PermissionRefused, Refused
from core.forms import put_errors
from core.views import RefusalMixin, posted_version
from duties.models import Assignment
from pilots import access

from .. import services
from ..forms.letters import LetterForm
from ..queries.allowed import require_writer
from .reading import ReportMixin


class LetterNew(RefusalMixin, View):
    """/reports/letters/new/?task=RW-…"""

    required_permission = Permission.REVIEW_REPORTS
    request: HttpRequest

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(LetterForm(initial={"came_from": self.task.unit.full_name}))

    def post(self, request: HttpRequest) -> HttpResponse:
        task, form = self.task, LetterForm(request.POST, request.FILES)
        form.is_valid()
        form.keep(request.user)
        if not form.is_valid():
            return self.page(form, 422)
        try:
            entry = services.start_letter(
                task, form.letter(), received=form.received(), by=request.user
            )
        except PermissionRefused:
            raise
        except ValidationError as error:
            put_errors(form, error)
            return self.page(form, 422)
        except Refused as refusal:
            return self.page(form, refusal.status, str(refusal))
        messages.success(request, _("来文已登记，把内容录入各部分，再登记报送。"))
        return redirect("reports:report-edit", entry.report.number)

    @cached_property
    def task(self) -> Assignment:
        rows = Assignment.objects.visible_to(self.request.user).for_lists()
        found = get_object_or_404(rows, number=self.request.GET.get("task", ""))
        access.require(
            self.request.user, Permission.REVIEW_REPORTS, programme=found.enrolment.programme
        )
        return found

    def page(self, form: LetterForm, status: int = 200, refusal: str = "") -> HttpResponse:
        context = {"form": form, "task": self.task, "refusal": refusal}
        return render(self.request, "reports/letter_new.html", context, status=status)

    def get_refusal_url(self) -> str:
        return reverse("reports:review-queue")


class LetterAct(RefusalMixin, ReportMixin, View):
    """POST /reports/<number>/letter/enter/ and …/letter/drop/"""

    required_permission = Permission.REVIEW_REPORTS
    enters = True

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return redirect("reports:report", number)

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        require_writer(self.report, request.user)
        if not self.enters:
            services.drop_letter(self.report, by=request.user)
            messages.success(request, _("已取消代录，由单位自己填写。"))
            return redirect(self.back())
        try:
            services.finish_letter(self.report, by=request.user, version=posted_version(request))
        except ValidationError as error:
            for text in error.messages:
                messages.error(request, text)
            return redirect("reports:report", number)
        return redirect("reports:handed-in", number)

    def back(self) -> Any:
        """Of a draft that was never handed in, the bureau sees only the task."""
        return reverse("duties:assignment", args=[self.report.assignment.number])

    def get_refusal_url(self) -> str:
        return reverse("reports:report", args=[self.kwargs["number"]])
