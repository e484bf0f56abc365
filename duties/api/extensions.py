"""Endpoint of requests for a later day (延期申请)."""

from datetime import date
from typing import Any

from django.db.models import F
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Permission
from core.api import ResourceSerializer
from core.api.inputs import Choice, Day, InputSerializer, Seen, Text
from core.api.reading import READS
from core.api.writing import WriteViewSet
from pilots import access
from pilots.models.units import NameOn

from .. import services
from ..choices import ExtensionState, Verdict
from ..extension_filters import ExtensionFilter
from ..models import Assignment, Extension

LONGEST = 1000  # what is too long or too short without white space, the service says
REASON = "数据核对涉及十二个业务处室，需要逐条核实来源，核对完成后才能形成正式总结，按原定日期完不成，特申请延期报送。"
NEW: dict[str, Any] = {
    "assignment": "RW-2022-0001",
    "wanted_on": "2022-05-31",
    "reason": REASON,
    "done_so_far": "已完成八个处室的核对。",
}


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "延期申请",
            {
                **NEW,
                "id": "YQ-2022-0001",
                "url": "https://portal.example.gov.cn/api/v1/extensions/YQ-2022-0001/",
                "programme": "shenzhen-2021",
                "unit": "440300-gaj",
                "unit_name": "市公安局",
                "place": 1,
                "due_on": "2022-04-30",
                "latest_on": "2022-04-30",
                "original_due_on": "2022-04-30",
                "is_late": False,
                "file_name": "",
                "state": "partly",
                "state_note": "",
                "verdict": "partly",
                "granted_on": "2022-05-15",
                "answer": "先报初稿。",
                "asked_on": "2022-04-15",
                "asked_at": "2022-04-15T10:00:00+08:00",
                "signed_at": "2022-04-15T11:00:00+08:00",
                "decided_at": "2022-04-18T09:30:00+08:00",
                "closed_on": "2022-04-18",
                "updated_at": "2022-04-18T09:30:00+08:00",
                "version": 3,
            },
            response_only=True,
        )
    ]
)
class ExtensionSerializer(ResourceSerializer):
    """`due_on` and `latest_on` are the deadline that it asks to move, `original_due_on` the task's
    first day. `granted_on` takes effect when `state` is granted or partly."""

    resource = "extension"

    id = serializers.CharField(source="number")
    programme = serializers.CharField(source="programme_code")
    unit = serializers.CharField(source="unit_code")
    unit_name = serializers.CharField()
    assignment = serializers.CharField(source="assignment_number")
    place = serializers.IntegerField()
    due_on = serializers.DateField()
    latest_on = serializers.DateField()
    original_due_on = serializers.DateField(allow_null=True)
    wanted_on = serializers.DateField()
    is_late = serializers.BooleanField()
    reason = serializers.CharField()
    done_so_far = serializers.CharField()
    file_name = serializers.CharField()
    state = serializers.ChoiceField(choices=ExtensionState.choices)
    state_note = serializers.CharField()
    verdict = serializers.ChoiceField(choices=Verdict.choices, allow_blank=True)
    granted_on = serializers.DateField(allow_null=True)
    answer = serializers.CharField()
    asked_on = serializers.DateField()
    asked_at = serializers.DateTimeField()
    signed_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    closed_on = serializers.DateField(allow_null=True)
    updated_at = serializers.DateTimeField()
    version = serializers.IntegerField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        return rows.annotate(
            programme_code=F("assignment__enrolment__programme__code"),
            unit_code=F("assignment__enrolment__unit__code"),
            unit_name=NameOn("assignment__enrolment__unit_id", on),
            assignment_number=F("assignment__number"),
            original_due_on=F("assignment__original_due_on"),
        )


class RequestInput(InputSerializer):
    """A request, mended: the same fields as a new one but for the task."""

    wanted_on = Day()
    reason = Text(max_length=LONGEST)
    done_so_far = Text(max_length=LONGEST, required=False, allow_blank=True)

    @staticmethod
    def request(given: dict[str, Any]) -> services.Request:
        return services.Request(given["wanted_on"], given["reason"], given.get("done_so_far", ""))


@extend_schema_serializer(examples=[OpenApiExample("申请", NEW, request_only=True)])
class NewExtensionInput(RequestInput):
    """`reason`: 50 to 300 characters, white space not counted."""

    assignment = Seen(Assignment, "number")


class AgreementInput(InputSerializer):
    remark = Text(max_length=500, required=False, allow_blank=True)


class BackInput(InputSerializer):
    reason = Text(max_length=500)


