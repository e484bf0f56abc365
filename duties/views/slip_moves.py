"""What people do to a slip besides signing it, and the names of the levels."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from core.errors import MoveNotAllowed, PermissionRefused, Refused, StaleVersion
from core.forms import put_errors
from core.views import RefusalMixin, posted_version
from pilots.current import current_programme
from pilots.models import Programme

from .. import services
from ..queries.slips import labels_of, may_issue
from ..slip_forms import CancelForm, LevelsForm, ReplyForm, SlipEditForm
from .slips import SlipPage, already


class SlipMoveView(RefusalMixin, SlipPage):
    """Base of the moves: the `slot` of the form, who may, what happens."""

    slot = ""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return redirect("duties:slip", number)

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        self.check_right()
        form = self.get_form()
        try:
            form.is_valid()
            self.keep(form)
            if not form.is_valid():
                return self.sent_back(form, 422)
            with transaction.atomic():
                said = self.act(form, posted_version(request))
        except PermissionRefused:
            raise
        except (StaleVersion, MoveNotAllowed) as refusal:
            return self.too_late(form, refusal.status)
        except Refused as refusal:
            return self.sent_back(form, refusal.status, str(refusal))
        except ValidationError as error:
            put_errors(form, error)
            return self.sent_back(form, 422)
        messages.success(request, said)
        return redirect("duties:slip", number)

    def sent_back(self, form: Any, status: int, refusal: str = "") -> HttpResponse:
        return self.page(status, **{self.slot: form}, sent_back=form, refusal=refusal)

    def too_late(self, form: Any, status: int) -> HttpResponse:
        """Somebody was quicker: the page as it is now, with who, when and what; the text stays."""
        del self.slip
        kept = {self.slot: form} if self.acts().get(self.slot) else {}
        return self.page(status, **kept, refusal=already(self.slip))

    def check_right(self) -> None:
        if not self.issues:
            raise PermissionRefused(_("提醒单由市政数局经办人修改，当前账号不能办理。"))

    def keep(self, form: Any) -> None:
        """Keep the file of a form that has one, whatever else is wrong with it."""

    def get_form(self) -> Any:
        raise NotImplementedError

    def act(self, form: Any, version: int) -> str:
        """Do it; gives the sentence that the next page shows."""
        raise NotImplementedError


class SlipReplyView(SlipMoveView):
    """POST /slips/<number>/reply/"""

    slot = "reply"

    def check_right(self) -> None:
        if not self.replies:
            facts = {"unit": self.slip.unit.display_name}
            message = _("由%(unit)s的经办人或首席数据官回复，当前账号不能回复。")
            raise PermissionRefused(message % facts)

    def get_form(self) -> ReplyForm:
        return ReplyForm(self.request.POST, self.request.FILES)

    def keep(self, form: ReplyForm) -> None:
        form.keep(self.request.user)

    def act(self, form: ReplyForm, version: int) -> str:
        services.reply_slip(
            self.slip,
            text=form.cleaned_data["text"],
            file=form.stored,
            file_name=form.stored_name,
            by=self.request.user,
            version=version,
        )
        return _("已回复%(number)s，市政数局会看到。") % {"number": self.slip.number}


class SlipEditView(SlipMoveView):
    """POST /slips/<number>/edit/"""

    slot = "edit"

    def get_form(self) -> SlipEditForm:
        return SlipEditForm(self.request.POST, prefix="edit")

    def act(self, form: SlipEditForm, version: int) -> str:
        facts = form.cleaned_data
        services.resubmit_slip(
            self.slip,
            template=facts["template"],
            reply_by=facts["reply_by"],
            is_at_once=facts["is_at_once"],
            by=self.request.user,
            version=version,
        )
        return _("已再次提交审定%(number)s。") % {"number": self.slip.number}


class SlipCancelView(SlipMoveView):
    """POST /slips/<number>/cancel/"""

    slot = "cancel"

    def get_form(self) -> CancelForm:
        return CancelForm(self.request.POST, prefix="cancel")

    def act(self, form: CancelForm, version: int) -> str:
        reason = form.cleaned_data["reason"]
        services.cancel_slip(self.slip, reason=reason, by=self.request.user, version=version)
        return _("%(number)s不再发出，记录保留。") % {"number": self.slip.number}


class SlipLevels(RefusalMixin, View):
    """/slips/levels/?programme=…"""

    required_permission = Permission.ISSUE_DOCUMENTS
    template_name = "duties/slip_levels.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        programme = self.programme()
        return self.page(LevelsForm(initial=labels_of(programme)), programme)

    def post(self, request: HttpRequest) -> HttpResponse:
        programme = self.programme()
        form = LevelsForm(request.POST)
        if not form.is_valid():
            return self.page(form, programme, 422)
        try:
            services.name_levels(programme, form.cleaned_data, by=request.user)
        except ValidationError as error:
            put_errors(form, error)
            return self.page(form, programme, 422)
        messages.success(request, _("已改提醒单级别名称，以后发的用新名称。"))
        query = urlencode({"programme": programme.code})
        return redirect(f"{reverse('duties:slip-list')}?{query}")

    def programme(self) -> Programme:
        """The one of the address; raises PermissionRefused unless the reader issues there."""
        programme = current_programme(self.request)
        if programme is None:
            raise Http404
        if not may_issue(programme, self.request.user):
            raise PermissionRefused
        return programme

    def page(self, form: LevelsForm, programme: Programme, status: int = 200) -> HttpResponse:
        sent_back = form if form.errors else None
        context = {"form": form, "programme": programme, "sent_back": sent_back}
        return render(self.request, self.template_name, context, status=status)
