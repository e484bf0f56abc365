"""佐证材料: the file itself, and the page on which a PDF, a picture or the PDF of a Word file is read.

A picture is an `<img>`. A PDF stands in a frame of its own: what comes into it carries a policy that
lets it load and run nothing (core.uploads.serving); a `sandbox` attribute besides would only switch off
the browser's own reader.
"""

import io
from functools import cached_property
from typing import Any

from csp.decorators import csp_update
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.decorators import method_decorator
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.generic import View

from accounts.roles import Permission
from core.documents import previews
from core.models import StoredFile
from core.uploads import DownloadView

from ..models import Evidence, Report
from ..queries.writing import used_in

PICTURE, PDF, WORD, OTHER = "picture", "pdf", "word", "other"
SHOWN_AS = {
    "image/png": PICTURE,
    "image/jpeg": PICTURE,
    "application/pdf": PDF,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": WORD,
}
# Nothing but the page of the same site may frame it, and it loads nothing.
FRAMED = "default-src 'none'; frame-ancestors 'self'"


class EvidenceMixin:
    """The file of the address, if the reader sees it."""

    required_permission = Permission.READ_REPORTS
    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def evidence(self) -> Evidence:
        rows = Evidence.objects.visible_to(self.request.user)
        related = ("stored", "unit", "uploaded_by")
        return get_object_or_404(rows.select_related(*related), pk=self.kwargs["pk"])


class EvidenceFile(EvidenceMixin, DownloadView):
    """/evidence/<pk>/: the download; `?inline` shows a PDF or a picture instead."""

    def get_file(self) -> tuple[StoredFile, str]:
        return self.evidence.stored, self.evidence.name

    @method_decorator(xframe_options_sameorigin)
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        answer = super().get(request, *args, **kwargs)
        is_pdf = SHOWN_AS.get(self.evidence.stored.media_type) == PDF
        if "inline" in request.GET and is_pdf and answer.status_code == 200:
            answer["Content-Security-Policy"] = FRAMED
        return answer


@method_decorator(csp_update({"frame-src": "'self'"}), name="get")
class EvidencePage(EvidenceMixin, View):
    """/evidence/<pk>/view/"""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.evidence
        kind = SHOWN_AS.get(row.stored.media_type, OTHER)
        state = previews.ask(row.stored) if kind == WORD else ""
        context = {
            "file": row,
            "kind": kind,
            "state": str(state),
            "uses": used_in(row, Report.objects.visible_to(request.user)),
        }
        return render(request, "reports/evidence.html", context)


class EvidencePreview(EvidenceMixin, View):
    """/evidence/<pk>/preview.pdf: the PDF of a Word file, once it was made."""

    @method_decorator(xframe_options_sameorigin)
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        row = self.evidence
        is_word = SHOWN_AS.get(row.stored.media_type) == WORD
        content = previews.read(row.stored) if is_word else None
        if content is None:
            raise Http404
        answer = FileResponse(
            io.BytesIO(content), filename=f"{row.name}.pdf", content_type="application/pdf"
        )
        answer["Cache-Control"] = "private, no-store"
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Content-Security-Policy"] = FRAMED
        return answer
