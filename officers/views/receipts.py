"""备案回执 of an accepted filing: a page for A4 paper, Word, and PDF where LibreOffice is installed."""

from functools import cached_property

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from core import documents
from core.documents import pdf
from core.errors import Refused
from core.views import RefusalMixin

from ..choices import FilingStatus
from ..documents import receipts
from ..models import Filing


class ReceiptMixin(RefusalMixin):
    """The filing of the address; 404 unless it is on record and the reader sees it."""

    required_permission = Permission.READ_OFFICERS
    request: HttpRequest
    kwargs: dict[str, str]

    @cached_property
    def filing(self) -> Filing:
        rows = Filing.objects.visible_to(self.request.user).for_lists()
        accepted = rows.filter(status=FilingStatus.ACCEPTED)
        return get_object_or_404(accepted, number=self.kwargs["number"])

    def get_refusal_url(self) -> str:
        return reverse("officers:filing-receipt", args=[self.kwargs["number"]])

    def download(self, content: bytes, media_type: str, extension: str) -> HttpResponse:
        response = HttpResponse(content, content_type=media_type)
        name = receipts.file_name(self.filing, extension)
        response["Content-Disposition"] = content_disposition_header(True, name)
        return response


class ReceiptPage(ReceiptMixin, View):
    """/filings/<number>/receipt/"""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        context = {
            "filing": self.filing,
            "receipt": receipts.shown(self.filing),
            "has_pdf": pdf.is_available(),
        }
        return render(request, "officers/filing_receipt.html", context)


class ReceiptDocument(ReceiptMixin, View):
    """/filings/<number>/receipt.docx"""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return self.download(receipts.write(self.filing), documents.MEDIA_TYPE, "docx")


class ReceiptPdf(ReceiptMixin, View):
    """/filings/<number>/receipt.pdf; 404 where LibreOffice is missing."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        filing = self.filing
        if not pdf.is_available():
            raise Http404
        content = pdf.to_pdf(receipts.write(filing))
        if content is None:
            raise Refused(_("PDF没有生成，下载Word版自行转换。"))
        return self.download(content, "application/pdf", "pdf")
