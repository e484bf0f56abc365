"""Endpoints of teams and of the people in them."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from ... import services
from ...filters import ExpertFilter, TeamFilter
from ...models import Team, TeamMember
from .. import inputs
from ..serializers import ExpertSerializer, TeamSerializer
from .bases import RegisterViewSet, needing_read


class TeamViewSet(RegisterViewSet):
    """团队: who supports a CDO. The list shows those that stand on the day; `state` asks for ended
    or voided ones."""

    queryset = Team.objects.all()
    serializer_class = TeamSerializer
    filterset_class = TeamFilter
    filters_always = True
    permission_map = needing_read("create", "partial_update", "end", "void", "members")
    inputs = {
        "create": inputs.TeamInput,
        "partial_update": inputs.TeamMendInput,
        "end": inputs.LeaveInput,
        "void": inputs.ReasonInput,
        "members": inputs.MemberInput,
    }
    answers = {"members": ExpertSerializer}
    creating = frozenset({"create", "members"})
    unversioned = creating
    lookup_field = "number"
    ordering_fields = {
        "id": "number",
        "unit": "unit__code",
        "kind": "kind",
        "name": "name",
        "starts_on": "starts_on",
        "ends_on": "ends_on",
        "updated_at": "updated_at",
    }
    ordering = ("number",)

    def create(self, request: Request) -> Response:
        """登记团队。首席数据官办公室或工作专班，同时完成对应的任务。"""
        given = self.given()
        unit = given.pop("unit")
        self.require_reporting(unit)
        return self.answer(services.set_up_team(unit, by=request.user, **given))

    def partial_update(self, request: Request, **_kwargs: str) -> Response:
        """更正团队信息，只写要改的。"""
        row, version = self._mine(), self.version
        return self.answer(
            services.mend_team(row, by=request.user, version=version, **self.given())
        )

    @action(detail=True, methods=["post"])
    def end(self, request: Request, **_kwargs: str) -> Response:
        """登记撤销：`ends_on`为最后一天，成员同时到这一天为止。"""
        row, version = self._mine(), self.version
        on = self.given()["ends_on"]
        return self.answer(services.end_team(row, on=on, by=request.user, version=version))

    @action(detail=True, methods=["post"])
    def void(self, request: Request, **_kwargs: str) -> Response:
        """作废：登记有误。由它完成的任务不再计入。"""
        row, version = self._mine(), self.version
        return self.answer(
            services.void_team(row, by=request.user, version=version, **self.given())
        )

    @action(detail=True, methods=["post"])
    def members(self, request: Request, **_kwargs: str) -> Response:
        """加入一名成员或专家：人员写person（已登记）或new_person（新登记）。"""
        row, given = self._mine(), self.given()
        new = given.pop("new_person", None)
        who = services.NewPerson(**new) if new else given.pop("person")
        part = services.Part(**given)
        return self.answer(services.add_member(row, who, part=part, by=request.user))

    def _mine(self) -> Team:
        row: Team = self.get_object()
        self.require_reporting(row.unit)
        return row


class ExpertViewSet(RegisterViewSet):
    """专家: people of expert pools, and those brought in by contract or purchased service. The list
    shows experts only; every member of a team is read and changed by his or her id."""

    queryset = TeamMember.objects.all()
    serializer_class = ExpertSerializer
    filterset_class = ExpertFilter
    filters_always = True
    permission_map = needing_read("partial_update", "end", "void")
    inputs = {
        "partial_update": inputs.MemberMendInput,
        "end": inputs.LeaveInput,
        "void": inputs.ReasonInput,
    }
    lookup_field = "pk"
    ordering_fields = {
        "id": "pk",
        "team": "team__number",
        "unit": "team__unit__code",
        "person": "person__pinyin",
        "starts_on": "starts_on",
        "ends_on": "ends_on",
        "updated_at": "updated_at",
    }
    ordering = ("team__number",)

    def get_queryset(self) -> QuerySet:
        rows: Any = super().get_queryset()
        return rows.experts() if self.action == "list" else rows

    def partial_update(self, request: Request, **_kwargs: str) -> Response:
        """更正成员信息，只写要改的。"""
        row, version = self._mine(), self.version
        return self.answer(
            services.mend_member(row, by=request.user, version=version, **self.given())
        )

    @action(detail=True, methods=["post"])
    def end(self, request: Request, **_kwargs: str) -> Response:
        """登记退出：`ends_on`为最后一天。"""
        row, version = self._mine(), self.version
        on = self.given()["ends_on"]
        return self.answer(services.end_member(row, on=on, by=request.user, version=version))

    @action(detail=True, methods=["post"])
    def void(self, request: Request, **_kwargs: str) -> Response:
        """作废：登记有误，其实不在这个团队。"""
        row, version = self._mine(), self.version
        return self.answer(
            services.void_member(row, by=request.user, version=version, **self.given())
        )

    def _mine(self) -> TeamMember:
        row: TeamMember = self.get_object()
        self.require_reporting(row.team.unit)
        return row
