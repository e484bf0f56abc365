"""What a post gives its holder in the portal: a membership for as long as the appointment lasts."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role
from core import clock
from core.errors import Refused
from pilots import services as pilots
from pilots.models import Membership

from ..models import Appointment, AppointmentQuerySet, Person
from ..models.posts import CDO

DAY = timedelta(days=1)


def give_rights(person: Person, *, by: Any) -> list[Membership]:
    """Memberships as CDO at every unit whose CDO the person is or is to be, for the days of the
    appointment; returns those that were given or made longer. 备案 never delays a right: 已任命 is
    enough (house.md §6.6).

    Raises Refused where somebody would give himself what he has not: signing needs a second hand.
    """
    user = person.user
    if user is None or not user.is_active:
        return []
    found = (_give(row, user, by=by) for row in _lasting(person).select_related("unit"))
    return [membership for membership in found if membership is not None]


def end_rights(row: Appointment, *, by: Any) -> None:
    """End what the post gave: this second when the last day is over or is today, else on that day.
    Somebody who holds the post there by another appointment keeps it; one who has no such right at
    the unit loses nothing."""
    if row.post.code != CDO:
        return
    _end_of_former_accounts(row, by=by)
    user, today = row.person.user, clock.today()
    if user is None:
        return
    live = pilots.live_at(user, row.unit, Role.UNIT_CDO)
    last_days = list(_lasting(row.person).filter(unit=row.unit).values_list("ends_on", flat=True))
    if not live.exists() or None in last_days:
        return
    last = max(last_days, default=today)
    if last <= today:
        pilots.leave_unit(user, row.unit, role=Role.UNIT_CDO, by=by)
        return
    for membership in live:
        if membership.ends_on is None or membership.ends_on > last:
            pilots.end_membership(membership, on=last, by=by)


def _lasting(person: Person) -> AppointmentQuerySet:
    """The person's appointments as CDO that are not over, in bodies that exist."""
    today = clock.today()
    return (
        Appointment.rows.standing()
        .filter(Q(ends_on=None) | Q(ends_on__gte=today), person=person, post__code=CDO)
        .filter(Q(unit__ceased_on=None) | Q(unit__ceased_on__gte=today))
        .order_by("since", "number")
    )


def _give(row: Appointment, user: User, *, by: Any) -> Membership | None:
    """The membership of the account for one appointment; None where it has it already."""
    first = max(row.since or clock.today(), clock.today())
    own = pilots.live_at(user, row.unit, Role.UNIT_CDO).filter(delegated_by=None)
    held = own.filter(
        Q(ends_on=None) | Q(ends_on__gte=first - DAY), Q(starts_on=None) | Q(starts_on__lte=first)
    )
    longest = held.order_by("ends_on").last()  # an open one comes last
    if longest is not None and not _is_shorter(longest.ends_on, row.ends_on):
        return None
    if by is not None and by.pk == user.pk:
        raise Refused(
            _("首席数据官的权限不能由本人登记给自己，由本单位其他人员或牵头单位的经办人办理。")
        )
    if longest is not None:
        return pilots.prolong_membership(longest, until=row.ends_on, by=by)
    return pilots.add_membership(
        user,
        row.unit,
        Role.UNIT_CDO,
        by=by,
        starts_on=first,
        ends_on=row.ends_on,
        origin=_origin(row),
    )


def _is_shorter(ends_on: date | None, last: date | None) -> bool:
    return ends_on is not None and (last is None or ends_on < last)


def _end_of_former_accounts(row: Appointment, *, by: Any) -> None:
    """An account that was tied to the person by mistake, and let go since, got its right from this
    appointment: it ends with it."""
    if row.is_open:
        return
    live = Membership.rows.live(clock.today()).filter(unit=row.unit, origin=_origin(row))
    for membership in live.exclude(user=row.person.user):
        pilots.revoke_membership(membership, by=by)


def _origin(row: Appointment) -> str:
    return f"任命{row.number}"
