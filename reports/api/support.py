"""What the API says and takes of requests for support (问题建议与支持事项)."""

from datetime import date
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from core.api import ResourceSerializer
from core.api.inputs import Choice, Day, InputSerializer, Seen, Text
from core.api.reading import PlainSerializer
from pilots.models import Enrolment, Programme, Unit
from pilots.models.units import NameOn

from ..choices import SupportKind, SupportMove, SupportNature, SupportStatus
from ..models import Report

LONG = 2000
NEW: dict[str, Any] = {
    "programme": "shenzhen-2021",
    "unit": "440300-gaj",
    "nature": "support",
    "kind": "exchange",
    "title": "申请接入人口库数据",
    "text": "核对目录需要人口库数据，请协调数据共享交换。",
}


class SupportReplySerializer(PlainSerializer):
    """One thing said: `move` is answer, reopen or withdraw. Files are taken on the page."""

    move = serializers.ChoiceField(choices=SupportMove.choices)
    text = serializers.CharField()
    file_name = serializers.CharField()
    said_on = serializers.DateField()


class SupportSerializer(ResourceSerializer):
    """支持事项. `answer_by` is empty until the bureau sets it; `replies` are what both sides said."""

    resource = "support-request"

    id = serializers.CharField(source="number")
    programme = serializers.CharField(source="programme_code")
    unit = serializers.CharField(source="unit_code")
    unit_name = serializers.CharField()
    report = serializers.CharField(source="report_number", allow_null=True)
    section = serializers.CharField(source="section_key")
    nature = serializers.ChoiceField(choices=SupportNature.choices)
    kind = serializers.ChoiceField(choices=SupportKind.choices, allow_blank=True)
    title = serializers.CharField()
    text = serializers.CharField()
    status = serializers.ChoiceField(choices=SupportStatus.choices)
    answer_by = serializers.DateField(allow_null=True)
    raised_on = serializers.DateField()
    raised_at = serializers.DateTimeField()
    answered_on = serializers.DateField(allow_null=True)
    closed_on = serializers.DateField(allow_null=True)
    updated_at = serializers.DateTimeField()
    replies = serializers.SerializerMethodField()
    version = serializers.IntegerField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        return rows.annotate(
            programme_code=F("enrolment__programme__code"),
            unit_code=F("enrolment__unit__code"),
            unit_name=NameOn("enrolment__unit_id", on),
            report_number=F("report__number"),
        ).prefetch_related("replies")

    def get_replies(self, row: Any) -> list[dict[str, Any]]:
        """What both sides said, the oldest first."""
        one = SupportReplySerializer()
        return [one.to_representation(reply) for reply in row.replies.all()]


@extend_schema_serializer(examples=[OpenApiExample("提出", NEW, request_only=True)])
class SupportInput(InputSerializer):
    """`kind` goes with nature support. `unit` is where it is raised for, in the programme; with
    `report` and `section` it comes out of one of the unit's reports."""

    programme = Seen(Programme)
    unit = Seen(Unit)
    report = Seen(Report, "number", required=False)
    section = Text(max_length=80, required=False, allow_blank=True)
    nature = Choice(SupportNature.choices)
    kind = Choice(SupportKind.choices, required=False, allow_blank=True)
    title = Text(max_length=100)
    text = Text(max_length=LONG)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """`place` is the part as a pilot that programme and unit name together."""
        rows = Enrolment.objects.visible_to(self.context["request"].user).filter(
            programme=attrs["programme"], unit=attrs["unit"], part="pilot", withdrawn_on=None
        )
        attrs["place"] = rows.select_related("unit", "programme").first()
        if attrs["place"] is None:
            facts = {"unit": attrs["unit"].display_name}
            raise serializers.ValidationError(
                {"unit": [_("%(unit)s不是这个方案的试点单位。") % facts]}
            )
        return attrs


class SupportChangeInput(InputSerializer):
    """Any of them; what is left out stays."""

    nature = Choice(SupportNature.choices)
    kind = Choice(SupportKind.choices, allow_blank=True)
    title = Text(max_length=100)
    text = Text(max_length=LONG)


class PromiseInput(InputSerializer):
    answer_by = Day()


class SayInput(InputSerializer):
    text = Text(max_length=LONG)


class SupportReasonInput(InputSerializer):
    reason = Text(max_length=200)
