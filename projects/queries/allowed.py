"""Who may enter what of a unit's projects: its own people, its CDO, the bureau that keeps the register."""

from typing import Any

from accounts.roles import Permission
from pilots.access import may, permissions_at
from pilots.models import Unit

REPORTING = frozenset({Permission.REPORT_PROJECTS, Permission.MANAGE_PROJECTS})


def may_report(user: Any, unit: Unit) -> bool:
    """Whether the user enters projects, paper opinions and findings of that unit."""
    return not REPORTING.isdisjoint(permissions_at(user, unit))


def may_give(user: Any, unit: Unit) -> bool:
    """Whether the user is the unit's CDO and gives opinions in his or her own name."""
    return may(user, Permission.GIVE_OPINIONS, unit=unit)
