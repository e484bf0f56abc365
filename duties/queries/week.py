"""What is due in a week or overdue, by the bureau's contact of each unit (对口联系人)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from accounts.models import User
from pilots.models import Programme, Unit

from ..models import Assignment

MOST = 1000


@dataclass
class UnitWeek:
    """The tasks of one unit, the nearest deadline first."""

    unit: Unit
    rows: list[Assignment] = field(default_factory=list)


@dataclass
class LiaisonWeek:
    """One sheet: the units that one person of the bureau looks after; None for those of nobody."""

    liaison: User | None
    units: list[UnitWeek] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(len(unit.rows) for unit in self.units)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def due_in_week(programme: Programme, *, user: Any, monday: date, on: date) -> list[Assignment]:
    """Open tasks of the programme that the reader sees, in the document's order: those due in the
    week; in the present one also all whose day is over. Five queries."""
    rows = Assignment.objects.visible_to(user).open()
    rows = rows.filter(enrolment__programme=programme, due_on__lte=monday + timedelta(days=6))
    if monday > on:
        rows = rows.filter(due_on__gte=monday)
    rows = rows.for_lists().select_related("enrolment__liaison").with_done()
    order = ("enrolment__position", "enrolment_id", "due_on", "number")
    return list(rows.order_by(*order)[:MOST])


def by_liaison(rows: Iterable[Assignment]) -> list[LiaisonWeek]:
    """A sheet a person, by name; the units of nobody come last."""
    sheets: dict[int | None, LiaisonWeek] = {}
    units: dict[int, UnitWeek] = {}
    for row in rows:
        who, part = row.enrolment.liaison, row.enrolment_id
        sheet = sheets.setdefault(who.pk if who else None, LiaisonWeek(who))
        if part not in units:
            units[part] = UnitWeek(row.unit)
            sheet.units.append(units[part])
        units[part].rows.append(row)
    return sorted(sheets.values(), key=lambda sheet: (sheet.liaison is None, str(sheet.liaison)))
