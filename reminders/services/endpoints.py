"""Addresses of groups and of persons: entering, closing, and trying one out."""

import json
import secrets as random
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.roles import Permission
from core import audit, clock, outbound
from core.errors import MoveNotAllowed, PermissionRefused, Refused
from core.models import AuditEntry, OutboundGate
from core.sealed import digest, mask_mobile, normal_mobile
from pilots import access
from pilots.models import Unit

from .. import channels
from ..channels.accounts import fault_of
from ..choices import GROUP_CHANNELS, OWN_CHANNELS, Channel
from ..models import Endpoint

LONGEST_ADDRESS = 200
MOST_TESTS = 2  # a minute: with the eighteen of the engine a robot's twenty
FACTS = ("channel", "name", "address", "is_active")
# Where the key stands in the address that a provider's page gives: a parameter, or the last piece.
KEY_IN: dict[str, str] = {Channel.WECOM_ROBOT: "key", Channel.DINGTALK_ROBOT: "access_token"}


@transaction.atomic
def add_group(
    *, unit: Unit, channel: str, name: str, url: str, by: Any, sign: str = ""
) -> Endpoint:
    """Enter a group robot or a webhook of a body. `url` as the provider shows it; its key is sealed
    and never shown again. `sign` is the robot's signing key, or the webhook's secret.

    Raises ValidationError for an address that is none of this channel, is there already or is
    nobody's to connect to; PermissionRefused for whoever may not.
    """
    access.require(by, Permission.MANAGE_ENDPOINTS, unit=unit)
    if channel not in GROUP_CHANNELS:
        raise ValidationError({"channel": _("选择群机器人或签名回调")})
    row = Endpoint(unit=unit, channel=channel, name=name.strip())
    _point(row, url.strip(), sign.strip())
    return _entered(row, by=by)


@transaction.atomic
def change_group(
    endpoint: Endpoint,
    *,
    by: Any,
    name: str | None = None,
    url: str = "",
    sign: str = "",
    version: int | None = None,
) -> Endpoint:
    """Give a group another name, or the address that its provider shows now, with its signing key;
    what waits for the group goes there.

    Raises ValidationError as add_group() does, Refused for a person's own account, PermissionRefused
    for whoever may not, StaleVersion.
    """
    row = locked(endpoint, by=by, version=version)
    if row.unit is None:
        raise Refused(_("本人的账号不能修改，停用后另行登记。"))
    before = audit.facts(row, FACTS)
    row.name = row.name if name is None else name.strip()
    if url.strip():
        _point(row, url.strip(), sign.strip())
    elif sign.strip():
        raise ValidationError({"sign": _("加签密钥和Webhook地址一起填写")})
    _refuse_twin(row)
    row.version += 1
    row.full_clean()
    row.save()
    after = audit.facts(row, FACTS) | {"secret_changed": bool(url.strip())}
    audit.record("endpoint.change", by=by, subject=row, unit=row.unit, before=before, after=after)
    return row


@transaction.atomic
def add_own(*, user: Any, channel: str, address: str) -> Endpoint:
    """Enter one's own account of 企业微信 or 飞书, or mobile number. Raises ValidationError."""
    if channel not in OWN_CHANNELS:
        raise ValidationError({"channel": _("选择企业微信、飞书或短信")})
    row = Endpoint(user=user, channel=channel, address=address.strip())
    if channel == Channel.SMS:
        number = _number(address)
        mark = digest(number, purpose="reminders.endpoint")[:8]
        row.address = f"{mask_mobile(number)}#{mark}"
        row.secret = json.dumps({"key": number})
    elif fault := fault_of(channel, row.address):
        raise ValidationError({"address": fault})
    return _entered(row, by=user)


def _point(row: Endpoint, url: str, sign: str) -> None:
    """Let a group be reached at this address; its key is sealed."""
    place, secret = _taken_apart(row.channel, url, sign)
    mark = digest(url, purpose="reminders.endpoint")[:8]
    row.address = f"{outbound.read(place).place}#{mark}"
    row.config, row.secret = {"url": place}, json.dumps(secret)


def _refuse_twin(row: Endpoint) -> None:
    rows = Endpoint.rows.filter(channel=row.channel, address=row.address, user=row.user)
    known = rows.exclude(pk=row.pk).first()
    if known is not None:
        place = known.name or known.address
        raise ValidationError({"": _("这个地址已经登记：%(place)s。") % {"place": place}})


