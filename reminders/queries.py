"""Reads across notices and deliveries."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, Min, OuterRef, Q, QuerySet, When
from django.utils.translation import gettext as _

from accounts.roles import Permission, SiteRoleKind
from core import audit, clock
from core.errors import Refused
from core.models import AuditEntry
from core.workdays import DAY, Calendar
from pilots.choices import Part, Phase
from pilots.models import Enrolment, Membership, Programme, Unit
from pilots.models.scope import own_units, sees_everything, wide_programmes

from .choices import OWN_CHANNELS, WAITING, Channel, DeliveryState, FeedbackState, HeldBy
from .models import (
    ChannelSetting,
    Delivery,
    DeliveryLine,
    Endpoint,
    Engine,
    Feedback,
    Notice,
    Preference,
    ReminderRule,
)


def count_waiting_since(moment: datetime) -> int:
    """How many messages should have left before the moment and still wait."""
    return Delivery.rows.filter(state__in=WAITING, next_at__lt=moment).count()


def unread_at(user: Any, unit: Unit, *, by: Any) -> QuerySet:
    """What a person has not read of a body and of the programmes it leads, as far as `by` sees it."""
    led = Enrolment.rows.filter(unit=unit, part=Part.BUREAU, withdrawn_on=None)
    about = Q(unit=unit) | Q(programme__in=led.values("programme"))
    rows = Notice.objects.visible_to(by).filter(about, recipient=user).unread()
    return rows.select_related("programme", "unit").prefetch_related("unit__names")


def open_feedback_of(user: Any, *, by: Any) -> QuerySet:
    return Feedback.objects.visible_to(by).filter(user=user, state=FeedbackState.OPEN)


def addresses_of(user: Any) -> QuerySet:
    return Endpoint.rows.filter(user=user, is_active=True)


def muted_by(people: Iterable[int]) -> dict[int, list[str]]:
    """The topics that people switched off, of those who switched any off once."""
    return dict(Preference.objects.filter(user__in=people).values_list("user", "muted"))


def reached(people: Iterable[int]) -> set[int]:
    """Those of the people who have an address in use."""
    rows = Endpoint.rows.filter(user__in=people, is_active=True).order_by()
    return set(rows.values_list("user", flat=True))


def still_without_liaison(keys: Iterable[int]) -> set[int]:
    """Those of the enrolments that have no contact."""
    rows = Enrolment.rows.filter(pk__in=keys, liaison=None, withdrawn_on=None)
    return set(rows.values_list("pk", flat=True))


MADE_UP_FOR = timedelta(days=366)
_walked: ContextVar[date | None] = ContextVar("walked", default=None)


@contextmanager
def walking(last: date) -> Iterator[None]:
    """Inside, the engine is taken to have run on `last`: for who walks through days of a simulation and
    must not touch the row that every tick locks."""
    token = _walked.set(last)
    try:
        yield
    finally:
        _walked.reset(token)


def silent_days(on: date, calendar: Calendar) -> list[date]:
    """Working days before `on` on which the engine did not run although it had run before: what was due
    then is caught up now, and says so."""
    last = _walked.get() or Engine.current().last_day_on
    if last is None:
        return []
    first = max(last, on - MADE_UP_FOR) + DAY
    days = (first + DAY * step for step in range((on - first).days))
    return [day for day in days if calendar.is_working(day)]


def rules_of(programmes: Iterable[int]) -> dict[int, ReminderRule]:
    """The rule by which each programme's deadlines are told: its own, else that for all others, else
    the house's (not saved)."""
    rows = {row.programme_id: row for row in ReminderRule.objects.all()}
    general = rows.get(None) or ReminderRule()
    return {pk: rows.get(pk, general) for pk in programmes}


def units_with_groups(user: Any) -> QuerySet:
    """Bodies for which the user may enter a group robot or a webhook, the own ones first."""
    led = Enrolment.rows.filter(
        programme_id__in=wide_programmes(user, Permission.MANAGE_ENDPOINTS), withdrawn_on=None
    ).exclude(part=Part.SUPERIOR)
    mine = Membership.rows.live(clock.today()).filter(user=user).values("unit")
    own = Q(pk__in=own_units(user)) | Q(pk__in=mine)
    rows = Unit.rows.filter(Q(pk__in=own_units(user)) | Q(pk__in=led.values("unit_id")))
    is_own = Case(When(own, then=0), default=1)
    return rows.prefetch_related("names").order_by(is_own, "code")


def groups_of(user: Any) -> QuerySet:
    """Group robots and webhooks that the user looks after, for a list."""
    rows = Endpoint.objects.visible_to(user).exclude(unit=None)
    return rows.select_related("unit").prefetch_related("unit__names").order_by("unit__code", "id")


def own_addresses(user: Any) -> QuerySet:
    """The person's own accounts elsewhere; the mail address belongs to the account."""
    rows = Endpoint.objects.visible_to(user).filter(user=user, channel__in=OWN_CHANNELS)
    return rows.order_by("channel", "id")


