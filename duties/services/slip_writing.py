"""How a slip is changed: its task and itself locked, checked, saved, audited."""

from typing import Any

from core import audit, clock, moves

from ..choices import SLIP_MOVES, SlipMove, SlipState
from ..models import Slip
from .writing import lock

FACTS_OF_SLIP = ("state", "level", "label", "text", "reply_by", "is_at_once", "state_note")


def slip_facts(row: Slip) -> dict[str, Any]:
    return audit.facts(row, FACTS_OF_SLIP)


def lock_slip(slip: Slip, version: int | None) -> Slip:
    """The row under lock, after its task; raises StaleVersion."""
    lock(slip.assignment, None)
    row = Slip.rows.select_for_update(of=("self",)).for_lists().get(pk=slip.pk)
    row.require_version(version)
    return row


def save_slip(
    row: Slip,
    verb: str,
    *,
    by: Any,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None = None,
) -> Slip:
    """Check, save and audit; raises ValidationError."""
    row.updated_at = clock.now()
    if row.pk is not None:
        row.version += 1
    row.full_clean(exclude=["template"])
    row.save()
    audit.record(
        f"slip.{verb}",
        by=by,
        subject=row,
        unit=row.unit,
        programme=row.programme,
        before=before,
        after=slip_facts(row) | (after or {}),
    )
    return row


def stamp_sent(row: Slip) -> None:
    row.state = SlipState.SENT
    row.sent_on, row.sent_at = clock.today(), clock.now()


def cancel(row: Slip, reason: str, *, by: Any) -> Slip:
    """没有发出, with the reason. Raises MoveNotAllowed."""
    before = slip_facts(row)
    row.state = moves.target(SLIP_MOVES, row.state, SlipMove.CANCEL)
    row.state_note = reason[:500]
    return save_slip(row, SlipMove.CANCEL, by=by, before=before)
