"""What the API says of hand-overs (交接)."""

from datetime import date
from typing import Any

from django.db.models import F
from rest_framework import serializers

from core.api import PlainSerializer, ResourceSerializer

from .names import with_unit


class HandoverItemSerializer(PlainSerializer):
    """One thing that was open, and what became of it."""

    part = serializers.CharField()
    title = serializers.CharField()
    detail = serializers.CharField()
    fate = serializers.CharField()

    def to_representation(self, row: Any) -> dict[str, Any]:
        return {name: row.get(name, "") for name in self._declared_fields}


class HandoverSerializer(ResourceSerializer):
    """`items` as the list stood on that day; never changed afterwards."""

    resource = "handover"

    id = serializers.CharField(source="number")
    unit = serializers.CharField(source="unit_code")
    unit_name = serializers.CharField()
    leaver = serializers.UUIDField(source="leaver_uuid")
    leaver_name = serializers.CharField()
    taker = serializers.UUIDField(source="taker_uuid", allow_null=True)
    taker_name = serializers.CharField(allow_null=True)
    appointment = serializers.CharField(source="appointment_number", allow_null=True)
    handed_over_on = serializers.DateField(source="on")
    note = serializers.CharField()
    items = HandoverItemSerializer(many=True)
    created_at = serializers.DateTimeField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        return with_unit(rows, on, "unit").annotate(
            leaver_uuid=F("leaver__uuid"),
            leaver_name=F("leaver__name"),
            taker_uuid=F("taker__uuid"),
            taker_name=F("taker__name"),
            appointment_number=F("appointment__number"),
        )
