"""The sentence above the register: how many posts there are, held and vacant."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from pilots.choices import Part
from pilots.models import Enrolment, Programme

from .rules import rulings
from .seats import Seat, seats_of


@dataclass(frozen=True)
class Totals:
    """Seats that the rules ask for in a post, with a substantive holder and without one."""

    seats: int
    held: int
    vacant: int


def totals(
    programme: Programme, *, user: Any, on: date, post: str | None, part: str = Part.PILOT
) -> Totals:
    """Of the bodies that take that part in the programme on the day and that the user sees. Three
    queries, one more where a limit is set."""
    rows = (
        Enrolment.objects.visible_to(user)
        .filter(programme=programme, part=part, unit__is_slot=False)
        .standing(on)
        .select_related("unit", "programme")
        .defer("loaded", "unit__loaded", "programme__loaded", "programme__provisions")
    )
    present = rulings(row for row in rows if row.unit.exists_on(on))
    return counted(seats_of(programme, user=user, on=on, post=post, found=present))


def counted(seats: Iterable[Seat]) -> Totals:
    rows = list(seats)
    held = sum(1 for seat in rows if seat.holder is not None)
    vacant = sum(1 for seat in rows if seat.is_vacant)
    return Totals(held + vacant, held, vacant)


def counted_on(programme: Programme, part: str = Part.PILOT) -> date | None:
    """The first day on which a source counted bodies of which it does not say when they joined; None
    where all are known (house.md §6.11)."""
    rows = Enrolment.rows.filter(
        programme=programme,
        part=part,
        withdrawn_on=None,
        starts_on=None,
        cohort__as_of__isnull=False,
    )
    return rows.order_by("cohort__as_of").values_list("cohort__as_of", flat=True).first()
