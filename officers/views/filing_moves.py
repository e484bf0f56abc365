"""What people do to a filing: POST only, back to its page."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import MoveNotAllowed, PermissionRefused, Refused, StaleVersion
from core.forms import Form
from core.views import RefusalMixin
from duties.views.moves import posted_version

from .. import services
from ..choices import FilingMove
from ..forms.filings import AcceptForm, ReopenForm, ResubmitForm, ReturnForm, WithdrawForm
from ..models import Filing
from ..queries import desks
from ..queries.allowed import may_report
from .filing_words import already
from .filings import FilingPage


class FilingMoveView(RefusalMixin, FilingPage):
    """Base of the moves: the `slot` of the form on the page, who may, and what happens."""

    slot = ""
    prefix: str | None = None
    done: Any = ""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return redirect("officers:filing", number)

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        row = self.filing
        self.check_right()
        form = self.get_form()
        try:
            form.is_valid()
            self.keep(form)
            if not form.is_valid():
                return self.sent_back(form, 422)
            with transaction.atomic():
                self.act(row, form, posted_version(request))
        except PermissionRefused:
            raise
        except (StaleVersion, MoveNotAllowed) as refusal:
            return self.too_late(form, refusal.status)
        except Refused as refusal:
            return self.sent_back(form, refusal.status, str(refusal))
        except ValidationError as error:
            add_errors(form, error)
            return self.sent_back(form, 422)
        messages.success(request, self.done % {"number": row.number})
        return redirect("officers:filing", row.number)

    def too_late(self, form: Form, status: int) -> HttpResponse:
        """Somebody was quicker: the page as it is now, with who, when and what."""
        del self.filing
        kept = {self.slot: form} if self.acts()[self.slot] else {}
        return self.page(status, **kept, refusal=already(self.filing))

    def sent_back(self, form: Form, status: int, refusal: str = "") -> HttpResponse:
        return self.page(status, **{self.slot: form}, sent_back=form, refusal=refusal)

    def check_right(self) -> None:
        """Raise PermissionRefused, naming who can."""
        raise NotImplementedError

    def get_form(self) -> Any:
        raise NotImplementedError

    def keep(self, form: Any) -> None:
        """Keep the scan of a form that has one, whatever else is wrong with it."""

    def act(self, row: Filing, form: Any, version: int) -> None:
        raise NotImplementedError


def add_errors(form: Form, error: ValidationError) -> None:
    """Beside their fields, the others above the form."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, texts in error.message_dict.items():
        form.add_error(field if field in form.fields else None, texts)


class DeskMoveView(FilingMoveView):
    def check_right(self) -> None:
        desks.require_decider(self.request.user, self.filing)


class AcceptView(DeskMoveView):
    """POST /filings/<number>/accept/"""

    slot = "accept"
    done = gettext_lazy("%(number)s已备案，回执可以打印。")

    def get_form(self) -> AcceptForm:
        return AcceptForm(self.request.POST)

    def act(self, row: Filing, form: AcceptForm, version: int) -> None:
        services.accept_filing(
            row,
            by=self.request.user,
            receipt_number=form.cleaned_data["receipt_number"],
            on=form.cleaned_data["accepted_on"],
            version=version,
        )


class ReturnView(DeskMoveView):
    """POST /filings/<number>/return/"""

    slot = "return_"
    done = gettext_lazy("%(number)s已退回补正，单位会看到补正要求。")

    def get_form(self) -> ReturnForm:
        return ReturnForm(self.request.POST, kind=self.filing.kind, prefix="return")

    def act(self, row: Filing, form: ReturnForm, version: int) -> None:
        services.return_filing(row, by=self.request.user, reason=form.reason(), version=version)


class ReopenView(DeskMoveView):
    """POST /filings/<number>/reopen/"""

    slot = "reopen"
    done = gettext_lazy("已撤销%(number)s的备案，原来计入的任务不再计入。")

    def get_form(self) -> ReopenForm:
        return ReopenForm(self.request.POST, prefix="reopen")

    def act(self, row: Filing, form: ReopenForm, version: int) -> None:
        reason = form.cleaned_data["reason"]
        services.reopen_filing(row, by=self.request.user, reason=reason, version=version)


class UnitMoveView(FilingMoveView):
    def check_right(self) -> None:
        if not may_report(self.request.user, self.filing.unit):
            message = _("由%(unit)s的经办人或首席数据官补正和撤回，当前账号不能办理。")
            raise PermissionRefused(message % {"unit": self.filing.unit.display_name})


class ResubmitView(UnitMoveView):
    """POST /filings/<number>/resubmit/"""

    slot = "resubmit"
    done = gettext_lazy("%(number)s已补正，再次报送。")

    def get_form(self) -> ResubmitForm:
        post, files = self.request.POST, self.request.FILES
        return ResubmitForm(post, files, prefix="resubmit")

    def keep(self, form: ResubmitForm) -> None:
        form.keep(self.request.user)

    def act(self, row: Filing, form: ResubmitForm, version: int) -> None:
        facts: dict[str, Any] = {
            "document_number": form.cleaned_data["document_number"],
            "note": form.cleaned_data["note"],
        }
        if form.stored is not None:
            facts |= {"file": form.stored, "file_name": form.stored_name}
        services.resubmit_filing(row, by=self.request.user, version=version, **facts)


class WithdrawView(UnitMoveView):
    """POST /filings/<number>/withdraw/"""

    slot = "withdraw"
    done = gettext_lazy("已撤回%(number)s，可以重新报送。")

    def get_form(self) -> WithdrawForm:
        return WithdrawForm(self.request.POST, prefix="withdraw")

    def act(self, row: Filing, form: WithdrawForm, version: int) -> None:
        services.take_off_desk(
            row,
            FilingMove.WITHDRAW,
            by=self.request.user,
            reason=form.cleaned_data["reason"],
            version=version,
        )
