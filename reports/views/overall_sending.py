"""The overall report on its way out: 报送登记, taking it back, the scan and the document."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.generic import View

from core import documents
from core.documents import pdf
from core.errors import StaleVersion
from core.forms import put_errors
from core.models import StoredFile
from core.uploads import DownloadView
from core.views import posted_version, stale_words

from .. import services
from ..documents import overall as paper
from ..forms.sending import SendingForm
from ..models import Dispatch
from .overall import OverallMixin, OverallPage


class OverallSend(OverallPage):
    """POST /overall/<number>/send/: 报送登记."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return redirect("reports:overall", number)

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        self.require_issuer()
        form = SendingForm(request.POST, request.FILES, units=self.receivers())
        form.is_valid()
        form.keep(request.user)
        if not form.is_valid():
            return self.page(422, form)
        try:
            services.dispatch(
                self.report, form.sending(), by=request.user, version=posted_version(request)
            )
        except ValidationError as error:
            put_errors(form, error)
            return self.page(422, form)
        except StaleVersion as refusal:
            return self.page(refusal.status, form, stale_words(self.report))
        messages.success(request, _("已登记报送，任务完成。"))
        return redirect("reports:overall", number)


class OverallVoid(OverallMixin, View):
    """POST /overall/<number>/void/: the entry was an error."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return redirect("reports:overall", number)

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        self.require_issuer()
        entry = get_object_or_404(
            Dispatch.objects.visible_to(request.user), report=self.report, voided_at=None
        )
        services.void_dispatch(
            entry,
            by=request.user,
            reason=request.POST.get("reason", ""),
            version=posted_version(request),
        )
        messages.success(request, _("报送登记已作废，可以重新登记。"))
        return redirect("reports:overall", number)


class OverallScan(OverallMixin, DownloadView):
    """/overall/<number>/scan/: the scan of the document that went out."""

    def get_file(self) -> tuple[StoredFile, str]:
        rows = self.report.dispatches.filter(voided_at=None, scan__isnull=False)
        entry = get_object_or_404(rows.select_related("scan"))
        return entry.scan, entry.scan_name


class OverallDocument(OverallMixin, View):
    """/overall/<number>/report.docx and .pdf"""

    extension = "docx"

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        content = paper.write(self.report)
        media_type = documents.MEDIA_TYPE
        if self.extension == "pdf":
            printed = pdf.to_pdf(content)
            if printed is None:
                raise Http404
            content, media_type = printed, "application/pdf"
        return as_download(content, media_type, paper.file_name(self.report, self.extension))


def as_download(content: bytes, media_type: str, name: str) -> HttpResponse:
    """An answer that the browser saves under its Chinese name (RFC 6266)."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
