"""The period that the overview shows: which one, its five facts, its column, what it is worth."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core import clock, words
from core.grids import Cell
from duties.choices import Light
from duties.models import LightRule
from duties.queries import Row
from pilots.models import Programme
from reports.choices import Status
from reports.models import Period
from reports.queries import overview as queries
from reports.queries.overview import Past
from reports.queries.periods import (
    DUE,
    IN,
    LATE,
    ON_TIME,
    SHOWN,
    WAITING,
    Line,
    counts_of,
    lines_by_period,
)
from reports.views.periods import provenance, state

from .links import link

SUMMARY = "summary"  # in the place of a period: the demand of the documents
TONES = {WAITING: "due", LATE: "late"}
SHARE = {IN: DUE, ON_TIME: IN}  # of what a number is a share


@dataclass(frozen=True)
class Shown:
    """What of periods a page shows. Without a period the summary demand stands in its place."""

    periods: list[Period]
    period: Period | None
    lines: list[Line] = field(default_factory=list)
    past: list[Past] = field(default_factory=list)
    on: date = date.min

    @property
    def code(self) -> str:
        return self.period.code if self.period else SUMMARY

    @property
    def since(self) -> date | None:
        return queries.day_before(self.periods, self.period, self.on)

    @property
    def by_part(self) -> dict[int, Line]:
        return {line.task.enrolment_id: line for line in self.lines}


def shown(programme: Programme, code: str, *, user: Any, rule: LightRule) -> Shown:
    """The period of `code`, else the newest open one, with its lines and those of the periods that
    are over. Two queries."""
    periods = queries.known_periods(programme, user=user)
    period = None if code == SUMMARY else queries.chosen(periods, code, rule.on)
    over = queries.periods_over(periods, rule.on)
    asked = {row.pk: row for row in [*over, *([period] if period else [])]}
    lines = lines_by_period(asked.values(), user=user, rule=rule)
    past = [Past(row, lines[row.pk]) for row in over if lines[row.pk]]
    return Shown(periods, period, lines[period.pk] if period else [], past, rule.on)


def choices(periods: Iterable[Period]) -> list[tuple[str, str]]:
    return [*((row.code, row.title) for row in periods), (SUMMARY, _("工作总结"))]


def period_facts(found: Shown) -> list[dict[str, Any]]:
    """应报、已报、按时、待审、逾期, each with the units that it counts; nothing without a period."""
    if found.period is None:
        return []
    labels = {
        DUE: _("本期应报"),
        IN: _("已报"),
        ON_TIME: _("按时报送"),
        WAITING: _("待审"),
        LATE: _("逾期未报"),
    }
    counts = counts_of(found.lines)
    return [
        {
            "label": labels[name],
            "value": counts[name],
            "url": place(found.period, name, found.on) if counts[name] else "",
            "note": words.percent_of(counts[name], counts[SHARE[name]])
            if name in SHARE and counts[SHARE[name]]
            else "",
            "tone": TONES.get(name, "") if counts[name] else "",
        }
        for name in SHOWN
    ]


def place(period: Period, name: str, on: date) -> str:
    """The units of the period that a number counts."""
    day = on if on != clock.today() else None
    return link("reports:period", period.audit_key, show=name, on=day) + "#units"


def banner(found: Shown) -> dict[str, str] | None:
    """What the numbers of the period are worth: {"title", "word", "tone", "text", "url"}."""
    if found.period is None:
        return None
    said = state(found.period, found.on)
    return {
        "title": found.period.title,
        **said,
        "text": provenance(found.period, counts_of(found.lines), found.on),
        "url": link("reports:period", found.period.audit_key),
    }


def cell_of(line: Line | None) -> Cell:
    """The report of one body: what the bureau knows of it, and the light of what is still owed."""
    if line is None:
        return Cell(Light.NOT_APPLICABLE)
    url = f"p{line.task.pk}"
    if line.state == Status.ACCEPTED:
        return Cell(Light.DONE, _("已通过"), url)
    if line.is_waiting:
        return Cell(Light.NORMAL, _("待审核"), url)
    word = _("已退回") if line.state == Status.RETURNED else _("未报")
    return Cell(line.light, word, url)


def last_changes(rows: Iterable[Row], on: date) -> dict[int, date]:
    """{part: the last day on which a report, task or duty of the body moved}; one query."""
    found = {row.enrolment.pk: row.changed_on for row in rows}
    reported = queries.last_report_days(list(found), on)
    days = {part: (day, reported.get(part)) for part, day in found.items()}
    return {part: max(day for day in pair if day) for part, pair in days.items() if any(pair)}
