"""What a section of a person's year is made of, and of what it is made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet

from core import clock
from duties.models import Assignment, Fulfilment
from officers.models import Appointment, Person


@dataclass(frozen=True)
class Section:
    """A heading and a table, or one sentence where there is nothing. `widths` are shares of the
    columns; of 40 a date in words needs 10.5."""

    title: str
    headers: Sequence[str]
    rows: Sequence[Sequence[Any]]
    nothing: str
    widths: Sequence[float] | None = None


@dataclass(frozen=True)
class Year:
    """One person's year as `user` may see it."""

    person: Person
    year: int
    user: Any

    @property
    def first(self) -> date:
        return date(self.year, 1, 1)

    @property
    def last(self) -> date:
        """The last day of the year, or today while it lasts."""
        return min(date(self.year, 12, 31), clock.today())

    @cached_property
    def tenures(self) -> list[Appointment]:
        """Posts held on a day of the year."""
        rows = Appointment.objects.visible_to(self.user).standing().filter(person=self.person)
        rows = rows.filter(Q(ends_on=None) | Q(ends_on__gte=self.first), since__lte=self.last)
        related = ("unit", "post", "authority")
        return list(rows.select_related(*related).order_by("since", "number"))

    def in_tenure(self, unit: str, day: str) -> Q:
        """Condition that something of the unit in column `unit` fell on a day, in column `day`, on
        which the person held a post there in that year."""
        found = Q(pk__in=[])
        for row in self.tenures:
            since = max(row.since, self.first)
            until = min(row.ends_on or self.last, self.last)
            days = {f"{day}__gte": since, f"{day}__lte": until}
            found |= Q(**{unit: row.unit_id}, **days)
        return found

    def fulfilled(self, natures: Sequence[str], *, others: bool = False) -> QuerySet[Fulfilment]:
        """What counted towards tasks of these natures (with `others`: of all other natures)."""
        tasks = Assignment.objects.visible_to(self.user)
        kind = Q(obligation__nature__in=natures)
        tasks = tasks.filter(~kind if others else kind)
        rows = Fulfilment.objects.filter(assignment__in=tasks, voided_at=None)
        return (
            rows.filter(self.in_tenure("assignment__enrolment__unit_id", "happened_on"))
            .select_related("assignment__obligation", "assignment__enrolment__unit")
            .order_by("happened_on", "pk")
        )
