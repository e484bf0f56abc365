"""How an assignment is changed: locked, checked, saved, audited."""

from typing import Any

from core import audit, clock

from ..models import Assignment

FACTS = ("status", "due_on", "latest_on", "deadline_version", "quantity", "done_on", "status_note")


def lock(assignment: Assignment, version: int | None) -> Assignment:
    """The row under lock, when its version is the one the person saw; raises StaleVersion."""
    row = Assignment.rows.select_for_update(of=("self",)).for_lists().get(pk=assignment.pk)
    row.require_version(version)
    return row


def save(row: Assignment, verb: str, *, by: Any, before: dict[str, Any]) -> Assignment:
    """Check, save and audit a changed row."""
    row.version += 1
    row.updated_at = clock.now()
    row.full_clean()
    row.save()
    audit.record(
        f"assignment.{verb}",
        by=by,
        subject=row,
        unit=row.unit,
        programme=row.programme,
        before=before,
        after=audit.facts(row, FACTS),
    )
    return row
