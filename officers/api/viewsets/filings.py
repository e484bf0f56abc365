"""Endpoint of filings (备案)."""

from django.utils.translation import gettext as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ValidationError

from accounts.roles import Permission
from core import clock
from pilots.choices import Part
from pilots.models import Enrolment, Programme, Unit

from ... import services
from ...choices import FilingMove
from ...filters import FilingFilter
from ...models import Filing
from ...queries.desks import require_decider
from .. import inputs
from ..serializers import FilingSerializer
from .bases import WRITERS, RegisterViewSet, needing_read
from .sending import Sent


class FilingViewSet(RegisterViewSet):
    """备案: what a unit reports for the record, and what its desk answers. Appointments are filed at
    `/appointments/{id}/file/`."""

    queryset = Filing.objects.all()
    serializer_class = FilingSerializer
    filterset_class = FilingFilter
    permission_map = needing_read("create", "accept", "give_back", "resubmit", "withdraw", "reopen")
    writers = (*WRITERS, Permission.DECIDE_FILINGS)
    inputs = {
        "create": inputs.PlanInput,
        "accept": inputs.AcceptInput,
        "give_back": inputs.ReasonInput,
        "resubmit": inputs.ResubmitInput,
        "withdraw": inputs.ReasonInput,
        "reopen": inputs.ReasonInput,
    }
    lookup_field = "number"
    ordering_fields = {
        "id": "number",
        "unit": "unit__code",
        "status": "status",
        "reported_on": "reported_on",
        "accepted_on": "accepted_on",
        "receipt_number": "receipt_number",
        "updated_at": "updated_at",
    }
    ordering = ("number",)

    def create(self, request: Request) -> Response:
        """报备实施方案。来文由牵头单位登记（`route`为paper，写来文日期）。"""
        given = self.given()
        sent = Sent.of(given, unit=given["unit"], by=request.user)
        filing = services.file_plan(
            self._enrolment(given["programme"], given["unit"]),
            title=given.get("title", ""),
            letter=sent.letter,
            route=sent.route,
            by=request.user,
        )
        return self.answer(sent.checked(filing))

    @action(detail=True, methods=["post"])
    def accept(self, request: Request, **_kwargs: str) -> Response:
        """准予备案，给编号和日期。对应的任务在同一事务内完成。"""
        row, version = self._at_desk(), self.version
        given = self.given()
        row = services.accept_filing(
            row,
            receipt_number=given.get("receipt_number", ""),
            on=given.get("accepted_on"),
            by=request.user,
            version=version,
        )
        return self.answer(row)

    @action(detail=True, methods=["post"], url_path="return")
    def give_back(self, request: Request, **_kwargs: str) -> Response:
        """退回补正，写明要补正什么。"""
        row, version = self._at_desk(), self.version
        return self.answer(
            services.return_filing(row, by=request.user, version=version, **self.given())
        )

    @action(detail=True, methods=["post"])
    def resubmit(self, request: Request, **_kwargs: str) -> Response:
        """补正后再报；没有写的保持不变，首次报备的日期不变。"""
        row, version = self._of_unit(), self.version
        return self.answer(
            services.resubmit_filing(row, by=request.user, version=version, **self.given())
        )

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, **_kwargs: str) -> Response:
        """撤回报备。"""
        row, version = self._of_unit(), self.version
        move = FilingMove.WITHDRAW
        return self.answer(
            services.take_off_desk(row, move, by=request.user, version=version, **self.given())
        )

    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, **_kwargs: str) -> Response:
        """撤销备案，退回补正：准予备案有误。由它完成的任务不再计入。"""
        row, version = self._at_desk(), self.version
        return self.answer(
            services.reopen_filing(row, by=request.user, version=version, **self.given())
        )

    def _at_desk(self) -> Filing:
        row: Filing = self.get_object()
        require_decider(self.request.user, row)
        return row

    def _of_unit(self) -> Filing:
        row: Filing = self.get_object()
        self.require_reporting(row.unit)
        return row

    def _enrolment(self, programme: Programme, unit: Unit) -> Enrolment:
        rows = Enrolment.objects.visible_to(self.request.user).standing(clock.today())
        found = rows.filter(programme=programme, unit=unit, part=Part.PILOT).first()
        if found is None:
            facts = {"unit": unit, "programme": programme}
            message = _("%(unit)s没有参与“%(programme)s”，不用报备实施方案。")
            raise ValidationError({"unit": [message % facts]})
        return found
