"""提出支持事项: the form of the unit, empty, out of a section of a report, or for one that is mended."""

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
from core.views import RefusalMixin, asked_key, posted_version, stale_words
from pilots.models import Enrolment

from .. import services
from ..forms.support import SupportForm
from ..models import Report, SupportRequest
from ..queries.support import Prefilled, prefilled, raised_for, raises_in, writes_support


class SupportNew(RefusalMixin, View):
    """/support/new/?report=BG-…&section=key"""

    required_permission = Permission.WRITE_REPORTS
    template_name = "reports/support_new.html"
    request: HttpRequest
    kwargs: dict[str, Any]

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.check()
        return self.page(SupportForm(places=self.places, initial=self.initial()))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.check()
        form = SupportForm(request.POST, places=self.places)
        if not form.is_valid():
            return self.page(form, 422)
        try:
            row = self.act(form)
        except ValidationError as error:
            put_errors(form, error)
            return self.page(form, 422)
        except Refused as refusal:
            return self.page(form, refusal.status, self.refused(refusal))
        messages.success(request, self.said(row))
        return redirect("reports:support", row.number)

    @cached_property
    def report(self) -> Report | None:
        """The report that it comes out of; one that the reader does not see is not found."""
        number = asked_key(self.request, "report")
        if not number:
            return None
        rows = Report.objects.visible_to(self.request.user).for_lists()
        return get_object_or_404(rows, number=number)

    @cached_property
    def source(self) -> Prefilled | None:
        key = self.request.GET.get("section") or self.request.POST.get("section") or ""
        return prefilled(self.report, key, self.request.user) if self.report else None

    @cached_property
    def places(self) -> list[Enrolment]:
        if self.report is not None:
            return [self.report.assignment.enrolment]
        return raised_for(self.request.user)

    def check(self) -> None:
        """Raise PermissionRefused, naming who can, where the unit cannot raise anything."""
        if self.report is not None and not raises_in(self.report, self.request.user):
            facts = {"unit": self.report.unit.display_name}
            message = _("由%(unit)s的经办人或首席数据官提出，当前账号不能提出。")
            raise PermissionRefused(message % facts)
        if not self.places:
            raise PermissionRefused(_("由试点单位的经办人或首席数据官提出，本单位不是试点单位。"))

    def initial(self) -> dict[str, Any]:
        if self.source is None:
            return {}
        return {
            "nature": self.source.nature,
            "title": self.source.title,
            "text": self.source.text,
        }

    def act(self, form: SupportForm) -> SupportRequest:
        return services.raise_support(
            form.enrolment(),
            form.asked(),
            by=self.request.user,
            report=self.report,
            section_key=self.source.section_key if self.source else "",
        )

    def said(self, row: SupportRequest) -> str:
        return _("已提出%(number)s，市政数局会定答复期限。") % {"number": row.number}

    def refused(self, refusal: Refused) -> str:
        return str(refusal)

    def page(self, form: SupportForm, status: int = 200, refusal: str = "") -> HttpResponse:
        context = {
            "form": form,
            "sent_back": form if form.errors else None,
            "refusal": refusal,
            "report": self.report,
            "source": self.source,
            "place": self.places[0] if len(self.places) == 1 else None,
            **self.more(),
        }
        return render(self.request, self.template_name, context, status=status)

    def more(self) -> dict[str, Any]:
        return {"support": None, "version": ""}


class SupportEdit(SupportNew):
    """/support/<number>/edit/: reworded, as long as nothing was answered."""

    @cached_property
    def support(self) -> SupportRequest:
        rows = SupportRequest.objects.visible_to(self.request.user).for_lists()
        return get_object_or_404(rows, number=self.kwargs["number"])

    @cached_property
    def report(self) -> Report | None:
        return self.support.report

    @cached_property
    def source(self) -> Prefilled | None:
        return None

    @cached_property
    def places(self) -> list[Enrolment]:
        return [self.support.enrolment]

    def check(self) -> None:
        if not writes_support(self.support, self.request.user):
            facts = {"unit": self.support.unit.display_name}
            message = _("由%(unit)s的经办人或首席数据官修改，当前账号不能修改。")
            raise PermissionRefused(message % facts)

    def get_refusal_url(self) -> str:
        return reverse("reports:support", args=[self.kwargs["number"]])

    def initial(self) -> dict[str, Any]:
        row = self.support
        return {"nature": row.nature, "kind": row.kind, "title": row.title, "text": row.text}

    def act(self, form: SupportForm) -> SupportRequest:
        version = posted_version(self.request)
        return services.mend_support(
            self.support, form.asked(), by=self.request.user, version=version
        )

    def said(self, row: SupportRequest) -> str:
        return _("已修改%(number)s。") % {"number": row.number}

    def refused(self, refusal: Refused) -> str:
        return stale_words(self.support) if refusal.status == 412 else str(refusal)

    def more(self) -> dict[str, Any]:
        return {"support": self.support, "version": self.support.version}
