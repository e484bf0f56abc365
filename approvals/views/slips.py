"""审签单 of one round: a page for A4 paper, Word, and PDF where LibreOffice is installed."""

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

from .. import doors
from ..documents import slips
from ..models import Approval


class SlipMixin(RefusalMixin):
    """The round of the address; 404 unless the reader sees it."""

    required_permission = Permission.READ_REPORTS
    request: HttpRequest
    kwargs: dict[str, str]

    @cached_property
    def approval(self) -> Approval:
        rows = Approval.objects.visible_to(self.request.user).for_lists()
        return get_object_or_404(rows, number=self.kwargs["number"])

    def get_refusal_url(self) -> str:
        return reverse("approvals:slip", args=[self.kwargs["number"]])

    def download(self, content: bytes, media_type: str, extension: str) -> HttpResponse:
        response = HttpResponse(content, content_type=media_type)
        name = slips.file_name(self.approval, extension)
        response["Content-Disposition"] = content_disposition_header(True, name)
        return response


class SlipPage(SlipMixin, View):
    """/approvals/<number>/slip/"""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        back = doors.url_of(self.approval)
        context = {
            "approval": self.approval,
            "slip": slips.shown(self.approval),
            "has_pdf": pdf.is_available(),
            "back_url": back if back != request.path else "",
        }
        return render(request, "approvals/slip.html", context)


class SlipDocument(SlipMixin, View):
    """/approvals/<number>/slip.docx"""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return self.download(slips.write(self.approval), documents.MEDIA_TYPE, "docx")


class SlipPdf(SlipMixin, View):
    """/approvals/<number>/slip.pdf; 404 where LibreOffice is missing."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        row = self.approval
        if not pdf.is_available():
            raise Http404
        content = pdf.to_pdf(slips.write(row))
        if content is None:
            raise Refused(_("PDF没有生成，下载Word版自行转换。"))
        return self.download(content, "application/pdf", "pdf")
