"""From obligations to assignments, and the stored dates of a deadline."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from core import audit, clock
from core.numbers import next_numbers
from core.workdays import Calendar
from pilots.choices import Phase
from pilots.models import Enrolment, Programme

from ..choices import OPEN, PERIODIC
from ..models import Assignment, Obligation
from .retelling import retell


@transaction.atomic
def sync_assignments(programme: Programme, *, by: Any, on: date | None = None) -> dict[str, int]:
    """Give every body bound on the day its assignment, and carry changed quantities and dates to
    those that still follow their obligation. Returns {"created", "updated"}; running it again, or
    twice at once, changes nothing.
    """
    on = on or clock.today()
    Programme.rows.select_for_update(of=("self",)).get(pk=programme.pk)
    demands = Obligation.rows.filter(programme=programme).exclude(nature__in=PERIODIC)
    obligations = list(demands.in_force())
    enrolments = list(
        Enrolment.rows.filter(Q(ends_on=None) | Q(ends_on__gte=on), programme=programme)
        .filter(withdrawn_on=None)
        .select_related("unit")
    )
    present = {
        (row.obligation_id, row.enrolment_id): row
        for row in Assignment.rows.filter(obligation__in=obligations, occurrence="")
    }
    calendar = calendar_for(obligations)
    wanted = [
        (obligation, enrolment)
        for obligation in obligations
        for enrolment in _bound(obligation, enrolments)
    ]
    missing = [pair for pair in wanted if (pair[0].pk, pair[1].pk) not in present]
    created = _create(missing, calendar)
    followers = [
        row
        for obligation, enrolment in wanted
        if (row := present.get((obligation.pk, enrolment.pk)))
        and _follow(row, obligation, calendar)
    ]
    retell(followers)
    updated = len(followers)
    if created or updated:
        after = {"created": created, "updated": updated}
        audit.record("assignment.sync", by=by, subject=programme, programme=programme, after=after)
    return {"created": created, "updated": updated}


def sync_all() -> int:
    """Sync every programme that is not closed: bodies named, merged or enrolled since then get what
    they owe. Returns how many assignments were created or changed."""
    counts = [
        sync_assignments(programme, by=None)
        for programme in Programme.rows.exclude(phase=Phase.CLOSED)
    ]
    return sum(count["created"] + count["updated"] for count in counts)


def _bound(obligation: Obligation, enrolments: Iterable[Enrolment]) -> list[Enrolment]:
    named = set(obligation.units.values_list("pk", flat=True))
    return [
        row
        for row in enrolments
        if obligation.binds(
            part=row.part, kind=row.kind or row.unit.kind, unit_id=row.unit_id, named=named
        )
    ]


def calendar_for(obligations: Iterable[Obligation]) -> Calendar:
    days = [day for row in obligations for day in (row.due_on, row.latest_on) if day]
    return Calendar.around(*days, margin=60) if days else Calendar()


def calendar_around(day: date | None) -> Calendar:
    """The working days near one day, or none when there is no day."""
    return Calendar.around(day, margin=60) if day else Calendar()


def _create(pairs: list[tuple[Obligation, Enrolment]], calendar: Calendar) -> int:
    now = clock.now()
    rows = [
        Assignment(
            obligation=obligation,
            enrolment=enrolment,
            quantity=obligation.quantity,
            original_due_on=obligation.due_on,
            created_at=now,
            updated_at=now,
            **deadline(obligation.due_on, obligation.latest_on, calendar),
        )
        for obligation, enrolment in pairs
    ]
    for row, number in zip(rows, next_numbers(Assignment.rows, "RW", len(rows)), strict=True):
        row.number = number
    Assignment.rows.bulk_create(rows)
    return len(rows)


def deadline(due_on: date | None, latest_on: date | None, calendar: Calendar) -> dict[str, Any]:
    """The four stored dates of a deadline: the two readings and the last working day before each
    (a policy deadline is never moved by a holiday, domain.md D.7)."""
    if due_on is None:
        return dict.fromkeys(("due_on", "latest_on", "last_workday_on", "latest_workday_on"))
    latest_on = latest_on or due_on
    return {
        "due_on": due_on,
        "latest_on": latest_on,
        "last_workday_on": calendar.on_or_before(due_on),
        "latest_workday_on": calendar.on_or_before(latest_on),
    }


def _follow(row: Assignment, obligation: Obligation, calendar: Calendar) -> bool:
    """Carry the obligation's new dates and quantity, unless this assignment went its own way."""
    wanted = deadline(obligation.due_on, obligation.latest_on, calendar)
    wanted["quantity"] = obligation.quantity
    changed = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    if not changed or row.status not in OPEN or row.was_extended:
        return False
    for name, value in changed.items():
        setattr(row, name, value)
    row.original_due_on = obligation.due_on
    if {"due_on", "latest_on"} & changed.keys():
        row.deadline_version += 1
    row.version += 1
    row.updated_at = clock.now()
    row.save()
    return True


