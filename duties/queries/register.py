"""What the register and the dossier say of units beside their names, set by set."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, Q

from accounts.roles import UNIT_ROLES
from core import clock
from pilots.models import Enrolment, Membership, Programme, Unit

from ..choices import Status
from ..models import Assignment, ItemProgress, LightRule
from .cells import AreaCell, Row
from .matrix import rows_of

MOST = 200  # tasks of one unit on its page; the list has them all


@dataclass
class Entry:
    """One unit of the register in one programme; `row` is None where it takes no part as a pilot."""

    row: Row | None = None
    people: list[Membership] = field(default_factory=list)
    changed_at: datetime | None = None
    done: int = 0
    total: int = 0

    @property
    def areas(self) -> list[AreaCell]:
        return self.row.areas if self.row else []


def register(
    programme: Programme | None, units: Iterable[Unit], *, user: Any, rule: LightRule
) -> dict[int, Entry]:
    """Entries by id of the given units, in twelve queries whatever their number."""
    by_id = {unit.pk: unit for unit in units}
    ids = list(by_id)
    entries: dict[int, Entry] = defaultdict(Entry)
    for person in _people(ids):
        entries[person.unit_id].people.append(person)
    if programme is None:
        return entries
    for unit, total, done in _counts(programme, ids, user=user, on=rule.on):
        entries[unit].total, entries[unit].done = total, done
    rows = _enrolments(programme, ids, user=user, on=rule.on)
    for part in rows:
        part.unit = by_id[part.unit_id]
    _areas, _obligations, found = rows_of(programme, rows, user=user, rule=rule)
    changes = last_changes([row.pk for row in rows])
    for row in found:
        entries[row.enrolment.unit_id].row = row
        entries[row.enrolment.unit_id].changed_at = changes.get(row.enrolment.pk)
    return entries


def _people(units: list[int]) -> Iterable[Membership]:
    return (
        Membership.rows.live(clock.today())
        .filter(unit__in=units, role__in=UNIT_ROLES)
        .select_related("user")
        .order_by("role", "id")
    )


def _counts(
    programme: Programme, units: list[int], *, user: Any, on: date
) -> Iterable[tuple[int, int, int]]:
    """(unit, tasks that count, those done by the day)."""
    done = Q(status=Status.DONE, done_on__lte=on)
    return (
        Assignment.objects.visible_to(user)
        .filter(enrolment__programme=programme, enrolment__unit__in=units)
        .counted()
        .order_by()
        .values_list("enrolment__unit")
        .annotate(total=Count("pk"), done=Count("pk", filter=done))
    )


def _enrolments(programme: Programme, units: list[int], *, user: Any, on: date) -> list[Enrolment]:
    return list(
        Enrolment.objects.visible_to(user)
        .filter(programme=programme, unit__in=units)
        .pilots()
        .standing(on)
        .defer("loaded")
    )


def last_changes(enrolments: list[int]) -> dict[int, datetime]:
    """{part: when a task or progress of it was last written}; two queries."""
    latest: dict[int, datetime] = {}
    tasks = Assignment.rows.filter(enrolment__in=enrolments).order_by().values_list("enrolment")
    progress = ItemProgress.rows.filter(enrolment__in=enrolments).order_by()
    for key, moment in (
        *tasks.annotate(at=Max("updated_at")),
        *progress.values_list("enrolment").annotate(at=Max("created_at")),
    ):
        latest[key] = max(moment, latest.get(key, moment))
    return latest


def tasks_of(unit: Unit, *, user: Any, on: date) -> list[Assignment]:
    """The unit's tasks in every programme that the reader sees, most urgent first."""
    rows = Assignment.objects.visible_to(user).filter(enrolment__unit=unit)
    rows = rows.select_related("enrolment").defer("enrolment__loaded")
    rows = rows.prefetch_related("obligation__area", "enrolment__programme")
    found = list(rows.with_done(on).most_urgent_first()[:MOST])
    for row in found:
        row.enrolment.unit = unit
    return found


def people_of(unit: Unit) -> list[Membership]:
    """Everybody who acts or acted for the unit, those who do so now first."""
    rows = Membership.rows.filter(unit=unit).select_related("user").order_by("role", "id")
    today = clock.today()
    return sorted(rows, key=lambda row: not is_live(row, today))


def is_live(row: Membership, on: date) -> bool:
    return row.revoked_at is None and row.user.is_active and row.holds_on(on)


def parts_of(unit: Unit, *, user: Any) -> list[Enrolment]:
    """Everything the unit takes part in, of what the reader sees; pilots first."""
    rows = (
        Enrolment.objects.visible_to(user)
        .filter(Q(withdrawn_on=None), unit=unit)
        .select_related("programme", "cohort", "handled_by")
        .prefetch_related("handled_by__names")
    )
    return sorted(rows, key=lambda row: (row.part != "pilot", row.programme.position, row.pk))
