"""Endpoints of events, of who came, and of declarations."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from rest_framework.decorators import action
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ValidationError

from accounts.roles import Permission
from core.api import ReadViewSet
from core.api.reading import READS
from core.api.writing import WriteViewSet
from core.errors import PermissionRefused
from pilots.access import may
from pilots.models import Enrolment, Programme

from .. import services
from ..choices import Route
from ..filters import AttendanceFilter, DeclarationFilter, EventFilter
from ..models import Attendance, Declaration, Event, Participant
from ..queries.allowed import possible_parties
from ..services import Seat
from . import inputs
from .serializers import AttendanceSerializer, DeclarationSerializer, EventSerializer


def needing_read(*actions: str) -> dict[str, Permission]:
    """A `permission_map`: whoever changes something has to see it."""
    return dict.fromkeys((*READS, *actions), Permission.READ_EVENTS)


class Base(WriteViewSet):
    """A change needs one of `writers` somewhere, before its content is looked at; the services ask
    for the right to the very row."""

    writers: ClassVar[tuple[Permission, ...]] = (
        Permission.REPORT_EVENTS,
        Permission.MANAGE_EVENTS,
    )

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        is_write = request.method not in SAFE_METHODS and self.action is not None
        if is_write and not any(may(request.user, needed) for needed in self.writers):
            raise PermissionRefused


class EventViewSet(Base):
    """培训和会议: training, exchange, skills, officer, meeting. One that was held, with a sign-in sheet,
    a material or a confirmed declaration, counts towards its organisers' tasks at once."""

    queryset = Event.objects.all()
    serializer_class = EventSerializer
    filterset_class = EventFilter
    MOVES = ("hold", "reopen", "cancel", "restore", "minutes", "reply", "attend", "strike_out")
    permission_map = needing_read("create", "partial_update", *MOVES)
    inputs = {
        "create": inputs.EventInput,
        "partial_update": inputs.EventMendInput,
        "hold": inputs.EventNothingInput,
        "reopen": inputs.EventReasonInput,
        "cancel": inputs.EventReasonInput,
        "restore": inputs.EventNothingInput,
        "minutes": inputs.EventMinutesInput,
        "reply": inputs.EventAnswerInput,
        "attend": inputs.AttendanceInput,
        "strike_out": inputs.StrikeOutInput,
    }
    lookup_field = "number"
    ordering_fields = {
        "id": "number",
        "programme": "programme__code",
        "kind": "kind",
        "status": "status",
        "starts_on": "starts_on",
        "updated_at": "updated_at",
    }
    ordering = ("number",)

    def create(self, request: Request) -> Response:
        """登记培训或会议，先是计划中；举办后再登记举办。"""
        given = self.given()
        programme = given.pop("programme")
        given |= self.parties(programme, given)
        return self.answer(services.plan_event(programme, by=request.user, **given))

    def partial_update(self, request: Request, **_kwargs: str) -> Response:
        """更正，只写要改的；已举办的随即重新计数。"""
        row, version = self.get_object(), self.version
        given = self.given()
        given |= self.parties(row.programme, given)
        return self.answer(services.mend_event(row, by=request.user, version=version, **given))

    @action(detail=True, methods=["post"])
    def hold(self, request: Request, **_kwargs: str) -> Response:
        """登记举办。"""
        return self._moved(services.hold_event)

    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, **_kwargs: str) -> Response:
        """改回计划中，不再计入任务，写原因。"""
        return self._moved(services.reopen_event)

    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, **_kwargs: str) -> Response:
        """取消举办，写原因。"""
        return self._moved(services.cancel_event)

    @action(detail=True, methods=["post"])
    def restore(self, request: Request, **_kwargs: str) -> Response:
        """恢复计划。"""
        return self._moved(services.restore_event)

    @action(detail=True, methods=["post"])
    def minutes(self, request: Request, **_kwargs: str) -> Response:
        """填写纪要。"""
        row, version = self.get_object(), self.version
        text = self.given()["text"]
        return self.answer(services.write_minutes(row, text, by=request.user, version=version))

    @action(detail=True, methods=["post"], url_path="answer")
    def reply(self, request: Request, **_kwargs: str) -> Response:
        """送参会回执。"""
        row, version = self.get_object(), self.version
        row.require_version(version)
        given = self.given()
        unit = given.pop("unit")
        rows = Participant.objects.visible_to(request.user).filter(event=row)
        found = rows.filter(enrolment__unit=unit).first()
        if found is None:
            text = _("%(unit)s不在参加单位里。") % {"unit": unit}
            raise ValidationError({"unit": [text]})
        services.answer_invitation(found, by=request.user, **given)
        return self.answer(row)

    @action(detail=True, methods=["post"])
    def attend(self, request: Request, **_kwargs: str) -> Response:
        """登记参加人员：在册人员写person，其他人员写姓名和单位。"""
        row, version = self.get_object(), self.version
        seats = seats_of(self.given()["people"])
        services.add_people(row, seats, route=Route.SHEET, by=request.user, version=version)
        return self.answer(row)

    @action(detail=True, methods=["post"], url_path="strike-out")
    def strike_out(self, request: Request, **_kwargs: str) -> Response:
        """从名单里划去，写原因。"""
        row, version = self.get_object(), self.version
        given = self.given()
        rows = Attendance.objects.visible_to(request.user).live().filter(event=row)
        found = rows.filter(pk__in=given.pop("people"))
        services.strike_out(row, found, by=request.user, version=version, **given)
        return self.answer(row)

    def parties(self, programme: Programme, given: dict[str, Any]) -> dict[str, list[Enrolment]]:
        """The bodies that `organisers` and `participants` name, where they are given."""
        known = {row.unit.code: row for row in possible_parties(programme)}
        found = {}
        for name in {"organisers", "participants"} & given.keys():
            codes = given[name]
            if strangers := [code for code in codes if code not in known]:
                text = _("“%(unit)s”现在没有参与“%(programme)s”。")
                facts = {"unit": strangers[0][:60], "programme": programme.code}
                raise ValidationError({name: [text % facts]})
            found[name] = [known[code] for code in codes]
        return found

    def _moved(self, service: Any) -> Response:
        row, version = self.get_object(), self.version
        return self.answer(service(row, by=self.request.user, version=version, **self.given()))


