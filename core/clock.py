"""The one clock. Calendar days are those of Asia/Shanghai; nothing else asks the system for a date.

Days are passed on as parameters: Django's database session runs in UTC, where CURRENT_DATE is
still yesterday until eight in the morning (house.md §4.3).
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Days that somebody may ask about: calendars count some months beyond them.
FIRST_DAY, LAST_DAY = date(1949, 10, 1), date(2199, 12, 31)
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_offset = timedelta()
_told: ContextVar[date | None] = ContextVar("day_of_a_story", default=None)


def now() -> datetime:
    """The moment, aware. Moments stay real even where the trial's date stands still."""
    return timezone.now() + _offset


def today() -> date:
    """The calendar day in Shanghai, or the day on which the trial world stands still."""
    return local().date()


def local(moment: datetime | None = None) -> datetime:
    """What clocks in Shanghai show at the moment (now), without a zone: the time of day is the real
    one also where the day is told or stands still, so that mornings and evenings come there too."""
    shown = (moment or now()).astimezone(SHANGHAI).replace(tzinfo=None)
    day = _told.get() or (date.fromisoformat(settings.TODAY) if settings.TODAY else None)
    return datetime.combine(day, shown.time()) if day else shown


def read_day(text: str) -> date | None:
    """The day that `text` writes as YYYY-MM-DD; None when it is none, or beyond all reckoning."""
    try:
        day = date.fromisoformat(text) if ISO_DAY.fullmatch(text) else None
    except ValueError:
        return None
    return day if day and FIRST_DAY <= day <= LAST_DAY else None


@contextmanager
def telling(day: date) -> Iterator[None]:
    """Inside, today is `day`: a story is told in the order of its days. Only the demonstration may say
    so (held by a test)."""
    token = _told.set(day)
    try:
        yield
    finally:
        _told.reset(token)


def shift(offset: timedelta) -> None:
    """Move the clock of this process and of its database session; only tests may.

    Raises RuntimeError outside the test settings.
    """
    global _offset  # noqa: PLW0603 - the clock is one per process
    if not getattr(settings, "TEST_CLOCK_OFFSET", False):
        raise RuntimeError("The clock can only be moved in tests.")
    _offset = offset
    _move(connection)


def follow(connection: Any, **_signal: Any) -> None:
    """A new database session of a moved clock is moved too (other threads; receiver of
    `connection_created` where `TEST_CLOCK_OFFSET` is armed)."""
    if _offset:
        _move(connection)


def _move(connection: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('portal.clock_offset', %s, false)", [f"{_offset.total_seconds()} s"]
        )
