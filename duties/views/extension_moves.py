"""What people do to a request for a later day besides signing it: POST only, back to its page."""

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
from ..choices import ExtensionState, Verdict
from ..extension_forms import AnswerForm, WithdrawForm
from ..models import Extension
from .extension_trail import already
from .extensions import ExtensionPage


class ExtensionMoveView(RefusalMixin, ExtensionPage):
    """Base of the moves that are no signature: the `slot` of the form, who may, what happens."""

    slot = ""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return redirect("duties:extension", number)

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        self.check_right()
        form = self.get_form()
        try:
            if not form.is_valid():
                return self.sent_back(form, 422)
            row = self.act(form, posted_version(request))
        except PermissionRefused:
            raise
        except (StaleVersion, MoveNotAllowed) as refusal:
            return self.too_late(form, refusal.status)
        except Refused as refusal:
            return self.sent_back(form, refusal.status, str(refusal))
        except ValidationError as error:
            put_errors(form, error)
            return self.sent_back(form, 422)
        messages.success(request, self.said(row))
        return redirect("duties:extension", number)

    def sent_back(self, form: Form, status: int, refusal: str = "") -> HttpResponse:
        return self.page(status, **{self.slot: form}, sent_back=form, refusal=refusal)

    def too_late(self, form: Form, status: int) -> HttpResponse:
        """Somebody was quicker: the page as it is now, with who, when and what."""
        del self.extension
        kept = {self.slot: form} if self.acts().get(self.slot) else {}
        return self.page(status, **kept, refusal=already(self.extension))

    def check_right(self) -> None:
        """Raise PermissionRefused, naming who can."""
        raise NotImplementedError

    def get_form(self) -> Any:
        return Form(self.request.POST)

    def act(self, form: Any, version: int) -> Extension:
        raise NotImplementedError

    def said(self, row: Extension) -> str:
        raise NotImplementedError


class BureauMoveView(ExtensionMoveView):
    def check_right(self) -> None:
        if not self.answers:
            raise PermissionRefused(_("延期申请由市政数局经办人审批，当前账号不能办理。"))


class AnswerView(BureauMoveView):
    """POST /extensions/<number>/answer/"""

    slot = "answer"

    def get_form(self) -> AnswerForm:
        return AnswerForm(self.request.POST, extension=self.extension)

    def act(self, form: AnswerForm, version: int) -> Extension:
        facts = form.cleaned_data
        return services.decide_extension(
            self.extension,
            Verdict(facts["verdict"]),
            granted_on=facts["granted_on"],
            answer=facts["answer"],
            by=self.request.user,
            version=version,
        )

    def said(self, row: Extension) -> str:
        facts = {"number": row.number, "day": row.granted_on}
        if row.state == ExtensionState.TO_APPROVE:
            return _("已提交审定，%(number)s审定后生效。") % facts
        if row.state == ExtensionState.REFUSED:
            return _("不同意%(number)s，单位会看到理由。10分钟内可以撤销。") % facts
        return _("已同意%(number)s延至%(day)s，单位会收到提醒。10分钟内可以撤销。") % facts


class UndoView(BureauMoveView):
    """POST /extensions/<number>/undo/"""

    def act(self, form: Form, version: int) -> Extension:
        return services.undo_decision(self.extension, by=self.request.user, version=version)

    def said(self, row: Extension) -> str:
        return _("已撤销审批结果，%(number)s回到待审批。") % {"number": row.number}


class WithdrawExtensionView(ExtensionMoveView):
    """POST /extensions/<number>/withdraw/"""

    slot = "withdraw"

    def check_right(self) -> None:
        if not self.writes:
            facts = {"unit": self.extension.unit.display_name}
            raise PermissionRefused(
                _("由%(unit)s的经办人或首席数据官撤回，当前账号不能办理。") % facts
            )

    def get_form(self) -> WithdrawForm:
        return WithdrawForm(self.request.POST, prefix="withdraw")

    def act(self, form: WithdrawForm, version: int) -> Extension:
        reason = form.cleaned_data["reason"]
        return services.withdraw_extension(
            self.extension, by=self.request.user, reason=reason, version=version
        )

    def said(self, row: Extension) -> str:
        return _("已撤回%(number)s，截止日期不变。") % {"number": row.number}