class AttendanceViewSet(ReadViewSet):
    """参加人员, without those who were struck out."""

    queryset = Attendance.objects.live()
    serializer_class = AttendanceSerializer
    filterset_class = AttendanceFilter
    permission_map = dict.fromkeys(READS, Permission.READ_EVENTS)
    lookup_field = "pk"
    ordering_fields = {"id": "pk", "event": "event__number", "name": "name"}
    ordering = ("pk",)


class DeclarationViewSet(Base):
    """单位申报: a unit says how many of it attended, the bureau confirms it."""

    queryset = Declaration.objects.all()
    serializer_class = DeclarationSerializer
    filterset_class = DeclarationFilter
    MOVES = ("resubmit", "confirm", "send_back", "withdraw", "undo")
    permission_map = needing_read("create", *MOVES)
    inputs = {
        "create": inputs.DeclarationInput,
        "resubmit": inputs.DeclarationResubmitInput,
        "confirm": inputs.EventNothingInput,
        "send_back": inputs.DeclarationReasonInput,
        "withdraw": inputs.EventNothingInput,
        "undo": inputs.EventNothingInput,
    }
    lookup_field = "pk"
    ordering_fields = {
        "id": "pk",
        "event": "event__number",
        "unit": "enrolment__unit__code",
        "state": "state",
        "declared_on": "declared_on",
    }
    ordering = ("pk",)

    def create(self, request: Request) -> Response:
        """申报本单位参加情况。"""
        given = self.given()
        event, unit = given.pop("event"), given.pop("unit")
        rows = Enrolment.objects.visible_to(request.user).filter(
            programme=event.programme, unit=unit
        )
        part = rows.order_by("part").first()
        if part is None:
            text = _("%(unit)s没有参与“%(programme)s”。")
            raise ValidationError({"unit": [text % {"unit": unit, "programme": event.programme}]})
        seats = seats_of(given.pop("people", []), unit=unit)
        return self.answer(services.declare(event, part, by=request.user, people=seats, **given))

    @action(detail=True, methods=["post"])
    def resubmit(self, request: Request, **_kwargs: str) -> Response:
        """修改后再申报。"""
        row, version = self.get_object(), self.version
        given = self.given()
        seats = seats_of(given.pop("people", []), unit=row.unit)
        return self.answer(
            services.resubmit_declaration(
                row, by=request.user, version=version, people=seats, **given
            )
        )

    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, **_kwargs: str) -> Response:
        """确认申报。"""
        return self._moved(services.confirm_declaration)

    @action(detail=True, methods=["post"], url_path="return")
    def send_back(self, request: Request, **_kwargs: str) -> Response:
        """退回修改，写原因。"""
        return self._moved(services.return_declaration)

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, **_kwargs: str) -> Response:
        """撤回申报。"""
        return self._moved(services.withdraw_declaration)

    @action(detail=True, methods=["post"])
    def undo(self, request: Request, **_kwargs: str) -> Response:
        """撤销确认。"""
        return self._moved(services.undo_confirmation)

    def _moved(self, service: Any) -> Response:
        row, version = self.get_object(), self.version
        return self.answer(service(row, by=self.request.user, version=version, **self.given()))


def seats_of(people: list[dict[str, Any]], unit: Any = None) -> list[Seat]:
    """Raises ValidationError for a seat that is nobody's."""
    seats = []
    for place, given in enumerate(people, 1):
        if not given.get("person") and not given.get("name"):
            text = _("第%(place)s人要写person或name。") % {"place": place}
            raise ValidationError({"people": [text]})
        seats.append(Seat(**({"unit": unit} | given if unit else given)))
    return seats
