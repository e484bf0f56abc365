"""The address of a group as its provider's page shows it, taken apart: a key goes apart from its place."""

import secrets as random
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core import outbound

from ..choices import Channel
from .gates import require_gate

# Where the key stands in the address that a provider's page gives: a parameter, or the last piece.
KEY_IN: dict[str, str] = {Channel.WECOM_ROBOT: "key", Channel.DINGTALK_ROBOT: "access_token"}
# Where the providers' robots are (domain.md C.5); 飞书 has a second house abroad.
HOSTS: dict[str, tuple[str, ...]] = {
    Channel.WECOM_ROBOT: ("qyapi.weixin.qq.com",),
    Channel.DINGTALK_ROBOT: ("oapi.dingtalk.com",),
    Channel.FEISHU_ROBOT: ("open.feishu.cn", "open.larksuite.com"),
}


def taken_apart(channel: str, url: str, sign: str) -> tuple[str, dict[str, str]]:
    """(address without its key, what is sealed); raises ValidationError."""
    try:
        target = outbound.read(url)
    except outbound.OutboundError as error:
        raise ValidationError({"url": str(error)}) from None
    try:
        gate = require_gate(target)
    except ValidationError as error:
        raise ValidationError({"url": error.messages}) from None
    if channel == Channel.WEBHOOK:
        return url, {"key": sign or random.token_urlsafe(32)}
    # A private gateway has its own host.
    if not gate.networks and target.host not in HOSTS[channel]:
        facts = {"channel": Channel(channel).label, "host": HOSTS[channel][0]}
        text = _("%(channel)s的地址以https://%(host)s开头，核对渠道，或到群机器人页面重新复制。")
        raise ValidationError({"url": text % facts})
    plain, _mark, query = url.partition("?")
    if channel in KEY_IN:
        key = parse_qs(query).get(KEY_IN[channel], [""])[0]
    else:
        plain, _slash, key = plain.rpartition("/")
    if not key or not urlsplit(plain).path:
        raise ValidationError({"url": _("把群机器人页面给出的Webhook地址完整粘贴过来")})
    return plain, {"key": key, "sign": sign}
