"""How an order is changed: locked, checked, saved, audited."""

from typing import Any

from django.utils.translation import gettext as _

from core import audit, clock, moves
from core.errors import MoveNotAllowed

from ..choices import ORDER_MOVES, OrderMove
from ..models import Order

FACTS = (
    "title", "short_title", "level", "document_number", "source_title", "source_number", "area",
    "wanted", "acceptance", "template_name", "due_on", "due_rule", "state",
)  # fmt: skip


def lock(order: Order, version: int | None) -> Order:
    """The row under lock, when its version is the one the person saw; raises StaleVersion."""
    rows = Order.rows.select_for_update(of=("self",)).select_related("programme", "issuer", "area")
    row = rows.get(pk=order.pk)
    row.require_version(version)
    return row


def target(row: Order, move: OrderMove) -> str:
    """The state to which the move leads; raises MoveNotAllowed, naming the one it is in."""
    try:
        return moves.target(ORDER_MOVES, row.state, move)
    except MoveNotAllowed as refusal:
        facts = {"number": row.number, "state": row.get_state_display(), "move": move.label}
        text = _("%(number)s%(state)s，不能%(move)s。刷新页面后再看。") % facts
        raise MoveNotAllowed(text) from refusal


def save(row: Order, verb: str, *, by: Any, before: dict[str, Any], **more: Any) -> Order:
    """Check, save and audit a changed row."""
    row.version += 1
    row.updated_at = clock.now()
    row.full_clean()
    row.save()
    record(row, verb, by=by, before=before, after=audit.facts(row, FACTS) | more)
    return row


def record(row: Order, verb: str, *, by: Any, before: Any = None, after: Any = None) -> None:
    audit.record(
        f"order.{verb}",
        by=by,
        subject=row,
        unit=row.issuer,
        programme=row.programme,
        before=before,
        after=after,
    )
