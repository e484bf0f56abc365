"""What the bureau's desk shows of one programme: who is late, what is in doubt, who cannot be told."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q

from accounts.roles import UNIT_ROLES
from core import clock
from pilots.models import Enrolment, Membership, Programme, Unit

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
    bodies = Enrolment.rows.filter(pk__in=shown).defer("loaded").select_related("unit")
    units = {row.pk: UnitTasks(row.unit, []) for row in bodies.prefetch_related("unit__names")}
    tasks = found.filter(enrolment__in=shown).prefetch_related("obligation")
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


def unreachable(programme: Programme, *, user: Any) -> list[Enrolment]:
    """Named pilots for which nobody can log in: no open account of a data officer or CDO."""
    today = clock.today()
    manned = Membership.rows.live(today).filter(unit=OuterRef("unit_id"), role__in=UNIT_ROLES)
    return list(
        Enrolment.objects.visible_to(user)
        .filter(~Exists(manned), programme=programme, unit__is_slot=False)
        .pilots()
        .standing(today)
        .in_document_order()
        .defer("loaded")
        .prefetch_related(Prefetch("unit", Unit.rows.with_name(today).defer("loaded")))
    )


def slots(programme: Programme, *, user: Any, on: date) -> int:
    """How many pilots a source only counts and does not name."""
    rows = Enrolment.objects.visible_to(user).filter(programme=programme, unit__is_slot=True)
    return rows.pilots().standing(on).count()


def unreported(programme: Programme, *, user: Any, rule: LightRule) -> list[Assignment]:
    """Reports still owed on the rule's day, in the document's order of units."""
    rows = _of(programme, user).counted().owed(rule.on)
    rows = rows.filter(obligation__nature=Nature.REPORT).order_by("enrolment__position", "number")
    return list(rows.with_unit_name().prefetch_related("obligation")[:MOST])


def _of(programme: Programme, user: Any) -> AssignmentQuerySet:
    return Assignment.objects.visible_to(user).filter(enrolment__programme=programme)
