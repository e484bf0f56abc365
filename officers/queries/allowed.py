"""Who may do what to an appointment: the bureau everything, a unit what its rule leaves to it."""

from dataclasses import dataclass
from typing import Any

from accounts.roles import Permission
from pilots.access import may, permissions_at
from pilots.models import Unit

from ..choices import MOVES, Move, Status
from ..models import Appointment
from .rules import Ruling


@dataclass(frozen=True)
class Allowed:
    """What somebody may do to one appointment now."""

    confirm: bool = False
    end: bool = False
    mend: bool = False
    void: bool = False
    reinstate: bool = False
    report: bool = False

    @property
    def any(self) -> bool:
        return any((self.confirm, self.end, self.mend, self.void, self.reinstate))


REPORTING = frozenset({Permission.REPORT_OFFICERS, Permission.MANAGE_OFFICERS})


def may_report(user: Any, unit: Unit) -> bool:
    """Whether the user enters people and appointments of that unit."""
    return not REPORTING.isdisjoint(permissions_at(user, unit))


def manages(user: Any, unit: Unit) -> bool:
    """Whether the user acts for the bureau that keeps the register of that unit."""
    return may(user, Permission.MANAGE_OFFICERS, unit=unit)


def stands_at_once(user: Any, unit: Unit, ruling: Ruling | None) -> bool:
    """Whether what this user enters is 已任命: the system itself (None), the bureau, or a unit that
    appoints its own. What another body appoints, a unit only proposes."""
    if user is None or manages(user, unit):
        return True
    return ruling is not None and ruling.rule.is_self_appointed


def allowed(user: Any, row: Appointment, ruling: Ruling | None) -> Allowed:
    """What the user may do to the appointment; `ruling` is the rule that governs it. A unit ends
    what it removes by itself, and takes back or corrects what it alone decided or only proposed."""
    unit, open_moves = row.unit, {move for move in Move if row.status in MOVES[move][0]}
    bureau = manages(user, unit)
    own = not bureau and may(user, Permission.REPORT_OFFICERS, unit=unit)
    appoints = ruling is not None and ruling.rule.is_self_appointed
    decides = bureau or (own and (appoints or row.status == Status.PROPOSED))
    removes = bureau or (own and ruling is not None and _removes(ruling, unit))
    return Allowed(
        confirm=bureau and Move.APPOINT in open_moves,
        end=removes and Move.END in open_moves,
        mend=decides and row.status != Status.VOIDED,
        void=decides and Move.VOID in open_moves,
        reinstate=removes and Move.REINSTATE in open_moves,
        report=bureau or own,
    )


def _removes(ruling: Ruling, unit: Unit) -> bool:
    """Where no source says who removes, whoever appoints does."""
    rule = ruling.rule
    return rule.is_self_removed or (rule.removed_by_id is None and rule.is_self_appointed)
