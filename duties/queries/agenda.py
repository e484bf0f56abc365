"""Deadlines by week, and along the line of time."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from core import charts
from core.words import LIGHTS

from ..models import Assignment, LightRule
from .todo import next_day


@dataclass
class Day:
    """Assignments whose day is this one: the deadline, or in doubt the last day once that is past."""

    day: date
    rows: list[Assignment] = field(default_factory=list)


@dataclass
class Week:
    """Monday to Sunday; only days with something due."""

    monday: date
    days: list[Day] = field(default_factory=list)

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)


def weeks(rows: Iterable[Assignment], on: date) -> list[Week]:
    """Weeks in order, with the days of the given assignments; those without a date are left out."""
    by_day: dict[date, Day] = {}
    for row in rows:
        if day := next_day(row, on):
            by_day.setdefault(day, Day(day)).rows.append(row)
    found: dict[date, Week] = {}
    for day in sorted(by_day):
        monday = day - timedelta(days=day.weekday())
        found.setdefault(monday, Week(monday)).days.append(by_day[day])
    return list(found.values())


def spans(rows: Iterable[Assignment], rule: LightRule, urls: str) -> list[charts.Span]:
    """One bar a dated assignment, from the start of its programme's following (else from when it was
    given) to its deadline. `urls` is the address of an assignment with {} for its number."""
    return [
        charts.Span(
            label=f"{row.unit_label} {row.obligation.display_short_title}",
            starts_on=min(row.programme.started_on or row.created_at.date(), row.due_on),
            due_on=row.due_on,
            state=str(row.light(rule)),
            url=urls.format(row.number),
        )
        for row in rows
        if row.due_on
    ]


def light_words() -> dict[str, str]:
    return {state: str(sign.word) for state, sign in LIGHTS.items()}
