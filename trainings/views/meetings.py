"""回执, 纪要, 议定事项 of one meeting."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from accounts.roles import Permission
from core.errors import MoveNotAllowed, PermissionRefused
from core.views import RefusalMixin

from .. import services
from ..choices import EventStatus
from ..forms.events import AnswerForm, MinutesForm, ResolutionForm
from ..models import Participant, Resolution
from ..queries.allowed import may_change, own_part, possible_parties
from .bases import EventMixin, OfEvent


class Answer(OfEvent):
    """/trainings/<number>/answer/: 参会回执 of the reader's unit."""

    label = gettext_lazy("送出回执")

    def prepare(self) -> None:
        part = own_part(self.request.user, self.event)
        rows = Participant.objects.visible_to(self.request.user).filter(event=self.event)
        found = rows.filter(enrolment=part).first() if part else None
        if found is None:
            raise PermissionRefused
        if self.event.status != EventStatus.PLANNED:
            raise MoveNotAllowed(_("%(number)s不再收回执。") % {"number": self.event.number})
        self.participant = found

    def heading(self) -> str:
        return _("参会回执")

    def get_form(self, *data: Any) -> AnswerForm:
        row = self.participant
        initial = {
            "answer": row.answer, "headcount": row.headcount, "people": row.people,
            "note": row.answer_note, "version": self.event.version,
        }  # fmt: skip
        return AnswerForm(*data[:1], initial=initial)

    def act(self, form: AnswerForm) -> tuple[str, str]:
        given = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        services.answer_invitation(self.participant, by=self.request.user, **given)
        return _("回执已送出。"), self.back_url()


class Minutes(OfEvent):
    """/trainings/<number>/minutes/"""

    label = gettext_lazy("保存纪要")

    def heading(self) -> str:
        return _("会议纪要")

    def get_form(self, *data: Any) -> MinutesForm:
        initial = {"text": self.event.minutes, "version": self.event.version}
        return MinutesForm(*data[:1], initial=initial)

    def act(self, form: MinutesForm) -> tuple[str, str]:
        services.write_minutes(self.event, by=self.request.user, **form.cleaned_data)
        return _("纪要已保存。"), self.back_url()


class ResolutionNew(OfEvent):
    """/trainings/<number>/resolutions/new/"""

    label = gettext_lazy("登记")

    def heading(self) -> str:
        return _("登记议定事项")

    def get_form(self, *data: Any) -> ResolutionForm:
        parties = possible_parties(self.event.programme).pilots()
        return ResolutionForm(*data[:1], parties=parties, initial={"version": self.event.version})

    def act(self, form: ResolutionForm) -> tuple[str, str]:
        services.add_resolution(self.event, by=self.request.user, **form.cleaned_data)
        return _("已登记议定事项。"), self.back_url() + "#resolutions"


class ResolutionAct(EventMixin, RefusalMixin, View):
    """POST /trainings/<number>/resolutions/<pk>/(order|drop)/"""

    required_permission = Permission.READ_EVENTS
    http_method_names = ["post"]

    def post(self, request: HttpRequest, number: str, pk: int, act: str) -> HttpResponse:
        if not may_change(request.user, self.event):
            raise PermissionRefused
        rows = Resolution.objects.visible_to(request.user).live().filter(event=self.event)
        row = get_object_or_404(rows, pk=pk)
        if act == "drop":
            services.drop_resolution(row, by=request.user)
            messages.success(request, _("已删去这一项。"))
            return redirect(self.get_refusal_url())
        order = services.turn_into_order(row, by=request.user)
        said = _("已转为%(number)s，审签后各责任单位收到任务。")
        messages.success(request, said % {"number": order.number})
        return redirect("duties:order", order.number)

    def get_refusal_url(self) -> str:
        return reverse("trainings:event", args=[self.kwargs["number"]]) + "#resolutions"
