"""The moves of a filing between unit and desk: handed in again, returned, taken off; and what the task
behind it reads then."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from core import audit, clock, moves
from core.errors import Refused
from core.models import StoredFile
from duties.choices import OPEN, Move, Status
from duties.models import Assignment
from duties.services import follow_hand_in
from pilots.access import may

from ..choices import FILING_MOVES, FilingMove, FilingStatus, Route
from ..models import Filing
from .writing import FILING_FACTS, lock_filing, save_filing, tidy_number


@transaction.atomic
def return_filing(filing: Filing, *, by: Any, reason: str, version: int | None = None) -> Filing:
    """退回补正, with what is to be mended. Whoever reported it may not decide it.

    Raises MoveNotAllowed, StaleVersion, Refused without a reason.
    """
    if not reason.strip():
        raise Refused(_("写明要补正什么，单位会看到。"))
    row = lock_filing(filing, version)
    before = audit.facts(row, FILING_FACTS)
    row.status = moves.target(FILING_MOVES, row.status, FilingMove.RETURN)
    refuse_own(row, by)
    row.return_reason = reason.strip()
    row.returns += 1
    row.decided_at, row.decided_by = clock.now(), by
    row = save_filing(row, FilingMove.RETURN, by=by, before=before)
    tell_task(row, by=by)
    return row


@transaction.atomic
def resubmit_filing(
    filing: Filing,
    *,
    by: Any,
    document_number: str | None = None,
    file: StoredFile | None = None,
    file_name: str = "",
    note: str | None = None,
    version: int | None = None,
) -> Filing:
    """Hand it in again, mended; what is not given stays as it was. The day of the first report
    stays and counts. Raises MoveNotAllowed, StaleVersion, ValidationError."""
    row = lock_filing(filing, version)
    before = audit.facts(row, FILING_FACTS)
    row.status = moves.target(FILING_MOVES, row.status, FilingMove.RESUBMIT)
    if document_number is not None:
        row.document_number = tidy_number(document_number, "document_number")
    if file is not None:
        row.file, row.file_name = file, file_name
    if note is not None:
        row.note = note.strip()
    row.submitted_at, row.submitted_by = clock.now(), by
    row.decided_at = row.decided_by = None
    row = save_filing(row, FilingMove.RESUBMIT, by=by, before=before)
    tell_task(row, by=by)
    return row


@transaction.atomic
def take_off_desk(
    filing: Filing,
    move: FilingMove,
    *,
    by: Any,
    reason: str,
    version: int | None = None,
) -> Filing:
    """撤回 by whoever reported it, or 随任命作废. Raises MoveNotAllowed, StaleVersion."""
    row = lock_filing(filing, version)
    before = audit.facts(row, FILING_FACTS)
    row.status = moves.target(FILING_MOVES, row.status, move)
    row.note = reason.strip()[:500] or row.note
    row.accepted_on, row.receipt_number = None, ""
    row.decided_at, row.decided_by = clock.now(), by
    row = save_filing(row, move, by=by, before=before)
    tell_task(row, by=by)
    return row


def tell_task(row: Filing, *, by: Any) -> None:
    """Let the task behind the filing read as the filing does: 待审核 while it is at the desk, 已退回
    with what to mend, open again when it was taken off. What is done or off the table stays so."""
    if row.assignment_id is None:
        return
    task = Assignment.rows.get(pk=row.assignment_id)
    if task.status not in OPEN:
        return
    at_unit = task.status in {Status.ASSIGNED, Status.ACCEPTED}
    if row.status == FilingStatus.WITHDRAWN:
        if not at_unit:
            follow_hand_in(task, Move.RECALL, by=by)
        return
    if task.status != Status.SUBMITTED:
        task = follow_hand_in(task, Move.SUBMIT, by=by)
    if row.status == FilingStatus.RETURNED:
        follow_hand_in(task, Move.RETURN, by=by, note=row.return_reason)


def refuse_own(row: Filing, by: Any) -> None:
    """Whoever filed for a unit may not decide it (house.md §6.7). What came on paper may be decided
    by whoever entered it, unless it came from the own unit."""
    if by is None or row.submitted_by_id != by.pk:
        return
    if row.route == Route.ONLINE or may(by, Permission.REPORT_OFFICERS, unit=row.unit):
        raise Refused(_("这件备案是您代单位报送的，由另一位经办人办理。"))
