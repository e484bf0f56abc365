"""What the people of a unit have to do, wait for, and have done."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Prefetch

from pilots.choices import Phase
from pilots.models import Enrolment, Membership, Programme, Unit

from ..choices import Light, Status
from ..models import Assignment, LightRule
from ..models.assignments import AssignmentQuerySet
from .cells import Row
from .matrix import rows_of

WITH_US = (Status.ASSIGNED, Status.ACCEPTED, Status.RETURNED)
MOST = 100  # a unit has some twenty; beyond this the list itself is the page to read
RECENT = 5


@dataclass(frozen=True)
class Todo:
    """Assignments of the reader's own units in followed programmes, most urgent first."""

    overdue: list[Assignment]
    this_week: list[Assignment]
    later: list[Assignment]
    waiting: list[Assignment]
    recent: list[Assignment]
    total: int

    @property
    def dated(self) -> list[Assignment]:
        """Those that have a deadline still to come, nearest first."""
        return [row for row in (*self.this_week, *self.later) if row.due_on]


def own_assignments(user: Any) -> AssignmentQuerySet:
    """Assignments of the units for which the reader acts, in programmes that are followed."""
    units = Membership.rows.of_unit_people(user).values("unit_id")
    return Assignment.objects.visible_to(user).filter(
        enrolment__unit__in=units, enrolment__programme__phase=Phase.RUNNING
    )


def todo_of(user: Any, rule: LightRule) -> Todo:
    """Four queries, whatever the number of units and tasks."""
    rows = own_assignments(user).for_lists().select_related("obligation__clause__document")
    mine = rows.filter(status__in=WITH_US)
    found = sorted(mine.with_done(rule.on).most_urgent_first()[:MOST], key=_urgency(rule.on))
    sunday = rule.on + timedelta(days=6 - rule.on.weekday())
    groups: dict[str, list[Assignment]] = {"overdue": [], "this_week": [], "later": []}
    for row in found:
        groups[_group(row, rule, sunday)].append(row)
    return Todo(
        **groups,
        waiting=list(rows.filter(status=Status.SUBMITTED).most_urgent_first()[:MOST]),
        recent=list(rows.filter(status=Status.DONE).order_by("-done_on", "-pk")[:RECENT]),
        total=len(found) if len(found) < MOST else mine.count(),
    )


def helped_tasks(user: Any) -> list[Assignment]:
    """Open tasks of others with which a unit of the reader's helps (协办), most urgent first: they are
    shown and counted nowhere."""
    rows = Assignment.objects.helped_by(user).open()
    followed = rows.filter(enrolment__programme__phase=Phase.RUNNING)
    with_basis = followed.for_lists().select_related("obligation__clause__document")
    return list(with_basis.most_urgent_first()[:MOST])


def own_rows(programme: Programme, *, user: Any, rule: LightRule) -> list[Row]:
    """How the reader's own units stand in a programme: a row each, in eight queries."""
    enrolments = (
        Enrolment.objects.visible_to(user)
        .filter(
            programme=programme, unit__in=Membership.rows.of_unit_people(user).values("unit_id")
        )
        .pilots()
        .standing(rule.on)
        .in_document_order()
        .prefetch_related(Prefetch("unit", Unit.rows.with_name(rule.on)))
    )
    return rows_of(programme, list(enrolments), user=user, rule=rule)[2]


def next_day(row: Assignment, on: date) -> date | None:
    """The day that counts now: the deadline, or past it the last day that the words allow."""
    if row.due_on is None or row.due_on >= on:
        return row.due_on
    return row.latest_on


def _urgency(on: date) -> Any:
    def key(row: Assignment) -> tuple[bool, date, str]:
        day = next_day(row, on)
        return day is None, day or date.max, row.number

    return key


def _group(row: Assignment, rule: LightRule, sunday: date) -> str:
    if row.light(rule) == Light.OVERDUE:
        return "overdue"
    day = next_day(row, rule.on)
    return "this_week" if day and day <= sunday else "later"
