"""What the API says of a round of signing (审签单)."""

from datetime import date
from typing import Any

from django.db.models import F
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from core.api import PlainSerializer, ResourceSerializer
from pilots.models.units import NameOn

from ..choices import Decision, Purpose, Route, State, StepKind

EXAMPLE: dict[str, Any] = {
    "id": "SQ-2022-0001",
    "url": "https://portal.example.gov.cn/api/v1/approvals/SQ-2022-0001/",
    "purpose": "report",
    "subject": "BG-2022-0001",
    "title": "2022年第一季度进展报告",
    "programme": "shenzhen-2021",
    "unit": "440300-gaj",
    "unit_name": "市公安局",
    "round": 1,
    "length": 935,
    "due_on": "2022-04-15",
    "state": "signed",
    "opened_on": "2022-04-12",
    "opened_by": "chenjing",
    "opened_at": "2022-04-12T10:00:00+08:00",
    "closed_at": "2022-04-13T09:30:00+08:00",
    "steps": [
        {
            "position": 1,
            "kind": "cdo",
            "signer": None,
            "decision": "agreed",
            "remark": "",
            "route": "online",
            "signed_name": "演示人员01",
            "on_behalf_of": "",
            "signed_on": "2022-04-13",
            "scan_name": "",
        }
    ],
    "version": 2,
}


class ApprovalStepSerializer(PlainSerializer):
    """One step: `decision` is empty while it waits or was never reached; `on_behalf_of` names who
    lent the signature."""

    position = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=StepKind.choices)
    signer = serializers.SerializerMethodField()
    decision = serializers.ChoiceField(choices=Decision.choices, allow_blank=True)
    remark = serializers.CharField()
    route = serializers.ChoiceField(choices=Route.choices, allow_blank=True)
    signed_name = serializers.CharField()
    on_behalf_of = serializers.CharField()
    signed_on = serializers.DateField(allow_null=True)
    scan_name = serializers.CharField()

    def get_signer(self, row: Any) -> str | None:
        """指定的签署人的账号"""
        return row.signer.username if row.signer is not None else None


@extend_schema_serializer(examples=[OpenApiExample("审签单", EXAMPLE, response_only=True)])
class ApprovalSerializer(ResourceSerializer):
    """One round of signing of the thing whose number is `subject`; `length` is in characters."""

    resource = "approval"

    id = serializers.CharField(source="number")
    purpose = serializers.ChoiceField(choices=Purpose.choices)
    subject = serializers.CharField()
    title = serializers.CharField()
    programme = serializers.CharField(source="programme_code")
    unit = serializers.CharField(source="unit_code")
    unit_name = serializers.CharField()
    round = serializers.IntegerField()
    length = serializers.IntegerField()
    due_on = serializers.DateField(allow_null=True)
    state = serializers.ChoiceField(choices=State.choices)
    opened_on = serializers.DateField()
    opened_by = serializers.CharField(source="opened_by_name", allow_null=True)
    opened_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    steps = ApprovalStepSerializer(many=True, source="course")
    version = serializers.IntegerField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        return rows.with_steps().annotate(
            programme_code=F("programme__code"),
            unit_code=F("unit__code"),
            unit_name=NameOn("unit_id", on),
            opened_by_name=F("opened_by__username"),
        )
