"""Whom to ring at a body about its tasks, with the office telephone, which is public."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.roles import Role
from pilots.models import Membership, Unit

from ..models import Person
from ..models.posts import CDO
from .register import holders_of

LIAISON = "liaison"  # the post 数据联络专员 of packs


@dataclass(frozen=True)
class Reachable:
    """Somebody to ring: the name, and the person of the register, if there is one."""

    name: str
    person: Person | None

    @property
    def phone(self) -> str:
        return self.person.office_phone if self.person else ""


def reachable(units: Iterable[Unit], on: date, *, user: Any) -> dict[int, list[Reachable]]:
    """{unit: its clerks with an account; where none of them has a telephone, also its 数据联络专员, or
    else its CDO}. Units with nobody are left out. Two queries."""
    asked = list(units)
    found = _clerks(asked, on, user)
    mute = [unit for unit in asked if not any(each.phone for each in found.get(unit.pk, []))]
    for pk, holders in holders_of(mute, on, [CDO, LIAISON], user=user).items():
        rows = [row for row in holders if row.post.code == LIAISON] or holders
        known = found.setdefault(pk, [])
        named = {each.person.pk for each in known if each.person}
        known += [
            Reachable(row.person.name, row.person) for row in rows if row.person_id not in named
        ]
    return found


def _clerks(units: list[Unit], on: date, user: Any) -> dict[int, list[Reachable]]:
    rows = (
        Membership.objects.visible_to(user)
        .live(on)
        .filter(unit__in=[unit.pk for unit in units], role=Role.DATA_OFFICER)
        .select_related("user__person")
    )
    found: dict[int, list[Reachable]] = {}
    for row in rows.order_by("unit_id", "id"):
        person = getattr(row.user, "person", None)
        found.setdefault(row.unit_id, []).append(Reachable(str(person or row.user), person))
    return found
