"""What is taken of orders and remarks."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from core.api.inputs import Choice, Day, InputSerializer, Seen, Text
from core.document_numbers import LONGEST
from pilots.models import Programme, Unit

from ..choices import Level
from ..models import Assignment, DutyArea
from ..models.orders import ACCEPTANCE, WANTED
from ..models.remarks import LONGEST as REMARK

NEW_ORDER = {
    "programme": "shenzhen-2021",
    "title": "关于报送公共数据共享需求清单的通知",
    "level": "important",
    "source_title": "2022年数字政府改革建设工作要点",
    "source_number": "粤办函〔2022〕24号",
    "wanted": "梳理本单位共享需求，按模板填报。",
    "acceptance": "清单盖章，字段完整。",
    "due_on": "2022-05-27",
    "leads": [{"unit": "440300-gaj", "helpers": [{"unit": "440300-fgw", "note": "提供数据"}]}],
}
NEW_REMARK = {
    "assignment": "RW-2022-0007",
    "text": "请抓紧办理，月底前报结果。",
    "said_by": "演示人员01",
    "said_on": "2022-05-06",
    "document_title": "关于试点工作进展的报告",
}


class HelperInput(InputSerializer):
    """A unit that helps, and with what."""

    unit = Seen(Unit)
    note = Text(max_length=200, required=False, allow_blank=True, default="")


class LeadInput(InputSerializer):
    """A unit that leads, and who helps it."""

    unit = Seen(Unit)
    helpers = HelperInput(many=True, required=False)


class OrderFacts(InputSerializer):
    """What a draft says; what is not sent stays as it is."""

    title = Text(max_length=120)
    short_title = Text(max_length=20, required=False, allow_blank=True)
    level = Choice(Level.choices, required=False)
    document_number = Text(max_length=LONGEST, required=False, allow_blank=True)
    source_title = Text(max_length=200, required=False, allow_blank=True)
    source_number = Text(max_length=LONGEST, required=False, allow_blank=True)
    area = Seen(DutyArea, required=False, allow_null=True)
    wanted = Text(max_length=WANTED, required=False, allow_blank=True)
    acceptance = Text(max_length=ACCEPTANCE, required=False, allow_blank=True)
    due_on = Day(required=False, allow_null=True)
    leads = LeadInput(many=True, required=False)


@extend_schema_serializer(examples=[OpenApiExample("拟稿", NEW_ORDER, request_only=True)])
class OrderInput(OrderFacts):
    programme = Seen(Programme)


class AgreeInput(InputSerializer):
    """同意, with a remark where there is one."""

    remark = Text(max_length=500, required=False, allow_blank=True, default="")


class OrderReasonInput(InputSerializer):
    reason = Text(max_length=500)


class NothingInput(InputSerializer):
    """Nothing is asked."""


@extend_schema_serializer(examples=[OpenApiExample("批示转录", NEW_REMARK, request_only=True)])
class RemarkInput(InputSerializer):
    """A leader's own words; with `said_by`, `said_on` and `document_title` those that a clerk
    transcribes."""

    assignment = Seen(Assignment, key="number")
    text = Text(max_length=REMARK)
    said_by = Text(max_length=60, required=False)
    said_on = Day(required=False)
    document_title = Text(max_length=200, required=False)
    document_number = Text(max_length=LONGEST, required=False, allow_blank=True)

    def validate(self, attrs: dict) -> dict:
        needed = ("said_by", "said_on", "document_title")
        given = [name for name in (*needed, "document_number") if attrs.get(name)]
        missing = [name for name in needed if given and not attrs.get(name)]
        if missing:
            fault = self.fields[missing[0]].error_messages["required"]
            raise serializers.ValidationError({name: [fault] for name in missing})
        return attrs
