"""One event: its page, the form that enters it, the form that mends it, its moves and files."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import View

from accounts.roles import UNIT_ROLES, Permission
from core import moves
from core.errors import MoveNotAllowed, PermissionRefused, Refused
from core.models import StoredFile
from core.uploads import DownloadView
from pilots.access import memberships_of
from pilots.current import current_programme

from .. import services
from ..choices import EVENT_MOVES, EventKind, EventMove, EventStatus, FileKind
from ..forms.events import FileForm, MendEventForm, NewEventForm, NothingForm, ReasonForm
from ..models import EventFile
from ..queries.allowed import may_change, possible_parties
from ..queries.telling import told
from .bases import TONES, EventMixin, Form, OfEvent, days, history, may_write

ACTS: dict[str, tuple[Any, Any]] = {
    EventMove.HOLD: (services.hold_event, gettext_lazy("登记举办")),
    EventMove.REOPEN: (services.reopen_event, gettext_lazy("改回计划中")),
    EventMove.CANCEL: (services.cancel_event, pgettext_lazy("event", "取消举办")),
    EventMove.RESTORE: (services.restore_event, pgettext_lazy("event", "恢复计划")),
}
PAPERS = {
    "notice": pgettext_lazy("paper", "通知"),
    "receipt": gettext_lazy("参会回执"),
    "sign-in": gettext_lazy("签到表"),
    "minutes": gettext_lazy("纪要"),
    "certificate": gettext_lazy("培训证书"),
}
WITH_REASON = {EventMove.REOPEN, EventMove.CANCEL}


class EventPage(EventMixin, View):
    """/trainings/<number>/"""

    required_permission = Permission.READ_EVENTS

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        changes = may_change(request.user, self.event)
        acts = [
            {
                "url": reverse("trainings:event-act", args=[number, str(move)]),
                "label": ACTS[move][1],
                "is_main": move not in WITH_REASON,
            }
            for move in moves.allowed(EVENT_MOVES, self.event.status)
        ]
        context = {
            **told(self.event, request.user),
            "acts": acts if changes else [],
            "may_write": changes,
            "tone": TONES.get(EventStatus(self.event.status), ""),
            "days": days(self.event),
            "papers": [{"kind": kind, "label": PAPERS[kind]} for kind in self.papers()],
            "steps": history(self.event),
        }
        return render(request, "trainings/event.html", context)

    def papers(self) -> list[str]:
        """Those that an event of its kind has."""
        meeting = ["notice", "receipt", "sign-in", "minutes"]
        training = ["notice", "sign-in", "certificate"]
        return meeting if self.event.is_meeting else training


class EventNew(Form):
    """/trainings/new/"""

    label = gettext_lazy("登记")
    kind = EventKind.TRAINING

    def prepare(self) -> None:
        if not may_write(self.request.user):
            raise PermissionRefused
        found = current_programme(self.request)
        if found is None:
            raise Refused(_("还没有可登记的方案。"))
        self.programme = found

    def heading(self) -> str:
        return _("登记培训或会议")

    def lede(self) -> str:
        return str(self.programme.display_name)

    def get_form(self, *data: Any) -> NewEventForm:
        parties = list(possible_parties(self.programme))
        units = {row.unit_id for row in memberships_of(self.request.user) if row.role in UNIT_ROLES}
        asked = self.request.GET.get("unit", "")
        own = [str(row.pk) for row in parties if row.unit_id in units or row.unit.code == asked]
        initial = {"organisers": own, "kind": self.kind}
        return NewEventForm(*data, parties=parties, initial=initial)

    def act(self, form: NewEventForm) -> tuple[str, str]:
        given, by = form.facts(), self.request.user
        hosts = given.pop("organisers")
        once = form.cleaned_data["once"]
        row = services.plan_event(self.programme, hosts, by=by, once=once, **given)
        if form.cleaned_data["is_held"]:
            row = services.hold_event(row, by=by)
        if form.stored is not None:
            kind = FileKind.SIGN_IN
            services.add_file(row, kind, stored=form.stored, name=form.stored_name, by=by)
        address = reverse("trainings:event", args=[row.number])
        return _("已登记，编号%(number)s。") % {"number": row.number}, address


class ExchangeNew(EventNew):
    """/trainings/new/exchange/: where the task of an exchange meeting leads."""

    kind = EventKind.EXCHANGE


class EventMend(OfEvent):
    """/trainings/<number>/mend/"""

    label = gettext_lazy("保存更正")

    def heading(self) -> str:
        return _("更正%(number)s") % {"number": self.event.number}

    def rows(self) -> list[dict[str, Any]]:
        return []

    def notes(self) -> list[str]:
        if self.event.is_held:
            return [_("已经举办的，日期、类别和举办单位一改，完成数随即重新计算")]
        return []

    def get_form(self, *data: Any) -> MendEventForm:
        parties = list(possible_parties(self.event.programme))
        return MendEventForm(*data[:1], parties=parties, row=self.event)

    def act(self, form: MendEventForm) -> tuple[str, str]:
        version = form.cleaned_data["version"]
        services.mend_event(self.event, by=self.request.user, version=version, **form.facts())
        return _("已更正。"), self.back_url()


class EventAct(OfEvent):
    """/trainings/<number>/<act>/: held, back to planned, called off, restored."""

    def prepare(self) -> None:
        super().prepare()
        name = self.kwargs["act"]
        if name not in ACTS:
            raise Http404
        self.move = EventMove(name)
        if self.move not in moves.allowed(EVENT_MOVES, self.event.status):
            facts = {"number": self.event.number, "status": self.event.get_status_display()}
            raise MoveNotAllowed(_("%(number)s现在是“%(status)s”，不能这样办。") % facts)
        self.service, self.label = ACTS[self.move]

    def heading(self) -> str:
        return str(self.label)

    def notes(self) -> list[str]:
        if self.move == EventMove.REOPEN:
            return [_("改回后不再计入任务，完成数、总览和接口随即更新")]
        return []

    def get_form(self, *data: Any) -> Any:
        kind = ReasonForm if self.move in WITH_REASON else NothingForm
        return kind(*data[:1], initial={"version": self.event.version})

    def act(self, form: Any) -> tuple[str, str]:
        self.service(self.event, by=self.request.user, **form.cleaned_data)
        return _("已办：%(act)s。") % {"act": self.label}, self.back_url()


class FileNew(OfEvent):
    """/trainings/<number>/files/new/"""

    label = gettext_lazy("上传")

    def prepare(self) -> None:
        super().prepare()
        if self.event.status == EventStatus.CANCELLED:
            raise MoveNotAllowed(_("%(number)s已取消，先恢复。") % {"number": self.event.number})

    def heading(self) -> str:
        return _("上传材料")

    def get_form(self, *data: Any) -> FileForm:
        return FileForm(*data, initial={"version": self.event.version})

    def act(self, form: FileForm) -> tuple[str, str]:
        if form.stored is None:
            raise Refused(_("文件没有收到，再选一次。"))
        services.add_file(
            self.event,
            form.cleaned_data["kind"],
            stored=form.stored,
            name=form.stored_name,
            by=self.request.user,
            version=form.cleaned_data["version"],
        )
        return _("已上传“%(name)s”。") % {"name": form.stored_name}, self.back_url()


class FileRemove(OfEvent):
    """/trainings/<number>/files/<pk>/remove/"""

    label = gettext_lazy("移除")

    def prepare(self) -> None:
        super().prepare()
        rows = EventFile.objects.visible_to(self.request.user).live().filter(event=self.event)
        self.file = get_object_or_404(rows, pk=self.kwargs["pk"])

    def heading(self) -> str:
        return _("移除“%(name)s”") % {"name": self.file.name}

    def notes(self) -> list[str]:
        return [_("移除后如果没有其他签到表或材料，不再计入任务")] if self.event.is_held else []

    def get_form(self, *data: Any) -> ReasonForm:
        return ReasonForm(*data[:1], initial={"version": self.event.version})

    def act(self, form: ReasonForm) -> tuple[str, str]:
        services.remove_file(self.file, by=self.request.user, **form.cleaned_data)
        return _("已移除。"), self.back_url()


class FileOf(DownloadView):
    """/trainings/<number>/files/<pk>/"""

    required_permission = Permission.READ_EVENTS

    def get_file(self) -> tuple[StoredFile, str]:
        rows = EventFile.objects.visible_to(self.request.user).live().select_related("stored")
        row = get_object_or_404(rows, event__number=self.kwargs["number"], pk=self.kwargs["pk"])
        return row.stored, row.name