class WithdrawInput(InputSerializer):
    reason = Text(max_length=200, required=False, allow_blank=True)


class AnswerInput(InputSerializer):
    """`granted_on` is asked for a partial grant, `answer` for a refusal."""

    verdict = Choice(Verdict.choices)
    granted_on = Day(required=False, allow_null=True)
    answer = Text(max_length=200, required=False, allow_blank=True)


class NothingInput(InputSerializer):
    """Nothing is asked."""


class ExtensionViewSet(WriteViewSet):
    """延期申请：单位申请并审签，市政数局审批。附件和纸质审签在页面上办理。"""

    queryset = Extension.objects.all()
    serializer_class = ExtensionSerializer
    filterset_class = ExtensionFilter
    permission_map = {
        **dict.fromkeys(READS, Permission.READ_REPORTS),
        **dict.fromkeys(("create", "resubmit", "withdraw"), Permission.WRITE_REPORTS),
        **dict.fromkeys(("agree", "give_back"), Permission.SIGN_DOCUMENTS),
        **dict.fromkeys(("answer_", "undo"), Permission.REVIEW_REPORTS),
    }
    inputs = {
        "create": NewExtensionInput,
        "resubmit": RequestInput,
        "withdraw": WithdrawInput,
        "agree": AgreementInput,
        "give_back": BackInput,
        "answer_": AnswerInput,
        "undo": NothingInput,
    }
    lookup_field = "number"
    ordering_fields = {
        "id": "number",
        "unit": "assignment__enrolment__unit__code",
        "assignment": "assignment__number",
        "state": "state",
        "due_on": "due_on",
        "wanted_on": "wanted_on",
        "asked_on": "asked_on",
        "closed_on": "closed_on",
        "updated_at": "updated_at",
    }
    ordering = ("number",)

    def create(self, request: Request) -> Response:
        """申请延期，提交本单位审签。首席数据官申请的，同时审签。"""
        given = self.given()
        task: Assignment = given["assignment"]
        access.require(request.user, Permission.WRITE_REPORTS, unit=task.unit)
        asked = RequestInput.request(given)
        return self.answer(services.ask_extension(task, asked, by=request.user))

    @action(detail=True, methods=["post"])
    def resubmit(self, request: Request, **_kwargs: str) -> Response:
        """修改后再提交审签。"""
        row, version = self._of_unit(), self.version
        asked = RequestInput.request(self.given())
        row = services.resubmit_extension(row, asked, by=request.user, version=version)
        return self.answer(row)

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, **_kwargs: str) -> Response:
        """撤回申请，审批前都可以。"""
        row, version = self._of_unit(), self.version
        row = services.withdraw_extension(row, by=request.user, version=version, **self.given())
        return self.answer(row)

    @action(detail=True, methods=["post"])
    def agree(self, request: Request, **_kwargs: str) -> Response:
        """审签同意：单位的最后一步之后送市政数局，市政数局的最后一步之后生效。"""
        row, version = self.get_object(), self.version
        row = services.agree_extension(row, by=request.user, version=version, **self.given())
        return self.answer(row)

    @action(detail=True, methods=["post"], url_path="return")
    def give_back(self, request: Request, **_kwargs: str) -> Response:
        """审签退回修改，写明要改什么。"""
        row, version = self.get_object(), self.version
        row = services.send_back_extension(row, by=request.user, version=version, **self.given())
        return self.answer(row)

    @action(detail=True, methods=["post"], url_path="answer")
    def answer_(self, request: Request, **_kwargs: str) -> Response:
        """审批：同意、部分同意（写日期）或不同意（写理由）。"""
        row, version = self._at_bureau(), self.version
        given = self.given()
        row = services.decide_extension(
            row,
            Verdict(given["verdict"]),
            granted_on=given.get("granted_on"),
            answer=given.get("answer", ""),
            by=request.user,
            version=version,
        )
        return self.answer(row)

    @action(detail=True, methods=["post"])
    def undo(self, request: Request, **_kwargs: str) -> Response:
        """撤销审批结果，10分钟内、没有后续时可以。"""
        row, version = self._at_bureau(), self.version
        self.given()
        return self.answer(services.undo_decision(row, by=request.user, version=version))

    def _of_unit(self) -> Extension:
        row: Extension = self.get_object()
        access.require(self.request.user, Permission.WRITE_REPORTS, unit=row.unit)
        return row

    def _at_bureau(self) -> Extension:
        row: Extension = self.get_object()
        unit, programme = row.unit, row.programme
        needed = Permission.REVIEW_REPORTS
        access.require(self.request.user, needed, unit=unit, programme=programme)
        return row