def own_channels_unready() -> list[str]:
    """Channels of persons in which the portal has no account yet, so that nobody can be reached."""
    rows = {row.channel: row for row in ChannelSetting.objects.filter(channel__in=OWN_CHANNELS)}
    settings = [rows.get(name) or ChannelSetting.fresh(name) for name in OWN_CHANNELS]
    return [row.channel for row in settings if row.missing]


def own_in_use(user: Any, channel: str) -> Endpoint | None:
    """The one address by which the person is reached in the channel."""
    return own_addresses(user).filter(channel=channel, is_active=True).first()


def holder_of(engine: Engine) -> str:
    """Who let nothing leave on any channel; "" where the engine did so itself, or nothing is held."""
    if engine.held_by != HeldBy.HAND:
        return ""
    entry = AuditEntry.objects.of(audit.label(engine)).filter(verb="reminders.hold").last()
    return entry.actor_shown if entry else ""


def programmes_overseen(user: Any) -> QuerySet:
    """Programmes whose messages the user looks after, drafts too, the running ones first."""
    rows = Programme.rows.filter(withdrawn_on=None)
    if not sees_everything(user):
        rows = rows.filter(pk__in=wide_programmes(user, Permission.READ_DELIVERIES))
    is_draft = Case(When(phase=Phase.RUNNING, then=0), default=1)
    return rows.order_by(is_draft, "code")


def names_by_code(codes: Iterable[str]) -> dict[str, str]:
    """What bodies are called on screen, by their codes."""
    rows = Unit.rows.filter(code__in=set(codes)).prefetch_related("names")
    return {row.code: row.display_name for row in rows}


def may_hold(user: Any) -> bool:
    """Whether the user may stop what leaves for everybody: the system administrator, and the officer
    whose bureau leads every programme that is followed here."""
    if getattr(user, "site_role_kind", "") == SiteRoleKind.SYSTEM_ADMIN:
        return True
    led = wide_programmes(user, Permission.HOLD_REMINDERS)
    running = Programme.rows.filter(phase=Phase.RUNNING, withdrawn_on=None)
    return Programme.rows.filter(pk__in=led).exists() and not running.exclude(pk__in=led).exists()


@dataclass(frozen=True)
class ChannelLine:
    """How one channel fares: what waits, since when the oldest should have left, what was not
    delivered, what may have arrived without our knowing."""

    channel: str
    setting: ChannelSetting
    waiting: int = 0
    oldest: datetime | None = None
    failed: int = 0
    doubtful: int = 0
    addresses: int = 0

    @property
    def has_nobody(self) -> bool:
        """Nobody is reached by it. Addresses of mail are the accounts', entered as they are needed."""
        return not self.addresses and self.channel != Channel.EMAIL


def channel_lines() -> list[ChannelLine]:
    """Each channel by which something leaves. Three queries."""
    waits, failed = Q(state__in=WAITING), Q(state=DeliveryState.FAILED)
    in_use = Endpoint.rows.filter(is_active=True).order_by().values_list("channel")
    addresses = dict(in_use.annotate(n=Count("pk")))
    counts = (
        Delivery.rows.order_by()
        .values("endpoint__channel")
        .annotate(
            waiting=Count("pk", filter=waits),
            oldest=Min("next_at", filter=waits & Q(next_at__lte=clock.now())),
            failed=Count("pk", filter=failed),
            doubtful=Count("pk", filter=Q(is_uncertain=True)),
        )
    )
    found: dict[str, dict[str, Any]] = {row["endpoint__channel"]: {**row} for row in counts}
    for row in found.values():
        del row["endpoint__channel"]
    rows = ChannelSetting.objects.select_related("held_by")
    settings = {row.channel: row for row in rows}
    return [
        ChannelLine(
            channel,
            settings.get(channel) or ChannelSetting.fresh(channel),
            **found.get(channel, {}),
            addresses=addresses.get(channel, 0),
        )
        for channel in Channel.values
        if channel != Channel.INBOX
    ]


def may_manage(delivery: Delivery, user: Any) -> bool:
    """Whether the user may send it again: it carries a notice of a programme whose tasks the user
    manages."""
    led = wide_programmes(user, Permission.MANAGE_ASSIGNMENTS)
    return delivery.notices.filter(programme_id__in=led).exists()


def carries_others(user: Any) -> Exists:
    """Whether a message carries besides what was told by somebody else than the programmes whose tasks
    the user manages: nobody gives that up for them."""
    led = wide_programmes(user, Permission.MANAGE_ASSIGNMENTS)
    lines = DeliveryLine.objects.filter(delivery=OuterRef("pk"), cancelled_at=None)
    return Exists(lines.exclude(notice__programme_id__in=led))


def require_all(delivery: Delivery, user: Any) -> None:
    """Raises Refused unless the message is the user's to give up, with all that it carries."""
    if Delivery.rows.filter(carries_others(user), pk=delivery.pk).exists():
        raise Refused(_("这条消息还带着别的方案的提醒，不能取消；可以重新发送。"))
