"""Settings of the register, for the bureau's officers: the bureau's own days, the public directory,
templates of documents."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from core.documents import kinds
from core.documents.services import active_template
from core.errors import PermissionRefused, Refused
from core.forms import Form
from core.views import RefusalMixin
from duties.views.moves import posted_version
from pilots import access
from pilots.current import current_programme, programmes_of
from pilots.models import Programme

from .. import services
from ..forms.filings import DirectoryForm, OwnDaysForm
from ..models import PostRule, PublicDirectory
from ..queries import desks
from .filing_moves import add_errors


class SettingsMixin(RefusalMixin):
    """The programme shown, which the reader's own bureau manages."""

    required_permission = Permission.MANAGE_OFFICERS
    request: HttpRequest

    @cached_property
    def programme(self) -> Programme:
        programme = current_programme(self.request)
        if programme is None:
            raise Http404
        access.require(self.request.user, Permission.MANAGE_OFFICERS, programme=programme)
        return programme

    def get_refusal_url(self) -> str:
        return self.address()

    def address(self, fragment: str = "") -> str:
        return f"{reverse('officers:settings')}?programme={self.programme.code}{fragment}"


class SettingsPage(SettingsMixin, View):
    """/officers/settings/"""

    template_name = "officers/settings.html"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return self.page()

    @cached_property
    def directory(self) -> PublicDirectory | None:
        return PublicDirectory.objects.filter(programme=self.programme).first()

    def page(self, status: int = 200, **given: Any) -> HttpResponse:
        """The page; `given` holds a form that was sent back, and `refusal`, why."""
        form, rules = given.get("sent_back"), self.rules()
        is_open = bool(self.directory and self.directory.is_open)
        context = {
            "programme": self.programme,
            "programmes": programmes_of(self.request),
            "rules": rules,
            "chosen": self.chosen(rules, form),
            "directory": self.directory,
            "is_open": is_open,
            "switch": form if isinstance(form, DirectoryForm) else DirectoryForm(is_open=is_open),
            "public_url": self.request.build_absolute_uri(
                reverse("directory", args=[self.programme.code])
            ),
            "templates": self.templates(),
            **given,
        }
        return render(self.request, self.template_name, context, status=status)

    def rules(self) -> list[PostRule]:
        """The rules of the programme; `may_set` where the document leaves days open."""
        rows = PostRule.objects.visible_to(self.request.user).in_force()
        rows = rows.filter(programme=self.programme).select_related("post", "filed_at", "clause")
        found = list(rows.prefetch_related("filed_at__names", "units__names"))
        for row in found:
            row.may_set = asks_days(self.days_form(row))
        return found

    def chosen(self, rules: list[PostRule], sent_back: Any) -> dict[str, Any] | None:
        """{"row", "form"} of the rule whose days are being set."""
        if isinstance(sent_back, OwnDaysForm):
            return {"row": sent_back.rule, "form": sent_back}
        asked = self.request.GET.get("rule", "")
        row = next((row for row in rules if row.code == asked and row.may_set), None)
        return {"row": row, "form": self.days_form(row)} if row else None

    def days_form(self, rule: PostRule, data: Any = None) -> OwnDaysForm:
        initial = {
            "vacancy_days": rule.own_vacancy_days,
            "filing_days": rule.own_filing_days,
            "basis": rule.own_basis,
        }
        return OwnDaysForm(data, rule=rule, initial=initial)

    def templates(self) -> list[dict[str, Any]]:
        """Each kind of document for each body in whose name the reader acts."""
        return [
            {"holder": holder, "kind": kind, "active": active_template(kind.name, holder.code)}
            for holder in desks.served_desks(self.request.user, self.programme)
            for kind in kinds.registered()
        ]


def asks_days(form: OwnDaysForm) -> bool:
    return "vacancy_days" in form.fields or "filing_days" in form.fields


class SettingView(SettingsPage):
    """Base of what is set: POST only, back to the page."""

    fragment = ""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        return redirect(self.address(self.fragment))

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        form = self.get_form(**kwargs)
        if not form.is_valid():
            return self.page(422, sent_back=form)
        try:
            said = self.act(form, posted_version(request))
        except PermissionRefused:
            raise
        except Refused as refusal:
            self.__dict__.pop("directory", None)
            return self.page(refusal.status, sent_back=form, refusal=str(refusal))
        except ValidationError as error:
            add_errors(form, error)
            return self.page(422, sent_back=form)
        messages.success(request, said)
        return redirect(self.address(self.fragment))

    def get_form(self, **kwargs: Any) -> Form:
        raise NotImplementedError

    def act(self, form: Any, version: int) -> str:
        """Call the service; the sentence that the page then shows."""
        raise NotImplementedError


class OwnDaysView(SettingView):
    """POST /officers/settings/days/<code of the rule>/"""

    fragment = "#days"

    def get_form(self, **kwargs: Any) -> Form:
        rows = PostRule.objects.visible_to(self.request.user).in_force()
        self.rule = get_object_or_404(rows, programme=self.programme, code=kwargs["code"])
        return self.days_form(self.rule, self.request.POST)

    def act(self, form: OwnDaysForm, version: int) -> str:
        facts = form.cleaned_data
        services.set_own_days(
            self.rule,
            vacancy_days=facts.get("vacancy_days"),
            filing_days=facts.get("filing_days"),
            basis=facts["basis"],
            by=self.request.user,
            version=version,
        )
        return _("已保存“%(rule)s”的期望天数，名册和提醒从现在起按它计算。") % {"rule": self.rule}


class DirectoryView(SettingView):
    """POST /officers/settings/directory/: open when it is closed, close when it is open."""

    fragment = "#directory"

    def get_form(self, **kwargs: Any) -> Form:
        return DirectoryForm(self.request.POST, is_open="close" in self.request.POST)

    def act(self, form: DirectoryForm, version: int) -> str:
        facts = {"basis": form.cleaned_data["basis"], "by": self.request.user, "version": version}
        if "close" in self.request.POST:
            services.close_directory(self.programme, **facts)
            return _("名录已停止公开，打开过的页面最多再显示5分钟。")
        services.open_directory(self.programme, **facts)
        return _("名录已公开。")
