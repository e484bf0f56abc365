"""Who is in a seat now, whoever comes next."""

from collections.abc import Collection
from datetime import date

from pilots.models import Unit

from ..choices import STAND_INS, Kind, Status
from ..models import Appointment, AppointmentQuerySet, Post
from ..models.posts import CDO


def present_holder(row: Appointment) -> Appointment | None:
    """The one whom `row` would follow: in the same seat, substantive for a substantive holder, a
    stand-in for a stand-in."""
    kinds = STAND_INS if row.kind in STAND_INS else {Kind.SUBSTANTIVE}
    return _open(row.unit, kinds).filter(post=row.post, seat=row.seat).first()


def present_holders(unit: Unit) -> list[Appointment]:
    """Everybody in office at the unit with no last day known, with person and post."""
    rows = _open(unit, Kind.values).select_related("person", "post")
    return list(rows.order_by("post__position", "post__code", "seat", "kind"))


def free_seat(unit: Unit, post: Post, seats: int | None) -> int | None:
    """The first seat of the post that no substantive holder has; None when all `seats` are taken
    (None: there is no limit)."""
    taken = set(_open(unit, {Kind.SUBSTANTIVE}).filter(post=post).values_list("seat", flat=True))
    first = next(number for number in range(1, len(taken) + 2) if number not in taken)
    return first if seats is None or first <= seats else None


def _open(unit: Unit, kinds: Collection[str]) -> AppointmentQuerySet:
    return Appointment.rows.filter(unit=unit, status=Status.APPOINTED, kind__in=kinds)


def cdo_name(unit: Unit, on: date) -> str:
    """Who is the CDO of the unit on that day, a holder before a stand-in; '' for nobody."""
    rows = Appointment.rows.in_office(on).filter(unit=unit, post__code=CDO)
    rows = rows.order_by("-kind", "seat", "pk")  # 'substantive' comes last of the kinds
    return next(iter(rows.values_list("person__name", flat=True)), "")
