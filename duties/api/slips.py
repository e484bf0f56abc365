"""Endpoint of slips (提醒单)."""

from datetime import date
from typing import Any

from django.db.models import F, Prefetch
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Permission
from core.api import PlainSerializer, ResourceSerializer
from core.api.inputs import Choice, Day, Flag, InputSerializer, Seen, Text
from core.api.reading import READS
from core.api.writing import WriteViewSet
from pilots import access
from pilots.models.units import NameOn

from .. import services
from ..choices import SlipLevel, SlipState
from ..models import Assignment, Slip, SlipReply
from ..queries.merging import TEMPLATES
from ..slip_filters import SlipFilter
from .extensions import AgreementInput, BackInput

NEW: dict[str, Any] = {
    "assignment": "RW-2022-0001",
    "level": "chase",
    "template": "你单位“{{任务}}”截止日期为{{截止日期}}，现{{逾期天数}}。请抓紧办理。",
    "reply_by": "2022-05-16",
}


class SlipReplySerializer(PlainSerializer):
    text = serializers.CharField()
    file_name = serializers.CharField()
    replied_on = serializers.DateField()
    replied_at = serializers.DateTimeField()


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "提醒单",
            {
                "id": "TX-2022-0001",
                "url": "https://portal.example.gov.cn/api/v1/slips/TX-2022-0001/",
                "programme": "shenzhen-2021",
                "unit": "440300-gaj",
                "unit_name": "市公安局",
                "assignment": "RW-2022-0001",
                "issuer": "440300-zsj",
                "level": "chase",
                "label": "催办",
                "text": "你单位“报送试点工作总结”截止日期为2022年4月30日，现逾期10天。请抓紧办理。",
                "due_on": "2022-04-30",
                "reply_by": "2022-05-16",
                "is_at_once": False,
                "state": "replied",
                "state_note": "",
                "drafted_on": "2022-05-10",
                "sent_on": "2022-05-10",
                "sent_at": "2022-05-10T10:00:00+08:00",
                "replied_on": "2022-05-11",
                "replies": [
                    {
                        "text": "5月13日前报送。",
                        "file_name": "",
                        "replied_on": "2022-05-11",
                        "replied_at": "2022-05-11T09:00:00+08:00",
                    }
                ],
                "updated_at": "2022-05-11T09:00:00+08:00",
                "version": 2,
            },
            response_only=True,
        )
    ]
)
class SlipSerializer(ResourceSerializer):
    """`label` is what the level was called when it was drafted; `text` is merged and stays. An answer
    that is late is `state` sent with `reply_by` in the past."""

    resource = "slip"

    id = serializers.CharField(source="number")
    programme = serializers.CharField(source="programme_code")
    unit = serializers.CharField(source="unit_code")
    unit_name = serializers.CharField()
    assignment = serializers.CharField(source="assignment_number")
    issuer = serializers.CharField(source="issuer_code")
    level = serializers.ChoiceField(choices=SlipLevel.choices)
    label = serializers.CharField()  # type: ignore[assignment]
    text = serializers.CharField()
    due_on = serializers.DateField(allow_null=True)
    reply_by = serializers.DateField(allow_null=True)
    is_at_once = serializers.BooleanField()
    state = serializers.ChoiceField(choices=SlipState.choices)
    state_note = serializers.CharField()
    drafted_on = serializers.DateField()
    sent_on = serializers.DateField(allow_null=True)
    sent_at = serializers.DateTimeField(allow_null=True)
    replied_on = serializers.DateField(allow_null=True)
    replies = SlipReplySerializer(many=True, source="answers")
    updated_at = serializers.DateTimeField()
    version = serializers.IntegerField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        replies = SlipReply.objects.order_by("pk")
        return rows.annotate(
            programme_code=F("assignment__enrolment__programme__code"),
            unit_code=F("assignment__enrolment__unit__code"),
            unit_name=NameOn("assignment__enrolment__unit_id", on),
            assignment_number=F("assignment__number"),
            issuer_code=F("issuer__code"),
        ).prefetch_related(Prefetch("replies", replies, to_attr="answers"))


