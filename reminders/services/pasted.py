"""The address of a group as its provider's page shows it, taken apart: a key goes apart from its place."""

import secrets as random
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core import outbound
from core.models import OutboundGate

from ..choices import Channel

# Where the key stands in the address that a provider's page gives: a parameter, or the last piece.
KEY_IN: dict[str, str] = {Channel.WECOM_ROBOT: "key", Channel.DINGTALK_ROBOT: "access_token"}


def taken_apart(channel: str, url: str, sign: str) -> tuple[str, dict[str, str]]:
    """(address without its key, what is sealed); raises ValidationError."""
    try:
        target = outbound.read(url)
    except outbound.OutboundError as error:
        raise ValidationError({"url": str(error)}) from None
    if not OutboundGate.objects.approved().filter(
        host=target.host, port=target.port, purpose="messages"
    ):
        text = _("“%(place)s”还没有批准对外连接，先请系统管理员提出、安全管理员批准。")
        raise ValidationError({"url": text % {"place": target.place}})
    if channel == Channel.WEBHOOK:
        return url, {"key": sign or random.token_urlsafe(32)}
    plain, _mark, query = url.partition("?")
    if channel in KEY_IN:
        key = parse_qs(query).get(KEY_IN[channel], [""])[0]
    else:
        plain, _slash, key = plain.rpartition("/")
    if not key or not urlsplit(plain).path:
        raise ValidationError({"url": _("把群机器人页面给出的Webhook地址完整粘贴过来")})
    return plain, {"key": key, "sign": sign}