def _entered(row: Endpoint, *, by: Any) -> Endpoint:
    _refuse_twin(row)
    row.full_clean()
    row.save()
    audit.record("endpoint.add", by=by, subject=row, unit=row.unit, after=audit.facts(row, FACTS))
    return row


def _number(text: str) -> str:
    try:
        return normal_mobile(text)
    except ValidationError as error:
        raise ValidationError({"address": error.messages}) from None


def _taken_apart(channel: str, url: str, sign: str) -> tuple[str, dict[str, str]]:
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


@transaction.atomic
def set_endpoint_active(
    endpoint: Endpoint, *, is_active: bool, by: Any, version: int | None = None
) -> Endpoint:
    """Close an address, or open it again; what waits for it stays until then. The system administrator
    may do that with any group. Raises MoveNotAllowed, PermissionRefused, StaleVersion."""
    row = locked(endpoint, by=by, version=version, supports=True)
    if row.is_active == is_active:
        raise MoveNotAllowed(_("状态刚改过，刷新页面后再看。"))
    row.is_active = is_active
    row.version += 1
    row.save(update_fields=["is_active", "version"])
    verb = "endpoint.open" if is_active else "endpoint.close"
    audit.record(verb, by=by, subject=row, unit=row.unit)
    return row


def locked(
    endpoint: Endpoint, *, by: Any, version: int | None = None, supports: bool = False
) -> Endpoint:
    """The row under a lock that lets messages to it be planned meanwhile; raises PermissionRefused for
    whoever may not change it (with `supports` the system administrator may change a group's), and
    StaleVersion."""
    row = Endpoint.rows.select_for_update(of=("self",), no_key=True).get(pk=endpoint.pk)
    if row.unit is None:
        if row.user_id != by.pk:
            raise PermissionRefused
    elif not (supports and access.may(by, Permission.MANAGE_SYSTEM)):
        access.require(by, Permission.MANAGE_ENDPOINTS, unit=row.unit)
    row.require_version(version)
    return row


def revealed_secret(endpoint: Endpoint, *, by: Any) -> str:
    """The signing secret of a webhook, to be given to its receiver; recorded. Raises Refused for any
    other channel: the provider's own page shows those."""
    with transaction.atomic():
        row = locked(endpoint, by=by)
        sealed: Any = row.secret
        if row.channel != Channel.WEBHOOK or not sealed:
            raise Refused(_("密钥到群机器人页面查看，这里不显示。"))
        audit.record("endpoint.reveal", by=by, subject=row, unit=row.unit)
        return json.loads(sealed.reveal())["key"]


def send_test(endpoint: Endpoint, *, by: Any) -> str:
    """Send a test message now; returns what became of it in words, and keeps a fault with the address.

    Holds no transaction while the other side thinks. Raises Refused for the third within a minute,
    PermissionRefused for whoever may not.
    """
    with transaction.atomic():
        row = locked(endpoint, by=by)
        since = clock.now() - timedelta(minutes=1)
        before = AuditEntry.objects.of(audit.label(row)).filter(verb="endpoint.test", at__gt=since)
        if before.count() >= MOST_TESTS:
            raise Refused(_("一分钟内最多试发%(most)s次，稍后再试。") % {"most": MOST_TESTS})
        audit.record("endpoint.test", by=by, subject=row, unit=row.unit)
    fault = _tried(row)
    Endpoint.rows.filter(pk=row.pk).update(last_error=fault[:300])
    return fault


def _tried(row: Endpoint) -> str:
    """'' when the other side took it."""
    adapter = channels.adapter_of(row.channel)
    try:
        adapter.open()
        adapter.send(row, trial_message(row))
    except (channels.DeliveryError, channels.Unclear, outbound.OutboundError, OSError) as error:
        return str(error) or type(error).__name__
    finally:
        adapter.close()
    return ""


def trial_message(row: Endpoint) -> channels.Message:
    """What the button 「发送测试消息」 sends: nothing of anybody."""
    key = f"test:{row.pk}:{clock.now():%Y%m%d%H%M%S%f}"
    url = settings.PORTAL_URL + reverse("reminders:inbox").lstrip("/")
    title = _("【测试】%(site)s的提醒会发到这里") % {"site": settings.SITE_NAME}
    return channels.Message(
        key=key,
        digest=digest(key, purpose="reminders.test")[:32],
        title=title,
        lines=[],
        text=f"{title}\n{url}",
        short=f"{title} {url}",
        url=url,
        preferences=url,
        count=0,
        language=get_language() or settings.LANGUAGE_CODE,
    )
