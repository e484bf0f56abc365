"""`/endpoints/`: where messages go, of groups and one's own."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Permission
from core.api import ResourceSerializer
from core.api.inputs import MISSING, Choice, InputSerializer, Seen, Text
from core.api.reading import READS
from core.api.writing import WriteViewSet
from pilots.models import Unit

from ..choices import GROUP_CHANNELS, OWN_CHANNELS, Channel
from ..filters import EndpointFilter
from ..models import Endpoint
from ..services import endpoints
from .deliveries import NothingInput

OF_A_GROUP = ("unit", "name", "webhook_url")
NEW: dict[str, Any] = {
    "channel": "dingtalk_robot",
    "unit": "440300-gaj",
    "name": "数据专班工作群",
    "webhook_url": "https://oapi.dingtalk.com/robot/send?access_token=…",
    "sign": "SEC…",
}


class EndpointSerializer(ResourceSerializer):
    """One address. `unit` is the body whose people's reminders a group hears, null for one's own
    account. `address` shows no key; a number is masked. `last_error` says why the last message, or the
    last test, was not taken."""

    resource = "endpoint"

    id = serializers.IntegerField(source="pk")
    channel: Any = serializers.ChoiceField(choices=Channel.choices)
    unit = serializers.CharField(source="unit_code", allow_null=True)
    name = serializers.CharField()
    address = serializers.CharField()
    is_active = serializers.BooleanField()
    last_error = serializers.CharField()
    version = serializers.IntegerField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        return rows.annotate(unit_code=F("unit__code"))


@extend_schema_serializer(examples=[OpenApiExample("登记群机器人", NEW, request_only=True)])
class NewEndpointInput(InputSerializer):
    """A group: `unit`, `name`, `webhook_url` as the provider's page shows it, `sign` where it signs. One's
    own account: `address`, the account's id there, or a mobile number."""

    channel = Choice(Channel.choices)
    unit = Seen(Unit, required=False)
    name = Text(max_length=60, required=False)
    webhook_url = Text(max_length=1000, required=False)
    sign = Text(max_length=200, required=False)
    address = Text(max_length=200, required=False)

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        is_group = given["channel"] in GROUP_CHANNELS
        wanted = OF_A_GROUP if is_group else ("address",)
        allowed = {"channel", *wanted, *(["sign"] if is_group else [])}
        faults = {name: [str(MISSING["required"])] for name in wanted if name not in given}
        faults |= {name: [_("这个渠道没有这一项。")] for name in given if name not in allowed}
        if faults:
            raise serializers.ValidationError(faults)
        return given


class EndpointEditInput(InputSerializer):
    name = Text(max_length=60)
    webhook_url = Text(max_length=1000)
    sign = Text(max_length=200)


class EndpointViewSet(WriteViewSet):
    """接收地址：本单位和受理单位的群机器人、签名回调，本人在企业微信、飞书的账号和手机号。密钥写入后不再返回。"""

    queryset = Endpoint.objects.all()
    serializer_class = EndpointSerializer
    filterset_class = EndpointFilter
    # Whose groups they are is asked by the services.
    permission_map = dict.fromkeys(
        (*READS, "create", "partial_update", "open", "close", "test"), Permission.READ_NOTICES
    )
    inputs = {
        "create": NewEndpointInput,
        "partial_update": EndpointEditInput,
        **dict.fromkeys(("open", "close", "test"), NothingInput),
    }
    unversioned = frozenset({"create", "test"})
    lookup_field = "pk"
    ordering_fields = {"id": "pk", "channel": "channel", "unit": "unit__code", "name": "name"}
    ordering = ("pk",)

    def seen(self, rows: Any) -> QuerySet:
        """As on the pages: another person's own accounts are nobody's business, and where mail goes is
        said by the account."""
        mine = Q(user=self.request.user) & ~Q(channel=Channel.EMAIL)
        return super().seen(rows).filter(mine | ~Q(unit=None))

    def create(self, request: Request) -> Response:
        """登记群的地址或本人的账号。群的地址要先批准对外连接；本人在一个渠道用一个账号，新的代替原来的。"""
        given = self.given()
        if given["channel"] in OWN_CHANNELS:
            return self.answer(endpoints.add_own(user=request.user, **given))
        given = _as_pasted(given)
        return self.answer(_worded(lambda: endpoints.add_group(by=request.user, **given)))

    def partial_update(self, request: Request, **_kwargs: str) -> Response:
        """改群的名称，或换Webhook地址和密钥。本人的账号停用后另行登记。"""
        row, version, given = self.get_object(), self.version, _as_pasted(self.given())
        facts: Any = {"by": request.user, "version": version, **given}
        return self.answer(_worded(lambda: endpoints.change_group(row, **facts)))

    @action(detail=True, methods=["post"])
    def open(self, request: Request, **_kwargs: str) -> Response:
        """启用；本人的账号启用后，同一渠道原来的那个停用。"""
        return self._switch(is_active=True)

    @action(detail=True, methods=["post"])
    def close(self, request: Request, **_kwargs: str) -> Response:
        """停用，提醒不再发到这里。"""
        return self._switch(is_active=False)

    @action(detail=True, methods=["post"])
    def test(self, request: Request, **_kwargs: str) -> Response:
        """马上发一条测试消息，一分钟内最多2次，一人一小时内有总数限制。`last_error`为空是对方收下了，否则是原因。"""
        row = self.get_object()
        self.given()
        endpoints.send_test(row, by=request.user)
        return self.answer(row)

    def _switch(self, *, is_active: bool) -> Response:
        row, version = self.get_object(), self.version
        self.given()
        by = self.request.user
        row = endpoints.set_endpoint_active(row, is_active=is_active, by=by, version=version)
        return self.answer(row)


def _as_pasted(given: dict[str, Any]) -> dict[str, Any]:
    """`url` of an answer is where the row is, so that of a provider has another name here."""
    return {"url" if name == "webhook_url" else name: value for name, value in given.items()}


def _worded(work: Callable[[], Endpoint]) -> Endpoint:
    """What the service says of `url` is said of the field that was sent."""
    try:
        return work()
    except ValidationError as error:
        faults = error.message_dict
        if "url" in faults:
            faults["webhook_url"] = faults.pop("url")
        raise ValidationError(faults) from None
