"""Who may read the sealed contacts of whom."""

from collections.abc import Iterable
from typing import Any

from accounts.roles import UNIT_ROLES, Permission
from core import clock
from pilots.access import may, memberships_of
from pilots.models import Enrolment

from ..models import Person


def may_reveal(user: Any, people: Iterable[Person]) -> bool:
    """Whether the user may read the contacts of all of them: people of the own unit, or of a unit
    in the own programme whose liaison the user is, or that has none yet."""
    units = {row.unit_id: row.unit for row in people}
    own = {row.unit_id for row in memberships_of(user) if row.role in UNIT_ROLES}
    others = {pk: unit for pk, unit in units.items() if pk not in own}
    if not all(may(user, Permission.REVEAL_CONTACTS, unit=unit) for unit in units.values()):
        return False
    served = Enrolment.rows.standing(clock.today()).filter(unit__in=others, liaison__isnull=False)
    liaisons: dict[int, set[int]] = {}
    for unit, liaison in served.values_list("unit_id", "liaison_id"):
        liaisons.setdefault(unit, set()).add(liaison)
    return all(
        not known or user.pk in known for known in (liaisons.get(pk, set()) for pk in others)
    )
