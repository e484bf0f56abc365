"""What the API says of filings (备案)."""

from datetime import date
from typing import Any

from django.db.models import F
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from core.api import ResourceSerializer

from ...choices import FilingKind, FilingStatus, Route
from ..examples import FILING
from .names import with_unit


@extend_schema_serializer(examples=[OpenApiExample("备案", FILING, response_only=True)])
class FilingSerializer(ResourceSerializer):
    """`number` (in `id`) is the file's own; `receipt_number` and `accepted_on` are what the desk
    gave it. `reported_on` counts for being on time: the letter's day where it came on paper."""

    resource = "filing"

    id = serializers.CharField(source="number")
    kind = serializers.ChoiceField(choices=FilingKind.choices)
    programme = serializers.CharField(source="programme_code")
    unit = serializers.CharField(source="unit_code")
    unit_name = serializers.CharField()
    desk = serializers.CharField(source="desk_code")
    desk_name = serializers.CharField()
    appointment = serializers.CharField(source="appointment_number", allow_null=True)
    assignment = serializers.CharField(source="assignment_number", allow_null=True)
    title = serializers.CharField()
    document_number = serializers.CharField()
    note = serializers.CharField()
    file_name = serializers.CharField()
    route = serializers.ChoiceField(choices=Route.choices)
    reported_on = serializers.DateField()
    status = serializers.ChoiceField(choices=FilingStatus.choices)
    return_reason = serializers.CharField()
    returns = serializers.IntegerField()
    receipt_number = serializers.CharField()
    accepted_on = serializers.DateField(allow_null=True)
    submitted_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)
    updated_at = serializers.DateTimeField()
    version = serializers.IntegerField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        return with_unit(rows, on, "unit", "desk").annotate(
            programme_code=F("programme__code"),
            appointment_number=F("appointment__number"),
            assignment_number=F("assignment__number"),
        )
