"""How events and what belongs to them are changed: locked, checked, saved, audited."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core import audit, clock, moves
from core.errors import MoveNotAllowed, PermissionRefused
from pilots.models import Unit

from ..choices import DECLARATION_MOVES, EVENT_MOVES, DeclarationMove, EventMove
from ..models import Declaration, Event
from ..queries.allowed import may_change, may_manage

EVENT_FACTS = (
    "kind", "title", "starts_on", "ends_on", "begins_at", "form", "hours", "place", "audience",
    "expected", "content", "document_number", "reply_by_on", "minutes", "note", "status",
    "cancel_reason",
)  # fmt: skip
DECLARATION_FACTS = ("headcount", "note", "state", "reason")


def lock_event(event: Event, version: int | None = None) -> Event:
    """The row under lock, when its version is the one that the person saw; raises StaleVersion."""
    rows = Event.rows.select_for_update(of=("self",)).select_related("programme")
    row: Event = rows.get(pk=event.pk)
    row.require_version(version)
    return row


def require_right(row: Event, by: Any) -> None:
    """Raise PermissionRefused unless `by` (None: the system) changes this event."""
    if by is not None and not may_change(by, row):
        units = "、".join(str(each) for each in row.organisers.all())
        text = _("由举办单位（%(units)s）或牵头单位的经办人办理，当前账号不能办理。")
        raise PermissionRefused(text % {"units": units})


def require_bureau(row: Event, by: Any) -> None:
    if by is not None and not may_manage(by, row.programme):
        raise PermissionRefused(_("由牵头单位的经办人确认或退回，当前账号不能办理。"))


def target(row: Event, move: EventMove) -> str:
    """The status to which the move leads; raises MoveNotAllowed, naming the one it is in."""
    try:
        return moves.target(EVENT_MOVES, row.status, move)
    except MoveNotAllowed as refusal:
        facts = {"number": row.number, "status": row.get_status_display(), "move": move.label}
        text = _("%(number)s%(status)s，不能%(move)s。刷新页面后再看。") % facts
        raise MoveNotAllowed(text) from refusal


def declared_target(row: Declaration, move: DeclarationMove) -> str:
    try:
        return moves.target(DECLARATION_MOVES, row.state, move)
    except MoveNotAllowed as refusal:
        facts = {"unit": row.unit, "state": row.get_state_display(), "move": move.label}
        text = _("%(unit)s的申报%(state)s，不能%(move)s。刷新页面后再看。") % facts
        raise MoveNotAllowed(text) from refusal


def save_event(
    row: Event, verb: str, *, by: Any, before: dict[str, Any] | None, **more: Any
) -> Event:
    """Check, save and audit a changed row."""
    row.updated_at = clock.now()
    if row.pk is None:
        row.created_at, row.created_by = row.updated_at, by
    else:
        row.version += 1
    row.full_clean()
    row.save()
    record(row, verb, by=by, before=before, after=audit.facts(row, EVENT_FACTS) | more)
    return row


def touch(row: Event, verb: str, *, by: Any, unit: Unit | None = None, **after: Any) -> Event:
    """Something that belongs to the event changed: its version rises, the entry says what."""
    row.version += 1
    row.updated_at = clock.now()
    row.save(update_fields=["version", "updated_at"])
    record(row, verb, by=by, after=after, unit=unit)
    return row


def record(
    row: Event,
    verb: str,
    *,
    by: Any,
    before: Any = None,
    after: Any = None,
    unit: Unit | None = None,
) -> None:
    audit.record(
        f"event.{verb}",
        by=by,
        subject=row,
        unit=unit or _first_unit(row),
        programme=row.programme,
        before=before,
        after=after,
    )


def _first_unit(row: Event) -> Unit | None:
    found = row.organisers.select_related("enrolment__unit").first()
    return found.enrolment.unit if found else None


def require_held_day(row: Event) -> date:
    """The day on which it was over; raises ValidationError for one that is still to come."""
    if row.ends_on > clock.today():
        text = _("“%(title)s”%(day)s才结束，结束以后再登记举办")
        raise ValidationError({"ends_on": text % {"title": row.title, "day": row.ends_on}})
    return row.ends_on


def require_text(text: str, field: str, message: str) -> str:
    """`text` without spaces around it; raises ValidationError with `message` where it is empty."""
    if not text.strip():
        raise ValidationError({field: message})
    return text.strip()
