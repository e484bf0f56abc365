"""「谁会在4月25日收到什么」: the planning code itself, walked through the days of a programme on
tables of its own. Nothing is told, nothing leaves, nothing stays, and nobody waits for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from time import monotonic

from django.db import connection

from core import clock
from core.workdays import DAY, Calendar, reading_once
from pilots.choices import Phase
from pilots.models import Programme

from .. import queries
from ..choices import Channel, DeliveryState, Manner
from ..models import Delivery, Endpoint, Notice
from ..registry import get, types
from . import bundling, composing, manners, planning
from .preparing import prepared
from .shadowing import shadows

LONGEST = 400  # days
LEAD = timedelta(days=31)  # what a later range finds untold is told in the days before it
MOST = 20_000
PATIENCE = timedelta(seconds=20)  # somebody waits for the page
MIDNIGHT = time(0, 1)  # the engine ticks all night: what a day brings is planned as it begins


@dataclass(frozen=True)
class Planned:
    """One thing that one recipient would be told: on which day (`is_working`: a working day), at which
    moment on a clock in Shanghai, by which channel, and why in words. `recipient` is an account's
    display name, or the name of a group; `username` is empty for a group."""

    on: date
    is_working: bool
    at: datetime
    username: str
    recipient: str
    unit: str
    type: str
    subject: str
    stage: str
    channel: str
    manner: str
    title: str
    reason: str

    @property
    def assignment(self) -> str:
        """Number of the task that it speaks of, '' when it speaks of something else."""
        kind, _colon, key = self.subject.partition(":")
        return key if kind == "assignment" else ""


class TooMuch(Exception):
    """There is more to tell than one answer takes; `until` is the last day that was reckoned."""

    def __init__(self, until: date) -> None:
        super().__init__(f"{until}")
        self.until = until


def simulate(
    programme: Programme, first: date, last: date, *, patience: timedelta = PATIENCE
) -> list[Planned]:
    """What the programme's people would be told from `first` to `last`, as things stand now: by day, then
    recipient. A draft is simulated as if it were followed from `first` on. What comes before a range that
    begins later is walked through too, from today or a month before it on: whoever asks about one day is
    told the same of it as who asks about the whole month.

    Raises ValueError when the days are in the wrong order or more than 400, and TooMuch before the last
    day when more than 20,000 things were found or `patience` has run out; the first day is always whole.
    """
    if not first <= last <= first + timedelta(days=LONGEST):
        raise ValueError("simulate() wants first <= last, and at most 400 days.")
    start = _start(programme, first)
    calendar = Calendar.around(start, last)
    found: list[Planned] = []
    began = monotonic()
    with prepared(), shadows(programme, start), reading_once():
        for day in _days(start, last):
            told = _day(programme, day, calendar)
            if day < first:
                continue
            found += told
            is_late = monotonic() - began > patience.total_seconds()
            if day < last and (is_late or len(found) > MOST):
                raise TooMuch(day)
    return found


def _start(programme: Programme, first: date) -> date:
    """The day from which to walk: what lies behind is known, a draft has told nothing yet."""
    if programme.phase == Phase.DRAFT:
        return first
    return min(first, max(clock.today(), first - LEAD))


def _days(first: date, last: date) -> Iterator[date]:
    return (first + DAY * step for step in range((last - first).days + 1))


def _day(programme: Programme, day: date, calendar: Calendar) -> list[Planned]:
    with clock.telling(day), queries.walking(day - DAY):
        for notice_type in types():
            planning.insert(notice_type, day, programme=programme.pk)
        shown = datetime.combine(day, MIDNIGHT)
        bundling.bundle(day, manners.slot(shown, calendar, last=shown), programme=programme.pk)
        found = [*_inbox(programme, day, calendar), *_morning(programme, day, calendar)]
    return sorted(found, key=lambda row: (row.at, row.recipient, row.subject, row.channel))


def _inbox(programme: Programme, day: date, calendar: Calendar) -> list[Planned]:
    rows = Notice.rows.filter(programme=programme, for_on=day).select_related("recipient", "unit")
    at = datetime.combine(day, MIDNIGHT)
    return [
        _planned(row, _Way(at, calendar, Channel.INBOX, Manner.INBOX))
        for row in rows.prefetch_related("unit__names").order_by("id")
    ]


def _morning(programme: Programme, day: date, calendar: Calendar) -> list[Planned]:
    """The messages of the day, asked again as they would be when they leave."""
    rows = Delivery.rows.filter(state=DeliveryState.PLANNED, for_on=day).order_by("id")
    waiting = list(rows.select_related("endpoint__user"))
    jitter = _jitter([row.endpoint_id for row in waiting])
    found = []
    for draft in composing.drafts(waiting):
        row = draft.delivery
        at = datetime.combine(day, manners.FIRST) + timedelta(seconds=jitter[row.endpoint_id])
        found += [
            _planned(notice, _Way(at, calendar, row.endpoint.channel, row.manner, row.endpoint))
            for notice, _text in composing.shown(draft, day)
            if notice.programme_id == programme.pk
        ]
    rows.update(state=DeliveryState.SENT, sent_at=clock.now())
    return found


def _jitter(endpoints: list[int]) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, abs(hashtext(id::text)) %% %s FROM unnest(%s::bigint[]) AS chosen (id)",
            [manners.SPREAD, endpoints],
        )
        return dict(cursor.fetchall())


@dataclass(frozen=True)
class _Way:
    """When and by what something comes; an inbox has no address."""

    at: datetime
    calendar: Calendar
    channel: str
    manner: str
    endpoint: Endpoint | None = None


def _planned(notice: Notice, way: _Way) -> Planned:
    is_group = way.endpoint is not None and way.endpoint.user_id is None
    notice_type = get(notice.type)
    return Planned(
        on=way.at.date(),
        is_working=way.calendar.is_working(way.at.date()),
        at=way.at,
        username="" if is_group else notice.recipient.username,
        recipient=str(way.endpoint) if is_group else notice.recipient.display_name,
        unit=notice.unit.code if notice.unit else "",
        type=notice.type,
        subject=notice.subject,
        stage=notice.stage,
        channel=str(way.channel),
        manner=str(way.manner),
        title=notice_type.render(notice).title,
        reason=notice_type.reason(notice),
    )
