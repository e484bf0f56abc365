"""模板: one kind of document of one body; upload, look at, go back to the portal's own."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.generic import View

from core.documents import MEDIA_TYPE, kinds
from core.documents import services as documents
from core.documents.kinds import DocumentKind
from core.errors import Refused
from core.models import DocumentTemplate, StoredFile
from core.uploads import DownloadView
from pilots.models import Unit

from ..forms.filings import TemplateForm
from ..queries import desks
from .filing_moves import add_errors
from .settings import SettingsMixin


class TemplateMixin(SettingsMixin):
    """The kind and the body of the address; 404 for a body in whose name the reader does not act."""

    kwargs: dict[str, Any]

    @cached_property
    def kind(self) -> DocumentKind:
        try:
            return kinds.get(self.kwargs["kind"])
        except KeyError:
            raise Http404 from None

    @cached_property
    def holder(self) -> Unit:
        served = desks.served_desks(self.request.user, self.programme)
        found = next((unit for unit in served if unit.code == self.kwargs["holder"]), None)
        if found is None:
            raise Http404
        return found

    @property
    def rows(self) -> Any:
        """Every template that the body ever had for this kind."""
        return documents.history(self.kind.name, self.holder.code)

    def here(self) -> str:
        url = reverse("officers:template", args=[self.holder.code, self.kind.name])
        return f"{url}?programme={self.programme.code}"

    get_refusal_url = here


class TemplatePage(TemplateMixin, View):
    """/officers/settings/templates/<holder>/<kind>/: GET shows, POST uploads."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page(TemplateForm())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        kind, holder = self.kind, self.holder
        form = TemplateForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(form, 422)
        uploaded = form.cleaned_data["file"]
        try:
            with transaction.atomic():
                row = documents.upload_template(
                    kind.name, holder.code, uploaded=uploaded, by=request.user
                )
        except ValidationError as error:
            add_errors(form, ValidationError({"file": error.messages}))
            return self.page(form, 422)
        except Refused as refusal:
            return self.page(form, refusal.status, refusal=str(refusal))
        facts = {"unit": holder.display_name, "kind": kind.label, "name": row.file_name}
        messages.success(request, _("%(unit)s的%(kind)s改用“%(name)s”。") % facts)
        return redirect(self.here())

    def page(self, form: TemplateForm, status: int = 200, refusal: str = "") -> HttpResponse:
        context = {
            "programme": self.programme,
            "kind": self.kind,
            "holder": self.holder,
            "rows": self.rows,
            "active": documents.active_template(self.kind.name, self.holder.code),
            "fields": documents.field_list(self.kind.name),
            "form": form,
            "sent_back": form if form.errors else None,
            "refusal": refusal,
        }
        return render(self.request, "officers/template.html", context, status=status)


class TemplateStarter(TemplateMixin, View):
    """…/starter.docx: the portal's own form with every placeholder."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        facts = {"kind": self.kind.label, "unit": self.holder.display_name}
        name = _("%(kind)s模板（%(unit)s）") % facts
        return attached(documents.starter(self.kind.name), f"{name}.docx")


class TemplateVersion(TemplateMixin):
    """One template of the body, by its key."""

    @cached_property
    def template(self) -> DocumentTemplate:
        return get_object_or_404(self.rows, pk=self.kwargs["pk"])


class TemplateFile(TemplateVersion, DownloadView):
    """…/<pk>.docx: as it was uploaded."""

    def get_file(self) -> tuple[StoredFile, str]:
        return self.template.file, self.template.file_name


class TemplateSample(TemplateVersion, View):
    """…/<pk>/sample.docx: filled with made-up facts."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        try:
            content = documents.render_sample(self.template)
        except (OSError, ValueError) as error:
            raise Refused(_("模板文件取不出来，请系统管理员从备份恢复。")) from error
        return attached(content, _("试填%(name)s") % {"name": self.template.file_name})


class TemplateEnd(TemplateVersion, View):
    """POST …/<pk>/end/: back to the portal's own."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return redirect(self.here())

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        documents.end_template(self.template, by=request.user)
        facts = {"unit": self.holder.display_name, "kind": self.kind.label}
        messages.success(request, _("%(unit)s的%(kind)s改回系统自带的格式。") % facts)
        return redirect(self.here())


def attached(content: bytes, name: str) -> HttpResponse:
    """A Word document to download under a Chinese name."""
    response = HttpResponse(content, content_type=MEDIA_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
