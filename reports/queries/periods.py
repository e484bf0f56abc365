"""A period as the bureau and its units see it: who owes, who reported, on time or late."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from core.workdays import Calendar
from duties.choices import COUNTED, Light
from duties.models import Assignment, AssignmentQuerySet, LightRule
from duties.queries.extensions import with_first_deadline
from pilots.choices import Part
from pilots.models import Enrolment, Programme

from ..choices import Status
from ..models import Period, PeriodFigure, Report

DUE, IN, ON_TIME, WAITING, LATE = "due", "in", "on_time", "waiting", "late"
SHOWN = (DUE, IN, ON_TIME, WAITING, LATE)
REPORTED = frozenset({Status.SUBMITTED, Status.ACCEPTED})
DECIDED = frozenset({Status.ACCEPTED, Status.RETURNED})
NOTICE = 5  # working days' notice that units should have at least
USUAL = 10  # working days from the beginning to the due day that are suggested


@dataclass(frozen=True)
class Line:
    """One unit's task of the period, with its report or None. `task` is an Assignment that also
    knows its `first_latest_on` (duties.queries.with_first_deadline), of which its type knows nothing."""

    task: Any
    report: Report | None
    light: Light
    on: date

    @property
    def state(self) -> str:
        """Where the report stood with the bureau on the day, as far as its days tell: a Status from
        待审核 on; "" before it came, and for what is being rewritten today."""
        row = self.report
        if row is None or row.handed_in_on is None or row.handed_in_on > self.on:
            return ""
        if row.status in DECIDED and row.decided_on is not None and row.decided_on > self.on:
            return Status.SUBMITTED
        return row.status if row.status in REPORTED | DECIDED else ""

    @property
    def is_in(self) -> bool:
        """Handed in, and with the bureau: what went back has to come again."""
        return self.state in REPORTED

    @property
    def is_on_time(self) -> bool:
        return self.is_in and self.report is not None and not self.report.was_late()

    @property
    def is_on_time_first(self) -> bool:
        """In by the day that was set first, whatever was granted later."""
        first = self.task.first_latest_on
        if not self.is_in or self.report is None or self.report.handed_in_on is None:
            return False
        return first is None or self.report.handed_in_on <= first

    @property
    def is_extended(self) -> bool:
        first, latest = self.task.first_latest_on, self.task.latest_on
        return first is not None and latest is not None and first < latest

    @property
    def is_waiting(self) -> bool:
        return self.state == Status.SUBMITTED

    @property
    def is_late(self) -> bool:
        """Still owed after the last day that is allowed."""
        latest = self.task.latest_on
        return not self.is_in and latest is not None and latest < self.on

    def belongs(self, shown: str) -> bool:
        """Whether it is one of those that a number of SHOWN counts."""
        answers = {
            DUE: True,
            IN: self.is_in,
            ON_TIME: self.is_on_time,
            WAITING: self.is_waiting,
            LATE: self.is_late,
        }
        return answers[shown]


def lines_of(period: Period, *, user: Any, rule: LightRule) -> list[Line]:
    """The tasks of the period that the reader sees, in the document's order; what was taken off the
    table is left out."""
    return _lines(_tasks([period], user).for_lists(), [period], rule)[period.pk]


def lines_by_period(
    periods: Iterable[Period],
    *,
    user: Any,
    rule: LightRule,
    part: Enrolment | None = None,
    named: bool = False,
) -> dict[int, list[Line]]:
    """The same of several periods, of the units no more than their names (where `named`), of one body
    where `part` is given: one query."""
    chosen = list(periods)
    rows = _tasks(chosen, user)
    if part is not None:
        rows = rows.filter(enrolment=part)
    if named:
        rows = rows.with_unit_name()
    return _lines(rows, chosen, rule) if chosen else {}


def _tasks(periods: list[Period], user: Any) -> AssignmentQuerySet:
    rows = Assignment.objects.visible_to(user).filter(
        obligation__in={row.obligation_id for row in periods},
        occurrence__in={row.code for row in periods},
        status__in=COUNTED,
    )
    return with_first_deadline(rows).order_by("enrolment__position", "enrolment_id")


def _lines(
    tasks: AssignmentQuerySet, periods: list[Period], rule: LightRule
) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = {row.pk: [] for row in periods}
    places = {(row.obligation_id, row.code): row.pk for row in periods}
    for task in tasks.select_related("report"):
        report = getattr(task, "report", None)  # none yet where it raises RelatedObjectDoesNotExist
        place = places[task.obligation_id, task.occurrence]
        found[place].append(Line(task, report, task.light(rule), rule.on))
    return found


def counts_of(lines: Iterable[Line]) -> dict[str, int]:
    """应报、已报、按时、待审、逾期: how many of `lines` each counts."""
    rows = list(lines)
    return {name: sum(1 for row in rows if row.belongs(name)) for name in SHOWN}


def counts_by_period(periods: Iterable[Period], *, user: Any, rule: LightRule) -> dict[int, dict]:
    """The same five numbers of several periods; one query."""
    lines = lines_by_period(periods, user=user, rule=rule)
    return {period: counts_of(found) for period, found in lines.items()}


def recipients(programme: Programme, on: date) -> list[Enrolment]:
    """The pilots that get a task when a period is opened, in the document's order."""
    rows = Enrolment.rows.filter(programme=programme, part=Part.PILOT, withdrawn_on=None)
    named = rows.standing(on).filter(unit__is_slot=False)
    return list(named.select_related("unit").prefetch_related("unit__names").in_document_order())


@dataclass(frozen=True)
class Suggestion:
    """The quarter that a period may cover next, and its days."""

    code: str
    starts_on: date
    ends_on: date
    opens_on: date
    due_on: date


def suggestion(programme: Programme, on: date) -> Suggestion:
    """The earliest quarter after the last period; without one that which ended last before `on`. A
    rhythm that is suggested, never assumed (house.md §6.8)."""
    last = Period.rows.filter(programme=programme).order_by("-ends_on").first()
    starts_on = last.ends_on + timedelta(days=1) if last else _before(_quarter(on))
    starts_on = _quarter(starts_on)
    ends_on = _next(starts_on) - timedelta(days=1)
    calendar = Calendar.around(on, ends_on, margin=60)
    opens_on = calendar.on_or_after(max(on, ends_on + timedelta(days=1)))
    code = f"{starts_on.year}Q{(starts_on.month + 2) // 3}"
    return Suggestion(code, starts_on, ends_on, opens_on, calendar.forward(opens_on, USUAL))


def notice_days(opens_on: date, due_on: date, on: date) -> int:
    """Working days that units have: from the later of today and the beginning to the due day."""
    begins = max(opens_on, on)
    return Calendar.around(begins, due_on, margin=60).between(begins, due_on)


def earlier_figures(programme: Programme) -> dict[int, list[PeriodFigure]]:
    """{area id: figures} of the newest period, to be asked for again."""
    last = Period.rows.filter(programme=programme).order_by("-starts_on").first()
    return figures_of(last) if last else {}


def figures_of(period: Period) -> dict[int, list[PeriodFigure]]:
    """{area id: the figures that are asked for}, in their order."""
    found: dict[int, list[PeriodFigure]] = {}
    for row in period.figures.filter(withdrawn_on=None).select_related("area"):
        found.setdefault(row.area_id, []).append(row)
    return found


def _quarter(day: date) -> date:
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def _next(day: date) -> date:
    return (
        day.replace(year=day.year + 1, month=1)
        if day.month > 9
        else day.replace(month=day.month + 3)
    )


def _before(day: date) -> date:
    return _quarter(day - timedelta(days=1))
