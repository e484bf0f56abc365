"""From a task to its report: the one that is there, or a new one once somebody says so."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from core.errors import PermissionRefused
from core.views import RefusalMixin
from duties.models import Assignment
from pilots import access

from .. import services
from ..choices import KIND_OF_NATURE, Kind
from ..models import Report
from ..queries.allowed import may_write
from ..queries.writing import starts_from


class StartPage(RefusalMixin, View):
    """/reports/start/?task=RW-…: GET shows the report that is there, or says what will begin; POST
    begins it."""

    required_permission = Permission.READ_REPORTS
    request: HttpRequest

    @cached_property
    def task(self) -> Assignment:
        rows = Assignment.objects.visible_to(self.request.user).for_lists()
        related = ("obligation__clause__document", "obligation__received_by")
        number = self.request.GET.get("task", "")
        return get_object_or_404(rows.select_related(*related), number=number)

    @cached_property
    def report(self) -> Report | None:
        rows = Report.objects.visible_to(self.request.user)
        return rows.for_lists().filter(assignment=self.task).first()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        task = self.task
        if self.report is not None:
            return redirect(self.address(self.report))
        self.require()
        earlier = starts_from(task)
        context = {"task": task, "obligation": task.obligation, "earlier": earlier}
        return render(request, "reports/start.html", context)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.require()
        report = services.start_report(self.task, by=request.user)
        if "unchanged" not in request.POST:
            return redirect("reports:report-edit", report.number)
        marked = services.mark_unchanged(report, by=request.user)
        messages.success(
            request,
            _("%(count)s个部分已沿用上期并选“本期无变化”，核对后提交。") % {"count": len(marked)},
        )
        return redirect("reports:report-check", report.number)

    def require(self) -> None:
        """Only the body's own people begin its reports; the overall report has a page of its own."""
        task = self.task
        is_theirs = access.may(self.request.user, Permission.WRITE_REPORTS, unit=task.unit)
        kind = KIND_OF_NATURE.get(task.obligation.nature)
        if not is_theirs or kind == Kind.OVERALL:
            words = {"unit": task.unit.display_name}
            raise PermissionRefused(_("由%(unit)s的经办人填写，当前账号不能填写。") % words)

    def address(self, report: Report) -> str:
        writes = report.is_writable and may_write(report, self.request.user)
        return reverse("reports:report-edit" if writes else "reports:report", args=[report.number])

    def get_refusal_url(self) -> str:
        return reverse("duties:assignment", args=[self.task.number])
