"""批示 beside a task: written, transcribed, struck out."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy

from accounts.roles import Permission
from core.forms import Form
from core.models import StoredFile
from core.uploads import DownloadView

from .. import services
from ..models import Assignment, Remark
from ..order_forms import RemarkForm, StrikeForm, TranscriptForm
from .moves import MoveView


class RemarkMove(MoveView):
    """Base: whoever may write for the bureau or the unit; the services see who that is."""

    required_permission = Permission.REMARK_TASKS


class RemarkNew(RemarkMove):
    """POST /tasks/<number>/remarks/"""

    form_class = RemarkForm
    slot, prefix = "remark_form", "remark"
    done = gettext_lazy("已批示%(number)s，单位会收到提醒。")

    def act(self, row: Assignment, form: RemarkForm, version: int) -> None:
        services.write_remark(row, text=form.cleaned_data["text"], by=self.request.user)


class RemarkTranscribe(RemarkMove):
    """POST /tasks/<number>/remarks/transcribe/"""

    form_class = TranscriptForm
    slot, prefix = "transcript_form", "transcript"
    done = gettext_lazy("已转录%(number)s的批示，单位会收到提醒。")

    def act(self, row: Assignment, form: TranscriptForm, version: int) -> None:
        names = ("said_by", "said_on", "text", "document_title", "document_number")
        services.transcribe_remark(
            row,
            **{name: form.cleaned_data[name] for name in names},
            scan=form.stored,
            scan_name=form.stored_name,
            by=self.request.user,
        )


class RemarkStrike(RemarkMove):
    """POST /tasks/<number>/remarks/<PS-…>/strike/; the version is that of the remark."""

    form_class = StrikeForm
    done = gettext_lazy("已划去%(number)s的一条批示，原文和原因仍可查看。")

    @property
    def prefix(self) -> str:  # type: ignore[override]
        return f"strike-{self.kwargs['remark']}"

    def sent_back(self, form: Form, status: int, refusal: str = "") -> HttpResponse:
        self.striking = form  # type: ignore[assignment]
        return super().sent_back(form, status, refusal)

    def act(self, row: Assignment, form: StrikeForm, version: int) -> None:
        reason = form.cleaned_data["reason"]
        services.strike_remark(
            self.remark(row), by=self.request.user, reason=reason, version=version
        )

    def remark(self, row: Assignment) -> Remark:
        rows = Remark.objects.visible_to(self.request.user).filter(assignment=row)
        return get_object_or_404(rows, number=self.kwargs["remark"])


class RemarkScan(DownloadView):
    """/tasks/<number>/remarks/<PS-…>/scan/"""

    required_permission = Permission.READ_UNITS
    kwargs: dict[str, Any]

    def get_file(self) -> tuple[StoredFile, str]:
        rows = Remark.objects.visible_to(self.request.user).select_related("scan")
        found = {"assignment__number": self.kwargs["number"], "number": self.kwargs["remark"]}
        row = get_object_or_404(rows, **found)
        if row.scan is None:
            raise Http404
        return row.scan, row.scan_name
