"""Addresses of groups and of persons: entering, closing, and trying one out."""

import json
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Permission
from core import audit, clock, outbound
from core.errors import MoveNotAllowed, PermissionRefused, Refused
from core.models import AuditEntry
from core.sealed import digest, mask_mobile, normal_mobile
from pilots import access
from pilots.models import Unit

from .. import channels
from ..channels.accounts import fault_of
from ..choices import GROUP_CHANNELS, OWN_CHANNELS, Channel
from ..credentials import unready_for_own
from ..models import ChannelSetting, Endpoint
from .pasted import taken_apart

MOST_TESTS = 2  # of one address a minute: with the eighteen of the engine a robot's twenty
# Of one person over all addresses an hour. Whose number or account somebody enters as the own nobody
# can tell, so it is little that can be sent to strangers.
MOST_TESTS_OF_OWN, MOST_TESTS_OF_GROUPS = 5, 30
MOST_ENTERED = 5  # new own addresses of one person a day
FACTS = ("channel", "name", "address", "is_active")


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
    """Enter one's own account of 企业微信 or 飞书, or mobile number. It takes the place of the one that
    the person used in this channel until now; one that was closed is opened again.

    Raises ValidationError for a channel whose account nobody has set, for what names no single person, is
    in use already, or is one too many today.
    """
    if channel not in OWN_CHANNELS:
        raise ValidationError({"channel": _("选择企业微信、飞书或短信")})
    if ChannelSetting.of(channel).missing:
        raise ValidationError({"channel": unready_for_own([channel])})
    _in_turn(user)
    row = _own(user, channel, address)
    closed = Endpoint.rows.filter(
        user=user, channel=channel, address=row.address, is_active=False
    ).first()
    if closed is not None:
        return set_endpoint_active(closed, is_active=True, by=user)
    _refuse_twin(row)
    if _count("endpoint.add", timedelta(days=1), by=user, is_own=True) >= MOST_ENTERED:
        text = _("一天内最多登记%(most)s个本人地址，明天再登记；以前的地址可以重新启用。")
        raise ValidationError({"address": text % {"most": MOST_ENTERED}})
    _close_others(row)
    return _entered(row, by=user)


def _own(user: Any, channel: str, address: str) -> Endpoint:
    row = Endpoint(user=user, channel=channel, address=address.strip())
    if channel == Channel.SMS:
        number = _number(address)
        mark = digest(number, purpose="reminders.endpoint")[:8]
        row.address = f"{mask_mobile(number)}#{mark}"
        row.secret = json.dumps({"key": number})
    elif fault := fault_of(channel, row.address):
        raise ValidationError({"address": fault})
    return row


def _in_turn(user: Any) -> None:
    """One step after the other where a person's addresses are counted."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _count(verb: str, within: timedelta, *, by: Any, is_own: bool) -> int:
    """How often the person did this lately, with own addresses or with those of groups."""
    rows = AuditEntry.objects.filter(actor_id=by.pk, verb=verb, at__gt=clock.now() - within)
    return (rows.filter(unit_code="") if is_own else rows.exclude(unit_code="")).count()


def _close_others(row: Endpoint) -> None:
    """Of one person's addresses of a channel one is in use."""
    rows = Endpoint.rows.select_for_update(of=("self",), no_key=True)
    for other in rows.filter(user=row.user, channel=row.channel, is_active=True).exclude(pk=row.pk):
        _switch(other, is_active=False, by=row.user)


def _point(row: Endpoint, url: str, sign: str) -> None:
    """Let a group be reached at this address; its key is sealed."""
    place, secret = taken_apart(row.channel, url, sign)
    mark = digest(url, purpose="reminders.endpoint")[:8]
    row.address = f"{outbound.read(place).place}#{mark}"
    row.config, row.secret = {"url": place}, json.dumps(secret)


def _refuse_twin(row: Endpoint) -> None:
    rows = Endpoint.rows.filter(address=row.address, user=row.user).exclude(pk=row.pk)
    # A group's address is one place, whatever the channel; the same name elsewhere is another account.
    known = (rows.filter(channel=row.channel) if row.user else rows).first()
    if known is not None:
        place = known.name or known.address_shown
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


@transaction.atomic
def set_endpoint_active(
    endpoint: Endpoint, *, is_active: bool, by: Any, version: int | None = None
) -> Endpoint:
    """Close an address, or open it again. What waits for a closed one goes to the one that took its
    place, or is cancelled when its time comes. The system administrator may do that with any group. An
    own one that is opened takes the place of the one in use.

    Raises MoveNotAllowed, PermissionRefused, StaleVersion, Refused for an own one whose channel has no
    account of the portal.
    """
    _in_turn(by)
    row = locked(endpoint, by=by, version=version, supports=True)
    if row.is_active == is_active:
        raise MoveNotAllowed(_("状态刚改过，刷新页面后再看。"))
    if is_active and row.channel in OWN_CHANNELS:
        if ChannelSetting.of(row.channel).missing:
            raise Refused(unready_for_own([row.channel]))
        _close_others(row)
    return _switch(row, is_active=is_active, by=by)


def _switch(row: Endpoint, *, is_active: bool, by: Any) -> Endpoint:
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

    Holds no transaction while the other side thinks. Raises Refused for the third within a minute and
    for too many of one person within an hour, PermissionRefused for whoever may not.
    """
    with transaction.atomic():
        _in_turn(by)
        row = locked(endpoint, by=by)
        since = clock.now() - timedelta(minutes=1)
        before = AuditEntry.objects.of(audit.label(row)).filter(verb="endpoint.test", at__gt=since)
        if before.count() >= MOST_TESTS:
            raise Refused(_("一分钟内最多试发%(most)s次，稍后再试。") % {"most": MOST_TESTS})
        is_own = row.unit is None
        most = MOST_TESTS_OF_OWN if is_own else MOST_TESTS_OF_GROUPS
        if _count("endpoint.test", timedelta(hours=1), by=by, is_own=is_own) >= most:
            raise Refused(_("一小时内最多试发%(most)s次，过一小时再试。") % {"most": most})
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
