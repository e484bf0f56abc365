"""The register as pages of several apps show it: holders by unit, what was before, what is old."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from pilots.choices import Part
from pilots.models import Programme, Unit

from ..choices import SeatState
from ..models import Appointment
from ..models.appointments import AppointmentQuerySet
from ..models.posts import CDO
from .filings import unfiled_in
from .seats import Seat, rulings_on, seats_in


@dataclass(frozen=True)
class Counts:
    """The CDOs of a programme on a day, each number that of a list.

    `held` of `seats`: substantive holders at pilots, as the register lists them. `vacant` are the
    seats without one in every part, `stood_in` those of them with a stand-in. `stale` were not
    confirmed for twelve months.
    """

    seats: int
    held: int
    stood_in: int
    vacant: int
    unfiled: int
    stale: int


def counts(programme: Programme, *, user: Any, on: date) -> Counts:
    """Seven queries, eight where a limit is set, however many bodies take part."""
    found = rulings_on(programme, user=user, on=on)
    seats = seats_in(found, on=on)
    empty = [seat for seat in seats if seat.is_vacant]
    return Counts(
        seats=sum(1 for seat in seats if _is_asked_of_a_pilot(seat)),
        held=held(programme, user=user, on=on).count(),
        stood_in=sum(1 for seat in empty if seat.state == SeatState.STOOD_IN),
        vacant=len(empty),
        unfiled=len(unfiled_in(found, on=on)),
        stale=stale(registered(programme, user=user, on=on), on).count(),
    )


def held(programme: Programme, *, user: Any, on: date) -> AppointmentQuerySet:
    """Substantive CDOs in office at the programme's pilots."""
    return registered(programme, user=user, on=on).substantive().filter(post__code=CDO)


def registered(programme: Programme, *, user: Any, on: date) -> AppointmentQuerySet:
    """Everybody in office at the programme's pilots, of those that the user sees."""
    return Appointment.objects.visible_to(user).of_programme(programme.code, on).in_office(on)


def _is_asked_of_a_pilot(seat: Seat) -> bool:
    is_open = seat.ruling.rule.is_encouraged and seat.holder is None
    return seat.ruling.enrolment.part == Part.PILOT and not is_open


def holders_of(
    units: Iterable[Unit], on: date, posts: Collection[str] | None = None, *, user: Any = None
) -> dict[int, list[Appointment]]:
    """{unit: who is in office there}, posts in their order, substantive holders before stand-ins;
    units with nobody are left out. With `user` only whom the user may see. One query."""
    rows = _seen(user).in_office(on).filter(unit__in=[unit.pk for unit in units]).for_lists()
    if posts is not None:
        rows = rows.filter(post__code__in=posts)
    found: dict[int, list[Appointment]] = {}
    for row in rows.order_by("post__position", "post__code", "seat", "-kind", "since"):
        found.setdefault(row.unit_id, []).append(row)
    return found


def history_of(unit: Unit, on: date, *, user: Any = None) -> list[Appointment]:
    """Everybody whose tenure at the unit was over by the day, the latest first. One query."""
    rows = _seen(user).standing().filter(unit=unit, ends_on__lt=on).for_lists()
    return list(rows.order_by("-ends_on", "-since", "-pk"))


def _seen(user: Any) -> AppointmentQuerySet:
    return Appointment.rows.all() if user is None else Appointment.objects.visible_to(user)


def stale(rows: AppointmentQuerySet, on: date) -> AppointmentQuerySet:
    """Those in office of which nobody has said for more than twelve months that they still hold."""
    old = Q(confirmed_on=None) | Q(confirmed_on__lt=confirmed_since(on))
    return rows.in_office(on).filter(old)


def confirmed_since(on: date) -> date:
    """The first day of the twelve calendar months up to `on`: what was confirmed before it is old.
    Of 29 February it is 1 March of the year before."""
    try:
        return on.replace(year=on.year - 1)
    except ValueError:
        return on.replace(year=on.year - 1, day=28) + timedelta(days=1)
