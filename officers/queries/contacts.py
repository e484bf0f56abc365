"""Who may read the sealed contacts of whom."""

from collections.abc import Iterable
from typing import Any

from accounts.roles import UNIT_ROLES, Permission
from core import clock
from pilots.access import may, memberships_of
from pilots.models import Enrolment

from ..models import Person


def may_reveal(user: Any, people: Iterable[Person]) -> bool:
    """Whether the user may read the contacts of all of them."""
    rows = list(people)
    return len(revealable(user, rows)) == len(rows)


def revealable(user: Any, people: Iterable[Person]) -> list[Person]:
    """Those whose contacts the user may read: people of the own unit, or of a unit in the own
    programme whose liaison the user is, or that has none yet."""
    rows = list(people)
    units = {row.unit_id: row.unit for row in rows}
    own = {row.unit_id for row in memberships_of(user) if row.role in UNIT_ROLES}
    served = Enrolment.rows.standing(clock.today()).filter(
        unit__in=units.keys() - own, liaison__isnull=False
    )
    liaisons: dict[int, set[int]] = {}
    for unit, liaison in served.values_list("unit_id", "liaison_id"):
        liaisons.setdefault(unit, set()).add(liaison)
    open_units = {
        pk
        for pk, unit in units.items()
        if may(user, Permission.REVEAL_CONTACTS, unit=unit)
        and (pk in own or user.pk in liaisons.get(pk, {user.pk}))
    }
    return [row for row in rows if row.unit_id in open_units]