@extend_schema_serializer(examples=[OpenApiExample("发提醒单", NEW, request_only=True)])
class NewSlipInput(InputSerializer):
    """Without `template` the usual words of the level are used. `is_at_once` is for the strongest level
    only: the slip leaves outside of working hours too."""

    assignment = Seen(Assignment, "number")
    level = Choice(SlipLevel.choices)
    template = Text(max_length=1000, required=False)
    reply_by = Day(required=False, allow_null=True)
    is_at_once = Flag(required=False)


class SlipEditInput(InputSerializer):
    template = Text(max_length=1000)
    reply_by = Day(required=False, allow_null=True)
    is_at_once = Flag(required=False)


class CancelInput(InputSerializer):
    reason = Text(max_length=200)


class ReplyInput(InputSerializer):
    text = Text(max_length=500)


class SlipViewSet(WriteViewSet):
    """提醒单：牵头单位对一项任务发一张，单位回复。最高一级先经审定。附件和纸质审签在页面上办理。"""

    queryset = Slip.objects.all()
    serializer_class = SlipSerializer
    filterset_class = SlipFilter
    permission_map = {
        **dict.fromkeys(READS, Permission.READ_REPORTS),
        **dict.fromkeys(("create", "resubmit", "cancel"), Permission.ISSUE_DOCUMENTS),
        **dict.fromkeys(("agree", "give_back"), Permission.SIGN_DOCUMENTS),
        "reply": Permission.WRITE_REPORTS,
    }
    inputs = {
        "create": NewSlipInput,
        "resubmit": SlipEditInput,
        "cancel": CancelInput,
        "agree": AgreementInput,
        "give_back": BackInput,
        "reply": ReplyInput,
    }
    lookup_field = "number"
    ordering_fields = {
        "id": "number",
        "unit": "assignment__enrolment__unit__code",
        "assignment": "assignment__number",
        "level": "level",
        "state": "state",
        "sent_on": "sent_on",
        "reply_by": "reply_by",
        "updated_at": "updated_at",
    }
    ordering = ("number",)

    def create(self, request: Request) -> Response:
        """发提醒单；最高一级提交审定，审定后发出。"""
        given = self.given()
        task: Assignment = given["assignment"]
        access.require(request.user, Permission.ISSUE_DOCUMENTS, programme=task.programme)
        words = given.get("template") or TEMPLATES[given["level"]]
        draft = services.Draft(
            given["level"], words, given.get("reply_by"), given.get("is_at_once", False)
        )
        return self.answer(services.issue_slip(task, draft, by=request.user))

    @action(detail=True, methods=["post"])
    def resubmit(self, request: Request, **_kwargs: str) -> Response:
        """退回后修改，再次提交审定。"""
        row, version = self._of_bureau(), self.version
        given = {"reply_by": None, **self.given()}
        return self.answer(services.resubmit_slip(row, by=request.user, version=version, **given))

    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, **_kwargs: str) -> Response:
        """发出前不再发出，写明原因。"""
        row, version = self._of_bureau(), self.version
        row = services.cancel_slip(row, by=request.user, version=version, **self.given())
        return self.answer(row)

    @action(detail=True, methods=["post"])
    def agree(self, request: Request, **_kwargs: str) -> Response:
        """审定同意；最后一步之后发出，任务已完成的不发。"""
        row, version = self.get_object(), self.version
        row = services.agree_slip(row, by=request.user, version=version, **self.given())
        return self.answer(row)

    @action(detail=True, methods=["post"], url_path="return")
    def give_back(self, request: Request, **_kwargs: str) -> Response:
        """审定退回修改，写明要改什么。"""
        row, version = self.get_object(), self.version
        row = services.send_back_slip(row, by=request.user, version=version, **self.given())
        return self.answer(row)

    @action(detail=True, methods=["post"])
    def reply(self, request: Request, **_kwargs: str) -> Response:
        """回复；可以再补充。"""
        row, version = self.get_object(), self.version
        access.require(request.user, Permission.WRITE_REPORTS, unit=row.unit)
        reply = services.reply_slip(row, by=request.user, version=version, **self.given())
        return self.answer(reply.slip)

    def _of_bureau(self) -> Slip:
        row: Slip = self.get_object()
        access.require(self.request.user, Permission.ISSUE_DOCUMENTS, programme=row.programme)
        return row
