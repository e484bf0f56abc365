"""What people do to an assignment: POST only, back to its page."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission
from core.errors import Refused, StaleVersion
from core.forms import Form, put_errors
from core.uploads import KeptFileMixin
from core.views import RefusalMixin, posted_version, stale_words
from pilots import access

from .. import services
from ..choices import Move
from ..doors import source_of
from ..forms import CompletionForm, ReasonForm
from ..models import Assignment
from .assignments import AssignmentPage


class MoveView(RefusalMixin, AssignmentPage):
    """Base of the moves: `form_class` and the `slot` of its form on the page."""

    required_permission = Permission.MANAGE_ASSIGNMENTS
    form_class: type[Form] = Form
    slot = ""
    prefix: str | None = None
    done: Any = ""

    def get(self, request: HttpRequest, number: str, **kwargs: Any) -> HttpResponse:
        return redirect("duties:assignment", number)

    def post(self, request: HttpRequest, number: str, **kwargs: Any) -> HttpResponse:
        row = self.assignment
        needed = self.required_permission
        access.require(request.user, needed, unit=row.unit, programme=row.programme)
        form = self.make_form()
        form.is_valid()
        if isinstance(form, KeptFileMixin):
            form.keep(request.user)
        if not form.is_valid():
            return self.sent_back(form, 422)
        try:
            self.act(row, form, posted_version(request))
        except ValidationError as error:
            put_errors(form, error)
            return self.sent_back(form, 422)
        except StaleVersion as refusal:
            return self.sent_back(form, refusal.status, stale_words(row))
        except Refused as refusal:
            return self.sent_back(form, refusal.status, str(refusal))
        messages.success(request, self.done % {"number": row.number})
        return redirect("duties:assignment", row.number)

    def make_form(self) -> Form:
        files = self.request.FILES
        return self.form_class(self.request.POST, files, prefix=self.prefix)

    def sent_back(self, form: Form, status: int, refusal: str = "") -> HttpResponse:
        given = {self.slot: form} if self.slot else {}
        return self.page(status, **given, sent_back=form, refusal=refusal)

    def act(self, row: Assignment, form: Any, version: int) -> None:
        raise NotImplementedError


class AcceptView(MoveView):
    required_permission = Permission.ACCEPT_ASSIGNMENT
    done = gettext_lazy("已签收%(number)s。")

    def act(self, row: Assignment, form: Any, version: int) -> None:
        services.accept(row, by=self.request.user, version=version)


class CompleteView(MoveView):
    form_class = CompletionForm
    slot = "completion"
    done = gettext_lazy("已登记%(number)s的完成记录。")

    def act(self, row: Assignment, form: CompletionForm, version: int) -> None:
        services.fulfil(
            row,
            source_key=form.source_key(),
            happened_on=form.cleaned_data["happened_on"],
            note=form.note(),
            by=self.request.user,
            version=version,
        )


class VoidView(MoveView):
    form_class = ReasonForm
    done = gettext_lazy("已作废%(number)s的一条完成记录，记录仍可查看。")

    @property
    def prefix(self) -> str:  # type: ignore[override]
        return f"void-{self.kwargs['pk']}"

    def sent_back(self, form: Form, status: int, refusal: str = "") -> HttpResponse:
        self.voiding = form  # type: ignore[assignment]
        return super().sent_back(form, status, refusal)

    def act(self, row: Assignment, form: ReasonForm, version: int) -> None:
        mark = get_object_or_404(row.fulfilments, pk=self.kwargs["pk"])
        if source := source_of(mark):
            raise Refused(_("这条记录不能在这里作废，%(where)s。") % {"where": source["label"]})
        reason = form.cleaned_data["reason"]
        services.void(mark, by=self.request.user, reason=reason, version=version)


class TakeOffView(MoveView):
    form_class = ReasonForm
    move = Move.WITHDRAW

    def act(self, row: Assignment, form: ReasonForm, version: int) -> None:
        reason = form.cleaned_data["reason"]
        services.take_off(row, self.move, by=self.request.user, reason=reason, version=version)


class WithdrawView(TakeOffView):
    slot, prefix = "withdrawal", "withdraw"
    done = gettext_lazy("已撤销%(number)s，不再提醒，也不计入应完成数。")


class ExemptView(TakeOffView):
    move = Move.EXEMPT
    slot, prefix = "exemption", "exempt"
    done = gettext_lazy("已把%(number)s标为不适用，不再提醒，也不计入应完成数。")


class RestoreView(MoveView):
    done = gettext_lazy("已恢复%(number)s。")

    def act(self, row: Assignment, form: Any, version: int) -> None:
        services.restore(row, by=self.request.user, version=version)
