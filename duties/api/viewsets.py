"""Endpoints of duty areas, obligations and assignments."""

from typing import Any

from accounts.roles import Permission
from core.api import ReadViewSet
from core.api.reading import READS
from pilots.api.viewsets import PackViewSet

from .. import filters
from ..models import Assignment, DutyArea, Obligation
from . import serializers


class DutyAreaViewSet(PackViewSet):
    """职责: one group of a CDO's duties, with its items."""

    queryset = DutyArea.objects.all()
    serializer_class = serializers.DutyAreaSerializer
    filterset_class = filters.DutyAreaFilter
    permission_map = dict.fromkeys(READS, Permission.READ_PROGRAMME)
    ordering_fields = {"id": "code", "programme": "programme__code", "position": "position"}
    ordering = ("programme__position", "programme__code", "position")


class ObligationViewSet(PackViewSet):
    """规定任务: what a clause, the bureau or an order demands of which bodies."""

    queryset = Obligation.objects.all()
    serializer_class = serializers.ObligationSerializer
    filterset_class = filters.ObligationFilter
    permission_map = dict.fromkeys(READS, Permission.READ_PROGRAMME)
    ordering_fields = {
        "id": "code",
        "programme": "programme__code",
        "nature": "nature",
        "due_on": "due_on",
        "latest_on": "latest_on",
        "position": "position",
    }
    ordering = ("programme__position", "programme__code", "position", "code")


class AssignmentViewSet(ReadViewSet):
    """任务: one obligation falling on one body. Light, reason and count are those of `?on=`. The list
    holds what the caller's units owe, with `?helping=true` what they help with (协办); either can be
    read by its `id`."""

    queryset = Assignment.objects.all()
    serializer_class = serializers.AssignmentSerializer
    filterset_class = filters.AssignmentFilter
    permission_map = dict.fromkeys(READS, Permission.READ_UNITS)
    lookup_field = "number"
    ordering_fields = {
        "id": "number",
        "due_on": "due_on",
        "latest_on": "latest_on",
        "last_workday_on": "last_workday_on",
        "done_on": "done_on",
        "status": "status",
        "unit": "enrolment__unit__code",
        "obligation": "obligation__code",
        "programme": "enrolment__programme__code",
        "updated_at": "updated_at",
    }
    ordering = ("number",)

    def seen(self, rows: Any) -> Any:
        user = self.request.user
        if self.action == "retrieve":
            return rows.readable_by(user)
        is_helping = self.request.query_params.get("helping") == "true"
        return rows.helped_by(user) if is_helping else rows.visible_to(user)
