"""`/deliveries/`: the messages, and what became of each."""

from datetime import date
from typing import Any

from django.db.models import Prefetch
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Permission
from core.api import ResourceSerializer
from core.api.inputs import InputSerializer
from core.api.reading import READS
from core.api.writing import WriteViewSet
from core.errors import PermissionRefused

from .. import queries, services
from ..choices import Channel, DeliveryState, Manner, Reason
from ..filters import DeliveryFilter
from ..models import Delivery, DeliveryLine, Notice


class DeliverySerializer(ResourceSerializer):
    """One message to one address. `recipient` is null for a group; `notices` are the ids of what it
    carries, as far as the caller sees them; the address itself is not told."""

    resource = "delivery"

    id = serializers.IntegerField(source="pk")
    channel: Any = serializers.ChoiceField(choices=Channel.choices, source="endpoint.channel")
    recipient = serializers.SerializerMethodField()
    notices = serializers.SerializerMethodField()
    state = serializers.ChoiceField(choices=DeliveryState.choices)
    manner = serializers.ChoiceField(choices=Manner.choices)
    for_on = serializers.DateField(allow_null=True)
    next_at = serializers.DateTimeField()
    tries = serializers.IntegerField()
    is_uncertain = serializers.BooleanField()
    last_error = serializers.CharField()
    reason = serializers.ChoiceField(choices=Reason.choices, allow_blank=True)
    created_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        seen = DeliveryLine.objects.filter(notice__in=Notice.objects.visible_to(user))
        lines = Prefetch("lines", seen.order_by("id"), to_attr="seen_lines")
        return rows.select_related("endpoint__user").prefetch_related(lines)

    def get_recipient(self, row: Any) -> str | None:
        return row.endpoint.user.username if row.endpoint.user else None

    def get_notices(self, row: Any) -> list[int]:
        return [line.notice_id for line in row.seen_lines]


class NothingInput(InputSerializer):
    """No content."""


class DeliveryViewSet(WriteViewSet):
    """发送记录: the bureau sees the messages of its programmes, everybody the own."""

    queryset = Delivery.objects.all()
    serializer_class = DeliverySerializer
    filterset_class = DeliveryFilter
    permission_map = {
        **dict.fromkeys(READS, Permission.READ_NOTICES),
        **dict.fromkeys(("resend", "give_up"), Permission.MANAGE_ASSIGNMENTS),
    }
    inputs = {"resend": NothingInput, "give_up": NothingInput}
    unversioned = frozenset({"resend", "give_up"})
    lookup_field = "pk"
    ordering_fields = {
        "id": "pk",
        "state": "state",
        "created_at": "created_at",
        "sent_at": "sent_at",
        "for_on": "for_on",
    }
    ordering = ("-pk",)

    @action(detail=True, methods=["post"])
    def resend(self, request: Request, **_kwargs: str) -> Response:
        """重新发送：只限未送达和等人工决定的。"""
        row = self._managed()
        self.given()
        return self.answer(services.resend(row, by=request.user))

    @action(detail=True, methods=["post"], url_path="give-up")
    def give_up(self, request: Request, **_kwargs: str) -> Response:
        """不再发送：已用其他方式告知，或确认已经收到。还带着别的方案的提醒时返回409。"""
        row = self._managed()
        self.given()
        queries.require_all(row, request.user)
        return self.answer(services.give_up(row, by=request.user))

    def _managed(self) -> Delivery:
        row = self.get_object()
        if not queries.may_manage(row, self.request.user):
            raise PermissionRefused
        return row
