"""What the bureau's desk shows of one programme: who is late, what is in doubt, who cannot be told."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q

from accounts.roles import UNIT_ROLES
from core import clock
from pilots.choices import Part
from pilots.models import Enrolment, Membership, Programme, Unit
from pilots.queries import with_units

from ..choices import OPEN, Nature
from ..models import Assignment, LightRule, Obligation
from ..models.assignments import AssignmentQuerySet

MOST = 500


@dataclass(frozen=True)
class UnitTasks:
    """One unit with its assignments that are overdue or due soon."""

    unit: Unit
    tasks: list[Assignment]


@dataclass(frozen=True)
class Doubt:
    """An obligation whose words allow two deadlines, and how many open assignments wait for it."""

    obligation: Obligation
    waiting: int


def exceptions_by_unit(
    programme: Programme, *, user: Any, rule: LightRule, most: int
) -> tuple[list[UnitTasks], int]:
    """Units with something overdue (these first) or due soon, and how many more there are."""
    rows = _of(programme, user)
    found = rows.overdue(rule.on) | rows.due_soon(rule)
    late = Count("pk", filter=Q(latest_on__lt=rule.on))
    parts = found.values_list("enrolment_id").annotate(late=late)
    parts = list(parts.order_by("enrolment__position", "enrolment_id"))
    parts.sort(key=lambda part: not part[1])
    shown = [enrolment for enrolment, _late in parts[:most]]
    bodies = with_units(Enrolment.rows.filter(pk__in=shown), clock.today())
    units = {row.pk: UnitTasks(row.unit, []) for row in bodies}
    tasks = found.filter(enrolment__in=shown).select_related("obligation")
    tasks = tasks.defer("obligation__loaded")
    for row in tasks.order_by("due_on", "number")[:MOST]:
        units[row.enrolment_id].tasks.append(row)
    return [units[key] for key in shown], max(len(parts) - most, 0)


def doubts(programme: Programme, *, user: Any) -> list[Doubt]:
    """Obligations that ask for 「确认截止口径」, each once."""
    rows = (
        Obligation.objects.visible_to(user)
        .filter(programme=programme, due_on__lt=F("latest_on"))
        .in_force()
        .defer("loaded")
        .annotate(waiting=Count("assignments", filter=Q(assignments__status__in=OPEN)))
        .order_by("due_on", "position")
    )
    return [Doubt(row, row.waiting) for row in rows]


def unreachable(among: Iterable[Enrolment]) -> list[Enrolment]:
    """Named pilots for which nobody can log in today: no open account of a data officer or CDO. One
    query."""
    named = [row for row in among if row.part == Part.PILOT and not row.unit.is_slot]
    live = Membership.rows.live(clock.today()).filter(role__in=UNIT_ROLES)
    people = live.filter(unit__in=[row.unit_id for row in named])
    manned = set(people.order_by().values_list("unit_id", flat=True))
    return [row for row in named if row.unit_id not in manned]


def slots(among: Iterable[Enrolment]) -> int:
    """How many pilots a source only counts and does not name."""
    return sum(row.part == Part.PILOT and row.unit.is_slot for row in among)


def unreported(programme: Programme, *, user: Any, rule: LightRule) -> list[Assignment]:
    """Reports still owed on the rule's day, in the document's order of units."""
    rows = _of(programme, user).counted().owed(rule.on)
    rows = rows.filter(obligation__nature=Nature.REPORT).order_by("enrolment__position", "number")
    return list(rows.with_unit_name().prefetch_related("obligation")[:MOST])


def _of(programme: Programme, user: Any) -> AssignmentQuerySet:
    return Assignment.objects.visible_to(user).filter(enrolment__programme=programme)
