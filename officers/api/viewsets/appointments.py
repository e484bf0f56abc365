"""Endpoint of appointments."""

from copy import copy
from typing import Any

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock

from ... import services
from ...choices import FilingKind, Status
from ...filters import AppointmentFilter
from ...models import Appointment
from ...queries.allowed import allowed
from ...queries.rules import ruling_for
from .. import inputs
from ..serializers import AppointmentSerializer, FilingSerializer
from .bases import RegisterViewSet, needing_read, person_of, refuse_unless, taken_out
from .sending import Sent

TERM = (
    "starts_on", "known_on", "ends_on", "kind", "seat", "job_title", "level", "is_in_charge",
    "rank_reason",
)  # fmt: skip
# The state from which each of these leads on.
MOMENTS = {"confirm": Status.PROPOSED, "end": Status.APPOINTED, "reinstate": Status.ENDED}


class AppointmentViewSet(RegisterViewSet):
    """任命: one person's tenure of one post at one unit. `?on=` lists who is in office on that day,
    unless `status` asks for others; `?programme=` means units that take part as pilots then."""

    queryset = Appointment.objects.all()
    serializer_class = AppointmentSerializer
    filterset_class = AppointmentFilter
    permission_map = needing_read(
        "create", "partial_update", "confirm", "end", "void", "reinstate", "file"
    )
    inputs = {
        "create": inputs.AppointmentInput,
        "partial_update": inputs.MendInput,
        "confirm": inputs.ConfirmInput,
        "end": inputs.EndInput,
        "void": inputs.ReasonInput,
        "reinstate": inputs.ReasonInput,
        "file": inputs.FileInput,
    }
    answers = {"file": FilingSerializer}
    creating = frozenset({"create", "file"})
    unversioned = creating
    lookup_field = "number"
    ordering_fields = {
        "id": "number",
        "unit": "unit__code",
        "post": "post__code",
        "person": "person__pinyin",
        "since": "since",
        "ends_on": "ends_on",
        "signed_on": "signed_on",
        "confirmed_on": "confirmed_on",
        "status": "status",
        "updated_at": "updated_at",
    }
    ordering = ("number",)

    def create(self, request: Request) -> Response:
        """登记任命：由本单位任免或由市政数局登记的，登记即为已任命；由别的机关任命的，单位登记为拟任。

        带departure的，同一席位的现任同时离任。人员写person（已登记）或new_person（新登记）。
        """
        given = self.given()
        unit, post = given.pop("unit"), given.pop("post")
        self.require_reporting(unit)
        departure = given.pop("departure", None)
        row = services.report_appointment(
            person_of(given, unit=unit, by=request.user),
            unit,
            post,
            term=services.Term(**{"starts_on": None, **taken_out(given, *TERM)}),
            paper=_paper(given),
            departure=_departure(departure) if departure else None,
            reason=given.get("reason", ""),
            by=request.user,
        )
        return self.answer(row)

    def partial_update(self, request: Request, **_kwargs: str) -> Response:
        """更正任命：只写要改的。人、单位、岗位有误的，作废后重新登记。"""
        row = self._row("mend")
        version, given = self.version, self.given()
        return self.answer(
            services.mend_appointment(row, by=request.user, version=version, **given)
        )

    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, **_kwargs: str) -> Response:
        """确认任命：拟任 → 已任命。权限自这一刻起，备案不影响。"""
        row, version = self._row("confirm"), self.version
        paper = _paper(self.given())
        return self.answer(
            services.confirm_appointment(row, paper=paper, by=request.user, version=version)
        )

    @action(detail=True, methods=["post"])
    def end(self, request: Request, **_kwargs: str) -> Response:
        """登记免职或卸任：`ends_on`为在任的最后一天。权限在同一秒终止。"""
        row, version = self._row("end"), self.version
        leaves = _departure(self.given())
        row = services.end_appointment(
            row,
            on=leaves.on,
            ending=leaves.ending,
            paper=leaves.paper,
            reason=leaves.reason,
            by=request.user,
            version=version,
        )
        return self.answer(row)

    @action(detail=True, methods=["post"])
    def void(self, request: Request, **_kwargs: str) -> Response:
        """作废：登记有误。由它完成的任务不再计入，报上去的备案同时撤回。"""
        row, version = self._row("void"), self.version
        return self.answer(
            services.void_appointment(row, by=request.user, version=version, **self.given())
        )

    @action(detail=True, methods=["post"])
    def reinstate(self, request: Request, **_kwargs: str) -> Response:
        """撤销免职登记：其实没有离任。"""
        row, version = self._row("reinstate"), self.version
        return self.answer(
            services.reinstate(row, by=request.user, version=version, **self.given())
        )

    @action(detail=True, methods=["post"])
    def file(self, request: Request, **_kwargs: str) -> Response:
        """报备这项任命；`kind`为removal时报备免职。来文由备案机关登记（`route`为paper）。"""
        row, given = self.get_object(), self.given()
        given.setdefault("document_number", row.document_number)
        sent = Sent.of(given, unit=row.unit, by=request.user)
        kind = given.get("kind", FilingKind.APPOINTMENT)
        filing = services.file_appointment(
            row, kind=kind, letter=sent.letter, route=sent.route, by=request.user
        )
        return self.answer(sent.checked(filing))

    def _row(self, right: str) -> Appointment:
        """The appointment of the address; raises PermissionRefused when the caller may do that to
        it at no moment. What only the present moment forbids is refused by the service (409)."""
        row: Appointment = self.get_object()
        ruling = ruling_for(row.unit, row.post, row.since or clock.today())
        then = copy(row)
        then.status = MOMENTS.get(right, row.status)
        if then.status == Status.VOIDED:
            then.status = Status.APPOINTED
        refuse_unless(getattr(allowed(self.request.user, then, ruling), right))
        return row


def _paper(given: dict[str, Any]) -> services.Paper:
    return services.Paper(
        number=given.get("document_number", ""),
        title=given.get("document_title", ""),
        signed_on=given.get("signed_on"),
    )


def _departure(given: dict[str, Any]) -> services.Departure:
    paper = services.Paper(
        number=given.get("ending_number", ""), signed_on=given.get("ending_signed_on")
    )
    return services.Departure(
        on=given["ends_on"],
        ending=given["ending"],
        paper=paper,
        reason=given.get("ending_reason", ""),
    )
