"""What a post gives its holder in the portal: a membership from the day of the appointment."""

from typing import Any

from accounts.roles import Role
from core import clock
from pilots import services as pilots
from pilots.models import Membership

from ..choices import Status
from ..models import Appointment, Person
from ..models.posts import CDO


def give_rights(person: Person, *, by: Any) -> list[Membership]:
    """A membership as CDO at every unit whose CDO the person is today, where the account has none.
    备案 never delays a right: 已任命 is enough (house.md §6.6)."""
    if person.user is None or not person.user.is_active:
        return []
    today = clock.today()
    held = Appointment.rows.in_office(today).filter(person=person, post__code=CDO)
    given = []
    for row in held.select_related("unit"):
        live = Membership.rows.live(today).filter(
            user=person.user, unit=row.unit, role=Role.UNIT_CDO
        )
        if not live.exists():
            origin = f"任命{row.number}"
            given.append(
                pilots.add_membership(
                    person.user, row.unit, Role.UNIT_CDO, by=by, starts_on=today, origin=origin
                )
            )
    return given


def end_rights(row: Appointment, *, by: Any) -> None:
    """End what the post gave: this second when the last day is over or is today, else on that day.
    Somebody who holds the post there by another appointment keeps it."""
    user, today = row.person.user, clock.today()
    if user is None or row.post.code != CDO:
        return
    still = Appointment.rows.in_office(today).filter(
        person=row.person, unit=row.unit, post=row.post
    )
    if still.exclude(pk=row.pk).exists():
        return
    if row.status == Status.ENDED and row.ends_on is not None and row.ends_on > today:
        live = Membership.rows.live(today).filter(user=user, unit=row.unit, role=Role.UNIT_CDO)
        for membership in live:
            pilots.end_membership(membership, on=row.ends_on, by=by)
        return
    pilots.leave_unit(user, row.unit, role=Role.UNIT_CDO, by=by)
