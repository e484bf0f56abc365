"""What both sides do to a request for support: POST only, back to its page."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core.errors import MoveNotAllowed, PermissionRefused, Refused, StaleVersion
from core.forms import Form, put_errors
from core.views import RefusalMixin, posted_version

from .. import services
from ..forms.support import AnswerForm, PromiseForm, ReopenForm, WithdrawForm
from ..models import SupportRequest
from .support import SupportPage, already


class SupportMove(RefusalMixin, SupportPage):
    """Base of the moves: the `slot` of the form, who may, what happens, what is said."""

    slot = ""
    form_class: Any = Form

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return redirect("reports:support", number)

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        self.check_right()
        form = self.get_form()
        is_fine = form.is_valid()
        if isinstance(form, AnswerForm):
            form.keep(request.user)
            is_fine = form.is_valid()
        if not is_fine:
            return self.sent_back(form, 422)
        try:
            row = self.act(form, posted_version(request))
        except (StaleVersion, MoveNotAllowed) as refusal:
            return self.too_late(form, refusal.status)
        except Refused as refusal:
            return self.sent_back(form, refusal.status, str(refusal))
        except ValidationError as error:
            put_errors(form, error)
            return self.sent_back(form, 422)
        messages.success(request, self.said(row))
        return redirect("reports:support", number)

    def sent_back(self, form: Form, status: int, refusal: str = "") -> HttpResponse:
        return self.page(status, **{self.slot: form}, sent_back=form, refusal=refusal)

    def too_late(self, form: Form, status: int) -> HttpResponse:
        """Somebody was quicker: the page as it is now, with who, when and what; a text that no form
        takes any more is shown, so that it can be copied."""
        del self.support
        if self.acts().get(self.slot):
            return self.page(status, **{self.slot: form}, refusal=already(self.support))
        facts = getattr(form, "cleaned_data", {})
        typed = facts.get("text") or facts.get("reason") or ""
        return self.page(status, refusal=already(self.support), typed=typed)

    def get_form(self) -> Any:
        return self.form_class(self.request.POST, prefix=self.slot or None)

    def check_right(self) -> None:
        """Raise PermissionRefused, naming who can."""
        raise NotImplementedError

    def act(self, form: Any, version: int) -> SupportRequest:
        raise NotImplementedError

    def said(self, row: SupportRequest) -> str:
        raise NotImplementedError


class BureauMove(SupportMove):
    def check_right(self) -> None:
        if not self.answers:
            raise PermissionRefused(_("由市政数局经办人答复，当前账号不能办理。"))


class UnitMove(SupportMove):
    def check_right(self) -> None:
        if not self.writes:
            facts = {"unit": self.support.unit.display_name}
            message = _("由%(unit)s的经办人或首席数据官办理，当前账号不能办理。")
            raise PermissionRefused(message % facts)


class Promise(BureauMove):
    """POST /support/<number>/promise/"""

    slot = "promise"

    def get_form(self) -> PromiseForm:
        return PromiseForm(self.request.POST, prefix=self.slot, request=self.support)

    def act(self, form: PromiseForm, version: int) -> SupportRequest:
        day = form.cleaned_data["answer_by"]
        return services.promise_support(
            self.support, answer_by=day, by=self.request.user, version=version
        )

    def said(self, row: SupportRequest) -> str:
        facts = {"number": row.number, "day": row.answer_by}
        return _("%(number)s的答复期限是%(day)s，单位会收到提醒。") % facts


class Answer(BureauMove):
    """POST /support/<number>/answer/"""

    slot = "answer"

    def get_form(self) -> AnswerForm:
        return AnswerForm(self.request.POST, self.request.FILES, prefix=self.slot)

    def act(self, form: AnswerForm, version: int) -> SupportRequest:
        file = services.Enclosure(form.stored, form.stored_name) if form.stored else None
        return services.answer_support(
            self.support,
            form.cleaned_data["text"],
            by=self.request.user,
            enclosure=file,
            version=version,
        )

    def said(self, row: SupportRequest) -> str:
        return _("已答复%(number)s，单位会收到提醒。") % {"number": row.number}


class Reopen(UnitMove):
    """POST /support/<number>/reopen/"""

    slot = "reopen"
    form_class = ReopenForm

    def act(self, form: ReopenForm, version: int) -> SupportRequest:
        text = form.cleaned_data["text"]
        return services.reopen_support(self.support, text, by=self.request.user, version=version)

    def said(self, row: SupportRequest) -> str:
        return _("已再次提出%(number)s，市政数局会重新定答复期限。") % {"number": row.number}


class Close(UnitMove):
    """POST /support/<number>/close/"""

    def act(self, form: Form, version: int) -> SupportRequest:
        return services.close_support(self.support, by=self.request.user, version=version)

    def said(self, row: SupportRequest) -> str:
        return _("%(number)s已结束。") % {"number": row.number}


class Withdraw(UnitMove):
    """POST /support/<number>/withdraw/"""

    slot = "withdraw"
    form_class = WithdrawForm

    def act(self, form: WithdrawForm, version: int) -> SupportRequest:
        reason = form.cleaned_data["reason"]
        return services.withdraw_support(
            self.support, reason, by=self.request.user, version=version
        )

    def said(self, row: SupportRequest) -> str:
        return _("已撤回%(number)s，记录保留。") % {"number": row.number}
