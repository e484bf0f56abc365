"""What the overview, the desk and the dossiers show of periods. Who counts as 应报, 已报, 按时 and 逾期
is said in `periods` alone."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, Q

from duties.models import ItemProgress, LightRule
from pilots.models import Enrolment, Programme

from ..models import Period, Report
from .periods import Line, lines_by_period

MOST = 8  # periods of a trend: two years of quarters
OFFERED = 20  # periods to choose from


def known_periods(programme: Programme, *, user: Any) -> list[Period]:
    """The periods of a programme that the reader sees, the newest first."""
    rows = Period.objects.visible_to(user).filter(programme=programme)
    found = list(rows.select_related("programme", "obligation").order_by("-starts_on")[:OFFERED])
    for row in found:
        row.programme = programme
    return found


def chosen(periods: list[Period], code: str, on: date) -> Period | None:
    """The period of that code; without one the newest that had begun on the day, of those that still
    took reports then, else of all."""
    named = next((row for row in periods if row.code == code), None)
    begun = [row for row in periods if row.opens_on <= on]
    open_then = [row for row in begun if row.closed_on is None or row.closed_on > on]
    return named or next(iter(open_then or begun), None)


def day_before(periods: list[Period], period: Period | None, on: date) -> date | None:
    """With what the numbers of the day are compared («较上期»): the eve of the newest period that had
    begun. None for an older one, or without a period before it."""
    begun = [row for row in periods if row.opens_on <= on]
    if period is None or len(begun) < 2 or begun[0].pk != period.pk:
        return None
    return period.opens_on - timedelta(days=1)


@dataclass(frozen=True)
class Past:
    """A period whose days are over, with the lines of the bodies that the reader sees."""

    period: Period
    lines: list[Line]

    @property
    def due(self) -> int:
        return len(self.lines)

    @property
    def on_time(self) -> int:
        return sum(line.is_on_time for line in self.lines)

    @property
    def on_time_first(self) -> int:
        return sum(line.is_on_time_first for line in self.lines)

    @property
    def extended(self) -> int:
        """How many were granted a later day."""
        return sum(line.is_extended for line in self.lines)


def periods_over(periods: list[Period], on: date) -> list[Period]:
    """The last eight periods that were due before the day, the oldest first."""
    return [row for row in periods if row.due_on < on][:MOST][::-1]


@dataclass(frozen=True)
class UnitPast:
    """One body's report of one period; `items` had progress by it."""

    period: Period
    line: Line
    items: int


def reports_of(
    periods: list[Period], part: Enrolment, *, user: Any, rule: LightRule
) -> list[UnitPast]:
    """A body's reports of the last eight periods that had begun, the newest first. Two queries."""
    begun = [row for row in periods if row.opens_on <= rule.on][:MOST]
    lines = lines_by_period(begun, user=user, rule=rule, part=part)
    items = _items_by_report(part, rule.on)
    found = [(row, lines[row.pk][0]) for row in begun if lines[row.pk]]
    return [UnitPast(row, line, items[_number(line)]) for row, line in found]


def _number(line: Line) -> str:
    return line.report.number if line.report else ""


def _items_by_report(part: Enrolment, on: date) -> Counter[str]:
    """How many items each report of a body gave progress: the key begins with the report's number."""
    rows = ItemProgress.rows.live().filter(enrolment=part, happened_on__lte=on)
    keys = rows.filter(source_key__startswith="report:").values_list("source_key", flat=True)
    return Counter(key.split(":")[1] for key in keys)


def last_report_days(parts: list[int], on: date) -> dict[int, date]:
    """{part: the last day up to `on` on which the bureau got or answered a report}; one query."""
    rows = Report.rows.filter(assignment__enrolment__in=parts, handed_in_on__lte=on).order_by()
    facts = rows.values_list("assignment__enrolment").annotate(
        came=Max("handed_in_on"), answered=Max("decided_on", filter=Q(decided_on__lte=on))
    )
    return {part: max(came, answered or came) for part, came, answered in facts}
