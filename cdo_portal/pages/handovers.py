"""Hand-overs that were made: the list, and the slip as a page, as Word and as PDF."""

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import View

from accounts.roles import Permission
from core import clock, documents
from core.columns import Column
from core.documents import pdf
from core.errors import Refused
from core.lists import ListPage
from core.views import RefusalMixin
from officers.documents import slips
from officers.filters import HandoverFilter
from officers.models import Handover
from pilots.access import permissions_of
from pilots.models.units import named_on

from .links import link


class HandoverListView(ListPage):
    """/handovers/"""

    required_permission = Permission.READ_OFFICERS
    label = pgettext_lazy("list", "交接")
    template_name = "pages/handover_list.html"
    filterset_class = HandoverFilter
    ordering_fields = ("number", "on")
    ordering = ("-on", "-number")
    columns = (
        Column("number", gettext_lazy("编号"), "fit", "number", short="", fixed=True),
        Column("leaver", gettext_lazy("移交人"), is_title=True),
        Column("unit", gettext_lazy("单位")),
        Column("post", gettext_lazy("岗位")),
        Column("on", gettext_lazy("最后一天"), "fit", "on"),
        Column("taker", gettext_lazy("接收人")),
        Column("items", gettext_lazy("事项"), "num"),
        Column("by", gettext_lazy("经办人")),
    )

    def get_queryset(self) -> QuerySet:
        rows = Handover.objects.visible_to(self.request.user)
        return rows.select_related("leaver", "taker", "appointment__post", "created_by").annotate(
            named_unit=named_on(clock.today(), "unit_id")
        )

    def get_context(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(**kwargs)
        writes = {Permission.REPORT_OFFICERS, Permission.MANAGE_OFFICERS}
        may_write = writes & permissions_of(self.request.user)
        return {**context, "people_url": link("officers:person-list") if may_write else ""}


class SlipMixin(RefusalMixin):
    required_permission = Permission.READ_OFFICERS
    request: HttpRequest
    kwargs: dict[str, str]

    @cached_property
    def handover(self) -> Handover:
        rows = Handover.objects.visible_to(self.request.user)
        related = ("unit", "leaver", "taker", "appointment__post", "created_by")
        return get_object_or_404(rows.select_related(*related), number=self.kwargs["number"])

    def get_refusal_url(self) -> str:
        return reverse("handover-slip", args=[self.kwargs["number"]])

    def download(self, content: bytes, media_type: str, extension: str) -> HttpResponse:
        response = HttpResponse(content, content_type=media_type)
        name = slips.file_name(self.handover, extension)
        response["Content-Disposition"] = content_disposition_header(True, name)
        response["Cache-Control"] = "private, no-store"
        return response


class SlipPage(SlipMixin, View):
    """/handovers/<number>/"""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        context = {
            "handover": self.handover,
            "groups": slips.grouped(self.handover),
            "has_pdf": pdf.is_available(),
        }
        return render(request, "pages/handover_slip.html", context)


class SlipDocument(SlipMixin, View):
    """/handovers/<number>/slip.docx"""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return self.download(slips.write(self.handover), documents.MEDIA_TYPE, "docx")


class SlipPdf(SlipMixin, View):
    """/handovers/<number>/slip.pdf; 404 where LibreOffice is missing."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        row = self.handover
        if not pdf.is_available():
            raise Http404
        content = pdf.to_pdf(slips.write(row))
        if content is None:
            raise Refused(_("PDF没有生成，下载Word版自行转换。"))
        return self.download(content, "application/pdf", "pdf")
