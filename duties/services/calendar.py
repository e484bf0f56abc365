"""The working-day calendar is mended: the days, and in the same transaction all that is stored by them."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from core import audit, workdays
from core.models import WorkingDay
from core.workdays import DAY

from ..models import Assignment
from ..queries.due_rules import explanations
from .sync import refresh_workdays

LONGEST = timedelta(days=20)  # no holiday lasts longer; a slip of the year does
YEARS_AHEAD = 2


@dataclass(frozen=True)
class Effect:
    """What a mended calendar did: `days` that are otherwise now, open `tasks` whose last working day
    moved, and `unlike` open tasks whose due day is no longer what their rule means (it stays)."""

    days: int
    tasks: int
    unlike: int


@transaction.atomic
def set_workdays(
    first: date, last: date, *, is_working: bool, name: str, basis: str, by: Any, on: date
) -> Effect:
    """Make the days from `first` to `last` working days or days off on the strength of `basis`, the
    notice that says so. The last working days of open tasks follow at once; due days never do
    (house.md §6.4). A year that the table lacks is entered by the weekday rule first.

    Raises ValidationError without a notice, for days out of order, too many, or too far ahead.
    """
    _check(first, last, basis, on)
    for year in range(first.year, last.year + 1):
        add_year(year, by=by, on=on)
    meant = _by_rule()
    count = 0
    for step in range((last - first).days + 1):
        day = first + DAY * step
        was = WorkingDay.objects.get(pk=day)
        workdays.set_day(day, is_working=is_working, name=name.strip(), basis=basis.strip(), by=by)
        count += was.is_working != is_working
    return Effect(count, refresh_workdays(by=by), len(meant - _by_rule()))


@transaction.atomic
def add_year(year: int, *, by: Any, on: date) -> int:
    """Enter a year by the weekday rule (暂定) until its notice comes; returns how many days were added,
    0 where it is there. Raises ValidationError for a year too far ahead or before the table begins."""
    if not workdays.SEEDED_YEARS.start <= year <= on.year + YEARS_AHEAD:
        facts = {"first": workdays.SEEDED_YEARS.start, "last": on.year + YEARS_AHEAD}
        text = _("工作日历只登记%(first)s年至%(last)s年") % facts
        raise ValidationError({"first": text})
    added = workdays.seed([year])
    if added:
        after = {"year": year, "days": added}
        audit.record("workday.add_year", by=by, subject=f"workingday:{year}", after=after)
    return added


def _check(first: date, last: date, basis: str, on: date) -> None:
    if not basis.strip():
        raise ValidationError({"basis": _("写明依据的放假通知，如国办发明电〔2021〕11号")})
    if last < first:
        raise ValidationError({"last": _("结束日期不能早于开始日期")})
    if last - first > LONGEST:
        facts = {"days": LONGEST.days + 1}
        raise ValidationError({"last": _("一次最多改%(days)s天，核对年份") % facts})


def _by_rule() -> set[int]:
    """Open tasks whose due day is the one that their rule means."""
    ruled = Q(due_rule__isnull=False) | Q(obligation__due_rule__isnull=False, occurrence="")
    rows = Assignment.rows.open().filter(ruled).exclude(due_on=None)
    return set(explanations(rows.select_related("obligation")))
