"""Endpoints of orders (专项通知) and remarks (批示)."""

from typing import Any

from django.core.exceptions import ValidationError as Invalid
from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ValidationError

from accounts.roles import Permission
from core import clock
from core.api.reading import READS
from core.api.writing import WriteViewSet
from pilots.models import Enrolment, Programme

from .. import filters, services
from ..models import Order, Remark
from ..queries.orders import leads_of, targets
from . import order_inputs as inputs
from .order_serializers import OrderSerializer, RemarkSerializer

DRAFTS = ("create", "partial_update", "submit", "recall")
SIGNS = ("sign", "send_back", "withdraw")


class OrderViewSet(WriteViewSet):
    """专项通知: drafted and put up by the bureau's officers, signed by its chain, issued to many units
    at the last signature. Its tasks are assignments of `obligation`."""

    queryset = Order.objects.all()
    serializer_class = OrderSerializer
    filterset_class = filters.OrderFilter
    permission_map = {
        **dict.fromkeys(READS, Permission.READ_UNITS),
        **dict.fromkeys(DRAFTS, Permission.ISSUE_DOCUMENTS),
        **dict.fromkeys(SIGNS, Permission.SIGN_DOCUMENTS),
    }
    inputs = {
        "create": inputs.OrderInput,
        "partial_update": inputs.OrderFacts,
        "submit": inputs.NothingInput,
        "recall": inputs.NothingInput,
        "sign": inputs.AgreeInput,
        "send_back": inputs.OrderReasonInput,
        "withdraw": inputs.OrderReasonInput,
    }
    lookup_field = "number"
    ordering_fields = {
        "id": "number",
        "state": "state",
        "level": "level",
        "due_on": "due_on",
        "issued_on": "issued_on",
        "updated_at": "updated_at",
    }
    ordering = ("number",)

    def create(self, request: Request) -> Response:
        """拟稿。只写标题也可以，提交审签前补齐。"""
        given = self.given()
        programme, chosen = given.pop("programme"), given.pop("leads", [])
        with transaction.atomic():
            leads = self._leads(programme, chosen)
            row = services.draft_order(programme, by=request.user, leads=leads, **given)
            row = self._with_helpers(row, chosen)
        return self.answer(row)

    def partial_update(self, request: Request, **_kwargs: str) -> Response:
        """修改草稿；没有写的保持不变，写了leads的整个换掉。"""
        row, version, given = self.get_object(), self.version, self.given()
        chosen = given.pop("leads", None)
        with transaction.atomic():
            if chosen is not None:
                given["leads"] = self._leads(row.programme, chosen)
            row = services.edit_order(row, by=request.user, version=version, **given)
            if chosen is not None:
                row = self._with_helpers(row, chosen)
        return self.answer(row)

    @action(detail=True, methods=["post"])
    def submit(self, request: Request, **_kwargs: str) -> Response:
        """提交审签。"""
        row, version = self.get_object(), self.version
        self.given()
        return self.answer(services.submit_order(row, by=request.user, version=version))

    @action(detail=True, methods=["post"])
    def recall(self, request: Request, **_kwargs: str) -> Response:
        """撤回修改，回到草稿。"""
        row, version = self.get_object(), self.version
        self.given()
        return self.answer(services.recall_order(row, by=request.user, version=version))

    @action(detail=True, methods=["post"])
    def sign(self, request: Request, **_kwargs: str) -> Response:
        """审签同意。签完最后一步，通知当场发出。"""
        row, version = self.get_object(), self.version
        given = self.given()
        return self.answer(services.sign_order(row, by=request.user, version=version, **given))

    @action(detail=True, methods=["post"], url_path="send-back")
    def send_back(self, request: Request, **_kwargs: str) -> Response:
        """退回修改，写明要改什么。"""
        row, version = self.get_object(), self.version
        given = self.given()
        return self.answer(services.send_back_order(row, by=request.user, version=version, **given))

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, **_kwargs: str) -> Response:
        """撤销，写明原因。未完成的任务一并撤销。"""
        row, version = self.get_object(), self.version
        given = self.given()
        return self.answer(services.withdraw_order(row, by=request.user, version=version, **given))

    def _leads(self, programme: Programme, chosen: list[dict[str, Any]]) -> list[Enrolment]:
        known = {row.unit_id: row for row in targets(programme, clock.today())}
        strangers = [each["unit"].code for each in chosen if each["unit"].pk not in known]
        if strangers:
            facts = {"units": "、".join(strangers), "programme": programme}
            text = _("%(units)s现在不是“%(programme)s”的试点单位，重新选择。") % facts
            raise ValidationError({"leads": [text]})
        return [known[each["unit"].pk] for each in chosen]

    def _with_helpers(self, row: Order, chosen: list[dict[str, Any]]) -> Order:
        """The order with the helpers that were sent; as it is where nobody has any."""
        leads = {lead.enrolment.unit_id: lead.pk for lead in leads_of(row)}
        helpers = {
            leads[each["unit"].pk]: [(one["unit"], one["note"]) for one in each["helpers"]]
            for each in chosen
            if each.get("helpers")
        }
        try:
            return services.choose_helpers(row, helpers, by=self.request.user) if helpers else row
        except Invalid as error:
            raise ValidationError({"leads": error.messages}) from error


class RemarkViewSet(WriteViewSet):
    """批示: given by a leader, or transcribed by a clerk; never changed, struck out with a reason."""

    queryset = Remark.objects.all()
    serializer_class = RemarkSerializer
    filterset_class = filters.RemarkFilter
    permission_map = {
        **dict.fromkeys(READS, Permission.READ_UNITS),
        **dict.fromkeys(("create", "strike"), Permission.REMARK_TASKS),
    }
    inputs = {"create": inputs.RemarkInput, "strike": inputs.OrderReasonInput}
    lookup_field = "number"
    ordering_fields = {"id": "number", "said_on": "said_on", "entered_at": "entered_at"}
    ordering = ("number",)

    def create(self, request: Request) -> Response:
        """领导本人批示只写内容；经办人转录的，写明谁、哪天、批在哪份文件上。"""
        given = self.given()
        task = given.pop("assignment")
        if "said_by" in given:
            return self.answer(services.transcribe_remark(task, by=request.user, **given))
        return self.answer(services.write_remark(task, text=given["text"], by=request.user))

    @action(detail=True, methods=["post"])
    def strike(self, request: Request, **_kwargs: str) -> Response:
        """划去，写明原因；原文仍可查看。"""
        row, version = self.get_object(), self.version
        given = self.given()
        return self.answer(services.strike_remark(row, by=request.user, version=version, **given))
