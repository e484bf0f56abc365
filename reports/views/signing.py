"""What a unit does with its report on its page: sign it, enter paper signatures, take it back."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from approvals.models import Approval
from approvals.queries import last_round
from approvals.services import PaperSignature
from approvals.views.signing import SignMixin
from core.models import StoredFile
from core.views import RefusalMixin, posted_version

from .. import services
from ..choices import Status
from ..models import Report
from ..queries.allowed import require_writer
from .next_step import USUAL_DAYS
from .reading import ReportMixin, ReportPage


class ReportSign(SignMixin, ReportPage):
    """POST /reports/<number>/sign/<act>/; after the last signature to the page that says it is in."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = super().post(request, *args, **kwargs)
        if answer.status_code != 302:
            return answer
        row = Report.objects.visible_to(request.user).get(pk=self.report.pk)
        return redirect("reports:handed-in", row.number) if _is_in(row) else answer

    def agree(self, approval: Approval, *, remark: str, version: int) -> Approval:
        by = self.request.user
        services.sign(self.report, by=by, remark=remark, round_version=version)
        return self._after(approval)

    def send_back(self, approval: Approval, *, reason: str, version: int) -> Approval:
        by = self.request.user
        services.turn_back(self.report, by=by, reason=reason, round_version=version)
        return self._after(approval)

    def paper(
        self,
        approval: Approval,
        signatures: Sequence[PaperSignature],
        *,
        scan: StoredFile,
        scan_name: str,
        version: int,
    ) -> Approval:
        services.record_paper(
            self.report,
            signatures,
            scan=scan,
            scan_name=scan_name,
            by=self.request.user,
            round_version=version,
        )
        return self._after(approval)

    def recall(self, approval: Approval, *, version: int) -> Approval:
        services.take_back(self.report, by=self.request.user, round_version=version)
        return self._after(approval)

    def said(self, act: str, approval: Approval) -> str:
        if act in {"agree", "paper"} and approval.current is None:
            return _("已报送。")
        return super().said(act, approval)

    def _after(self, approval: Approval) -> Approval:
        return last_round(approval.subject) or approval


class Recall(RefusalMixin, ReportMixin, View):
    """POST /reports/<number>/recall/: back to the unit's desk until the bureau opens it."""

    required_permission = Permission.WRITE_REPORTS

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return redirect("reports:report", number)

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        require_writer(self.report, request.user)
        services.recall(self.report, by=request.user, version=posted_version(request))
        words = {"number": number}
        messages.success(request, _("已撤回%(number)s，修改后重新提交审签。") % words)
        return redirect("reports:report", number)

    def get_refusal_url(self) -> str:
        return reverse("reports:report", args=[self.kwargs["number"]])


class HandedIn(ReportMixin, View):
    """/reports/<number>/handed-in/: number, date, next step; nothing is sent anew by reloading."""

    required_permission = Permission.READ_REPORTS

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        row = self.report
        edition = row.submissions.order_by("-edition").first()
        if edition is None:
            return redirect("reports:report", number)
        context = {
            "report": row,
            "edition": edition,
            "usual": USUAL_DAYS,
            "is_waiting": _is_in(row),
        }
        return render(request, "reports/handed_in.html", context)


def _is_in(row: Report) -> bool:
    return row.status == Status.SUBMITTED
