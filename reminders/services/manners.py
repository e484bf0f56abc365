"""Manners: when something may reach a person (ux.md §8).

One digest a person a working day, between 8:31 and 8:45; quiet from 18:00 to 8:30, at weekends and on
holidays; three immediate messages a day at most; the same object within half an hour is one message.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from core.workdays import DAY, Calendar

OPENS, CLOSES = time(8, 30), time(18, 0)
FIRST = time(8, 31)  # WeCom asks callers to keep off :00 and :30
SPREAD = 14 * 60  # seconds within which the digests of a morning leave
MOST_IMMEDIATE = 3  # a person a day
SAME_OBJECT = timedelta(minutes=30)
MOST_ROWS = 7


@dataclass(frozen=True)
class Slot:
    """What this moment allows. `is_open`: an immediate message may leave. `digest_on` is the day of the
    next digest, `wait` how long it is to its first minute (negative: it is late and leaves at once)."""

    is_open: bool
    digest_on: date
    wait: timedelta


def slot(shown: datetime, calendar: Calendar, *, last: datetime | None = None) -> Slot:
    """The slot at `shown` on a clock in Shanghai. `last` is when the engine planned before, on the same
    clock (None: never, or not on that day): a morning that it missed is made up for while the day is
    open."""
    today, at = shown.date(), shown.time()
    works = calendar.is_working(today)
    is_open = works and OPENS <= at < CLOSES
    first = datetime.combine(today, FIRST)
    missed = is_open and (last is None or last < first)
    if works and (at < OPENS or missed):
        return Slot(is_open, today, first - shown)
    digest_on = calendar.on_or_after(today + DAY)
    return Slot(is_open, digest_on, datetime.combine(digest_on, FIRST) - shown)