def follow_decision(row: Assignment) -> None:
    """Give an assignment that comes back to the table the day that was decided meanwhile."""
    obligation = row.obligation
    if row.is_doubtful and not obligation.is_doubtful and obligation.due_on is not None:
        dates = deadline(obligation.due_on, obligation.latest_on, calendar_for([obligation]))
        for name, value in dates.items():
            setattr(row, name, value)
        row.original_due_on = obligation.due_on
        row.deadline_version += 1


@transaction.atomic
def refresh_workdays(*, by: Any = None) -> int:
    """Recount the stored last working days of open tasks after the calendar was mended; returns how
    many moved."""
    rows = list(Assignment.rows.select_for_update().open().exclude(due_on=None))
    days = [day for row in rows for day in (row.due_on, row.latest_on) if day]
    if not days:
        return 0
    calendar, changed = Calendar.around(*days, margin=60), []
    for row in rows:
        wanted = deadline(row.due_on, row.latest_on, calendar)
        if any(getattr(row, name) != value for name, value in wanted.items()):
            row.last_workday_on = wanted["last_workday_on"]
            row.latest_workday_on = wanted["latest_workday_on"]
            changed.append(row)
    Assignment.rows.bulk_update(changed, ["last_workday_on", "latest_workday_on"])
    if changed:
        audit.record(
            "assignment.refresh_workdays",
            by=by,
            subject="assignments",
            after={"count": len(changed)},
        )
    return len(changed)


@transaction.atomic
def open_occurrence(
    obligation: Obligation,
    enrolment: Enrolment,
    *,
    occurrence: str,
    by: Any,
    due_on: date | None = None,
    due_rule: Any = None,
    calendar: Calendar | None = None,
) -> Assignment:
    """One more occurrence of what a body owes, such as the filing that each change of a holder asks
    for anew («change-2») or the report of a period («2022Q1»); the same occurrence comes back when it
    is there already.

    Its day is not the first one's: without `due_on` it is undated until somebody sets one. `due_rule`
    is the rule, as it is stored, that means this day.
    """
    Programme.rows.select_for_update(of=("self",)).get(pk=enrolment.programme_id)
    key = {"obligation": obligation, "enrolment": enrolment, "occurrence": occurrence}
    known = Assignment.rows.filter(**key).first()
    if known is not None:
        return known
    now = clock.now()
    row = Assignment(
        **key,
        number=next_numbers(Assignment.rows, "RW")[0],
        quantity=obligation.quantity,
        original_due_on=due_on,
        due_rule=due_rule,
        created_at=now,
        updated_at=now,
        **deadline(due_on, due_on, calendar or calendar_around(due_on)),
    )
    row.full_clean()
    row.save()
    after = {"obligation": obligation, "occurrence": occurrence, "due_on": due_on}
    unit, programme = enrolment.unit, enrolment.programme
    audit.record("assignment.open", by=by, subject=row, unit=unit, programme=programme, after=after)
    return row
