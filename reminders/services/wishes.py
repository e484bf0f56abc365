"""What is set: by a person for itself, for a channel, for a programme."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, clock
from core.errors import MoveNotAllowed

from ..choices import ALWAYS_TOLD, Topic
from ..models import ChannelSetting, Preference, ReminderRule
from . import channel_accounts, claiming

CHANNEL_FACTS = ("is_enabled", "is_fallback", "on_uncertain")
LONGEST_NOTE = 200
RULE_FACTS = ("programme", "stages", "cdo_from", "desk_from_week")


@transaction.atomic
def set_preference(user: Any, *, muted: Collection[str], version: int | None = None) -> Preference:
    """Keep what the person does not want outside the portal.

    Raises ValidationError for 退回 and 提醒单 or an unknown topic, StaleVersion.
    """
    Preference.objects.get_or_create(user=user)
    row = Preference.objects.select_for_update(of=("self",)).get(user=user)
    row.require_version(version)
    before = {"muted": row.muted}
    row.muted = [topic for topic in Topic.values if topic in muted]
    row.muted += sorted(set(muted) - set(Topic.values))  # unknown ones are refused below
    row.version += 1
    row.full_clean()
    row.save()
    audit.record("preference.set", by=user, subject=row, before=before, after={"muted": row.muted})
    return row


def switches(user: Any) -> list[tuple[Topic, bool, bool]]:
    """(topic, is it on, may it be switched off) of a person, in the order of the page."""
    row = Preference.objects.filter(user=user).first()
    muted = row.muted if row else []
    return [(topic, topic not in muted, topic not in ALWAYS_TOLD) for topic in Topic]


@transaction.atomic
def set_channel(
    channel: str, *, by: Any, version: int | None = None, **facts: Any
) -> ChannelSetting:
    """Change what is set for a channel: any of CHANNEL_FACTS, `config` and `secret` (the portal's account
    there, see channel_accounts.accepted()). With another account what failed at the old one is tried
    again.

    Raises ValidationError, StaleVersion.
    """
    row = _locked_channel(channel)
    row.require_version(version)
    account = channel_accounts.accepted(row, facts)
    before, failing_since = _recorded(row), row.failing_since
    if account:
        channel_accounts.renewed(row)
    for name, value in {**_flags(facts), **account}.items():
        setattr(row, name, value)
    row.version += 1
    row.full_clean()
    row.save()
    if account and failing_since:
        claiming.wake(channel, failing_since)
    after = _recorded(row)
    changed = {name for name in after if before[name] != after[name]}
    audit.record(
        "channel.set",
        by=by,
        subject=row,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed} | {"secret_changed": "secret" in account},
    )
    return row


def _flags(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if name not in {"config", "secret"}}


def _recorded(row: ChannelSetting) -> dict[str, Any]:
    return audit.facts(row, CHANNEL_FACTS) | channel_accounts.facts_of(row)


def hold_channel(channel: str, *, by: Any, note: str = "") -> ChannelSetting:
    """Let nothing leave by the channel, for the reason `note`, which the row and the record keep; raises
    MoveNotAllowed when it is held already."""
    return _switch(channel, is_held=True, by=by, note=note, refusal=_("这个渠道已经暂停。"))


def release_channel(channel: str, *, by: Any, note: str = "") -> ChannelSetting:
    return _switch(channel, is_held=False, by=by, note=note, refusal=_("这个渠道没有暂停。"))


@transaction.atomic
def _switch(channel: str, *, is_held: bool, by: Any, note: str, refusal: str) -> ChannelSetting:
    row = _locked_channel(channel)
    if row.is_held == is_held:
        raise MoveNotAllowed(refusal)
    row.is_held = is_held
    row.held_at = clock.now() if is_held else None
    row.held_by = by if is_held else None
    row.held_note = note.strip()[:LONGEST_NOTE] if is_held else ""
    row.version += 1
    row.full_clean()
    row.save()
    verb = "channel.hold" if is_held else "channel.release"
    audit.record(verb, by=by, subject=row, after={"note": note.strip()})
    return row


def _locked_channel(channel: str) -> ChannelSetting:
    fresh = ChannelSetting.of(channel)
    if fresh._state.adding:
        fresh.full_clean()
        fresh.save()
    return ChannelSetting.objects.select_for_update().get(channel=channel)


@transaction.atomic
def set_rule(
    row: ReminderRule, *, by: Any, version: int | None = None, **facts: Any
) -> ReminderRule:
    """Save the rule of a programme, new or changed; `facts` are any of RULE_FACTS, and `loaded`. What was told
    stays told; the next tick goes by the new rule. Raises ValidationError, StaleVersion."""
    before = None
    if row.pk:
        row = ReminderRule.objects.select_for_update(of=("self",)).get(pk=row.pk)
        row.require_version(version)
        before = audit.facts(row, RULE_FACTS)
        row.version += 1
    for name, value in facts.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    audit.record(
        "reminder_rule.set",
        by=by,
        subject=row,
        programme=row.programme,
        before=before,
        after=audit.facts(row, RULE_FACTS),
    )
    return row
