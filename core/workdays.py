"""Working days of China: seeding the table, and counting in it.

A year whose notice is not in the table counts by the weekday rule and says so: a policy deadline
must never be lost because the next year's calendar came late (house.md §4.4, domain.md D.7).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import chinese_calendar
from django.db import transaction
from django.db.models import Exists, Q, QuerySet

from . import audit
from .models import WorkingDay

DAY = timedelta(days=1)
SEEDED_YEARS = range(2020, 2027)
BASIS = "国务院办公厅年度放假通知（chinesecalendar 1.11.0）"
WEEKEND = 5

_kept: ContextVar[dict[date, bool] | None] = ContextVar("days_read_once", default=None)


@dataclass(frozen=True)
class Calendar:
    """Working days between two dates, read once: `known` are those that differ from the weekday
    rule. Beyond the dates, and in unknown years, weekdays work."""

    known: dict[date, bool] = field(default_factory=dict)

    @classmethod
    def around(cls, *days: date, margin: int = 420) -> "Calendar":
        """Calendar from `margin` days before the first to `margin` days after the last of `days`."""
        if kept := _kept.get():
            return cls(kept)
        span = timedelta(days=margin)
        rows = WorkingDay.objects.filter(day__range=(min(days) - span, max(days) + span))
        return cls(_odd(rows))

    def is_working(self, day: date) -> bool:
        return self.known.get(day, day.weekday() < WEEKEND)

    def on_or_before(self, day: date) -> date:
        """The last working day on or before `day`."""
        while not self.is_working(day):
            day -= DAY
        return day

    def on_or_after(self, day: date) -> date:
        while not self.is_working(day):
            day += DAY
        return day

    def forward(self, day: date, count: int) -> date:
        """The working day `count` working days after `day` (itself moved back to one first)."""
        day = self.on_or_before(day)
        for _step in range(count):
            day = self.on_or_after(day + DAY)
        return day

    def back(self, day: date, count: int) -> date:
        """The working day `count` working days before `day` (itself moved back to one first)."""
        day = self.on_or_before(day)
        for _step in range(count):
            day = self.on_or_before(day - DAY)
        return day

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`; negative when `end` is earlier."""
        if end < start:
            return -self.between(end, start)
        days = (start + DAY * step for step in range(1, (end - start).days + 1))
        return sum(1 for day in days if self.is_working(day))


@contextmanager
def reading_once() -> Iterator[None]:
    """Inside, every calendar is made of one reading of the table: for who asks for hundreds of them."""
    token = _kept.set(_odd(WorkingDay.objects.all()))
    try:
        yield
    finally:
        _kept.reset(token)


def _odd(rows: QuerySet) -> dict[date, bool]:
    """The days among `rows` that differ from the weekday rule."""
    odd = rows.exclude(is_working=Q(day__iso_week_day__lte=WEEKEND)).order_by()
    return dict(odd.values_list("day", "is_working"))


@dataclass(frozen=True)
class Almanac(Calendar):
    """A calendar that can also say why: `names` of holidays by day (their make-up days too), and the
    `noticed` years, whose 放假通知 is in the table. Others count by the weekday rule."""

    names: dict[date, str] = field(default_factory=dict)
    noticed: frozenset[int] = frozenset()

    @classmethod
    def of_years(cls, years: Iterable[int]) -> "Almanac":
        """Read once for all days of `years`; one query, none where no year is asked for."""
        wanted = sorted(set(years))
        if not wanted:
            return cls()
        span = (date(wanted[0], 1, 1), date(wanted[-1], 12, 31))
        usual = Q(is_working=Q(day__iso_week_day__lte=WEEKEND), name="", is_provisional=False)
        rows = WorkingDay.objects.filter(day__range=span).exclude(usual).order_by()
        facts = list(rows.values_list("day", "is_working", "name", "is_provisional"))
        return cls(
            {day: works for day, works, _name, _guess in facts},
            {day: name for day, _works, name, _guess in facts if name},
            frozenset(day.year for day, _works, _name, is_guess in facts if not is_guess),
        )

    def guessed_years(self, first: date, last: date) -> list[int]:
        """The years between two days whose notice is not in the table."""
        return [year for year in range(first.year, last.year + 1) if year not in self.noticed]


def seed(years: Iterable[int] = SEEDED_YEARS) -> int:
    """Put the days of `years` into the table where they are missing; returns how many were added.

    A year that chinesecalendar does not know is entered by the weekday rule and marked 暂定.
    """
    present = set(WorkingDay.objects.values_list("day", flat=True))
    rows = [_row(day) for year in years for day in _days(year) if day not in present]
    WorkingDay.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@transaction.atomic
def set_day(day: date, *, is_working: bool, name: str, basis: str, by: Any) -> WorkingDay:
    """Correct one day on the strength of `basis` (the notice that makes it so); the day is then no
    longer provisional. Raises ValidationError. Stored working days of assignments follow nightly."""
    row = WorkingDay.objects.select_for_update().get(pk=day)
    facts = ("is_working", "name", "basis", "is_provisional")
    before = audit.facts(row, facts)
    row.is_working, row.name, row.basis, row.is_provisional = is_working, name, basis, False
    row.full_clean()
    row.save()
    after = audit.facts(row, facts)
    audit.record("workday.set", by=by, subject=row, before=before, after=after)
    return row


def coming_years(today: date) -> list[int]:
    """The years of the coming sixty days: those whose working days people ask for."""
    return sorted({today.year, (today + timedelta(days=60)).year})


def has_notice(year: int) -> Exists:
    """Condition, true or false for a whole query: the table has that year's 放假通知."""
    days = (date(year, 1, 1), date(year, 12, 31))
    return Exists(WorkingDay.objects.filter(is_provisional=False, day__range=days))


def unknown_years(today: date) -> list[int]:
    """Years of the coming sixty days that have no notice in the table."""
    years = coming_years(today)
    known = WorkingDay.objects.order_by().values_list(*(has_notice(year) for year in years))[:1]
    found = next(iter(known), [False] * len(years))
    return [year for year, is_known in zip(years, found, strict=True) if not is_known]


def _days(year: int) -> Iterable[date]:
    first = date(year, 1, 1)
    return (first + DAY * step for step in range((date(year + 1, 1, 1) - first).days))


def _row(day: date) -> WorkingDay:
    try:
        is_working, name = not chinese_calendar.is_holiday(day), _holiday_name(day)
    except NotImplementedError:
        return WorkingDay(day=day, is_working=day.weekday() < WEEKEND, is_provisional=True)
    return WorkingDay(day=day, is_working=is_working, name=name, basis=BASIS)


def _holiday_name(day: date) -> str:
    _on_holiday, name = chinese_calendar.get_holiday_detail(day)
    if not name:
        return ""
    return next((item.chinese for item in chinese_calendar.Holiday if item.value == name), name)
