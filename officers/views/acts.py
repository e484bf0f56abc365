"""What people do to an appointment: sent to its page, back to its page."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from accounts.roles import Permission
from core import clock
from core.errors import PermissionRefused, Refused, StaleVersion
from core.forms import Form
from core.uploads import KeptFileMixin
from core.views import RefusalMixin
from duties.views.moves import posted_version, stale_words
from pilots.models import Unit

from .. import services
from ..choices import MOVES, Move, Status
from ..forms.register import ConfirmForm, EndForm, MendForm, ReasonForm, add_errors
from ..models import Appointment
from ..queries.allowed import may_report
from .appointments import AppointmentView, BackToPage

MOVE_OF = {
    "confirm": Move.APPOINT,
    "end": Move.END,
    "void": Move.VOID,
    "reinstate": Move.REINSTATE,
}


class Act(RefusalMixin, AppointmentView):
    """Base: `permit` names what has to be allowed, `done` is said afterwards."""

    permit = ""
    done: Any = ""
    called: dict[str, str] = {}

    def get_form(self, request: HttpRequest) -> Form:
        raise NotImplementedError

    def act(self, row: Appointment, form: Any, version: int) -> None:
        raise NotImplementedError

    def sent_back(self, form: Form, status: int, refusal: str = "") -> HttpResponse:
        raise NotImplementedError

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        row = self.appointment
        if not getattr(self.allowed, self.permit):
            self.refuse()
        form = self.get_form(request)
        is_good = form.is_valid()
        if isinstance(form, KeptFileMixin):
            form.keep(request.user)
        if not is_good:
            return self.sent_back(form, 422)
        try:
            with transaction.atomic():
                self.act(row, form, posted_version(request))
        except ValidationError as error:
            add_errors(form, error, **self.called)
            return self.sent_back(form, 422)
        except StaleVersion as refusal:
            return self.sent_back(form, refusal.status, stale_words(row))
        except Refused as refusal:
            return self.sent_back(form, refusal.status, str(refusal))
        messages.success(request, self.done % {"number": row.number, "person": row.person})
        return redirect("officers:appointment", row.number)

    def refuse(self) -> None:
        """Where the state of the row is in the way, whoever enters such things is told so."""
        row = self.appointment
        closed = row.status == Status.VOIDED or (
            self.permit in MOVE_OF and row.status not in MOVES[MOVE_OF[self.permit]][0]
        )
        if closed and self.allowed.report:
            words = {"state": row.get_status_display()}
            raise Refused(_("这条任命现在是“%(state)s”，不能这样办。") % words)
        raise PermissionRefused

    def get_refusal_url(self) -> str:
        return self.request.path.rsplit("/", 2)[0] + "/"


class PageAct(Act, BackToPage):
    """An act whose form stands on the page in `slot`."""

    form_class: type[Form] = Form
    slot = ""

    def get_form(self, request: HttpRequest) -> Form:
        return self.form_class(request.POST, prefix=self.permit)

    def sent_back(self, form: Form, status: int, refusal: str = "") -> HttpResponse:
        return self.page(status, **{self.slot: form}, sent_back=form, refusal=refusal)


class ConfirmView(PageAct):
    permit, slot, called = "confirm", "confirming", {"ends_on": "leaves_on"}
    done = gettext_lazy("已确认任命%(number)s，%(person)s已任命。")

    def get_form(self, request: HttpRequest) -> ConfirmForm:
        return self.confirm_form(request.POST, request.FILES)

    def act(self, row: Appointment, form: ConfirmForm, version: int) -> None:
        facts = form.cleaned_data
        paper = services.Paper(
            facts["document_number"],
            signed_on=facts["signed_on"],
            file=form.stored,
            file_name=form.stored_name,
        )
        departure = None
        if self.holder is not None:
            first = row.starts_on or row.known_on or clock.today()
            departure = services.Departure(facts["leaves_on"] or first - timedelta(days=1))
        services.confirm_appointment(
            row, by=self.request.user, paper=paper, departure=departure, version=version
        )


class EndView(PageAct):
    permit, slot, form_class = "end", "ending", EndForm
    done = gettext_lazy("已登记%(person)s离任。")

    def act(self, row: Appointment, form: EndForm, version: int) -> None:
        facts = form.cleaned_data
        services.end_appointment(
            row,
            on=facts["ends_on"],
            ending=facts["ending"],
            paper=services.Paper(facts["ending_number"], signed_on=facts["ending_signed_on"]),
            reason=facts["reason"],
            by=self.request.user,
            version=version,
        )


class VoidView(PageAct):
    permit, slot, form_class = "void", "voiding", ReasonForm
    done = gettext_lazy("已作废%(number)s，记录仍可查看。")

    def act(self, row: Appointment, form: ReasonForm, version: int) -> None:
        reason = form.cleaned_data["reason"]
        services.void_appointment(row, by=self.request.user, reason=reason, version=version)


class ReinstateView(PageAct):
    permit, slot, form_class = "reinstate", "reinstating", ReasonForm
    done = gettext_lazy("已撤销离任登记，%(person)s仍在任。")

    def act(self, row: Appointment, form: ReasonForm, version: int) -> None:
        reason = form.cleaned_data["reason"]
        services.reinstate(row, by=self.request.user, reason=reason, version=version)


class MendView(Act):
    """/officers/<number>/mend/: a page of its own."""

    permit = "mend"
    done = gettext_lazy("已更正%(number)s。")

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        if not self.allowed.mend:
            self.refuse()
        return self.show(MendForm(row=self.appointment))

    def get_form(self, request: HttpRequest) -> MendForm:
        return MendForm(request.POST, request.FILES, row=self.appointment)

    def sent_back(self, form: Form, status: int, refusal: str = "") -> HttpResponse:
        return self.show(form, status, refusal)

    def show(self, form: Form, status: int = 200, refusal: str = "") -> HttpResponse:
        context = {"row": self.appointment, "form": form, "refusal": refusal}
        return render(self.request, "officers/appointment_mend.html", context, status=status)

    def act(self, row: Appointment, form: MendForm, version: int) -> None:
        services.mend_appointment(row, by=self.request.user, version=version, **form.values())


class ConfirmUnchangedView(RefusalMixin, View):
    """POST /officers/confirm/<unit code>/: 「信息无变化」."""

    required_permission = Permission.READ_OFFICERS
    http_method_names = ["post"]

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        unit = get_object_or_404(Unit.objects.visible_to(request.user), code=code)
        if not may_report(request.user, unit):
            raise PermissionRefused
        count = services.confirm_unchanged(unit, by=request.user)
        words = {"unit": unit.display_name, "count": count}
        messages.success(request, _("已确认%(unit)s的%(count)s条任命信息无变化。") % words)
        return redirect(self.back())

    def back(self) -> str:
        """The page that was sent from, if it is one of ours."""
        asked = self.request.POST.get("next", "")
        is_ours = url_has_allowed_host_and_scheme(asked, {self.request.get_host()})
        return asked if is_ours and asked.startswith("/") else "officers:appointment-list"
