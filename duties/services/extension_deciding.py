"""What the bureau answers to a request for a later day, and taking the answer back."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from approvals.choices import Purpose
from core import clock, moves
from core.errors import Refused

from ..choices import EXTENSION_MOVES, VERDICT_MOVES, ExtensionMove, Verdict
from ..models import Assignment, Extension
from ..models.extensions import UNDO_WITHIN
from ..queries.extensions import bureau_signs, filed_by, later_than
from .extension_writing import (
    check_day,
    clear_verdict,
    facts_of,
    lock_extension,
    move_deadline,
    open_round,
    read_deadline,
    require_open,
    restore_deadline,
    save_extension,
)
from .writing import lock


@transaction.atomic
def decide_extension(
    extension: Extension,
    verdict: Verdict,
    *,
    by: Any,
    granted_on: date | None = None,
    answer: str = "",
    version: int | None = None,
) -> Extension:
    """同意, 部分同意 (a day before the one wanted) or 不同意 (with a reason). Where the bureau has chosen
    a chain of its own the answer waits for its last signature.

    Raises MoveNotAllowed when it was decided already, StaleVersion, Refused for one's own request or
    a task that is closed, ValidationError by field.
    """
    task = lock(extension.assignment, None)
    row = lock_extension(extension, version)
    before = facts_of(row)
    moves.target(EXTENSION_MOVES, row.state, ExtensionMove.PUT_UP)
    if by is not None and filed_by(row, by):
        raise Refused(_("这件申请是您代单位提交的，由另一位经办人审批。"))
    row.verdict, row.answer = verdict, answer.strip()
    row.granted_on = row.wanted_on if verdict == Verdict.GRANT else granted_on
    if verdict == Verdict.REFUSE:
        row.granted_on = None
    else:
        require_open(task)
    check_day(row, task)
    row.decided_at, row.decided_by, row.state_note = clock.now(), by, ""
    if bureau_signs(row.programme):
        row.state = moves.target(EXTENSION_MOVES, row.state, ExtensionMove.PUT_UP)
        row = save_extension(row, ExtensionMove.PUT_UP, by=by, before=before)
        open_round(row, Purpose.GRANT, by=by)
        return row
    return take_effect(row, by=by, before=before)


@transaction.atomic
def undo_decision(extension: Extension, *, by: Any, version: int | None = None) -> Extension:
    """撤销审批结果 within ten minutes: the request lies with the bureau again and the deadline is what
    it was. A reminder that went out meanwhile is no reason against it.

    Raises MoveNotAllowed, StaleVersion, Refused when it is too late, or when something was built on
    the decision: the task was finished, its deadline moved again, a new request was made.
    """
    task = lock(extension.assignment, None)
    row = lock_extension(extension, version)
    before = facts_of(row)
    was_granted = row.deadline_version is not None
    row.state = moves.target(EXTENSION_MOVES, row.state, ExtensionMove.UNDO)
    _require_undoable(row, task)
    if was_granted:
        restore_deadline(row, task, by=by)
    clear_verdict(row)
    row.closed_on = row.closed_at = row.deadline_version = None
    return save_extension(row, ExtensionMove.UNDO, by=by, before=before)


def take_effect(row: Extension, *, by: Any, before: dict[str, Any]) -> Extension:
    move = VERDICT_MOVES[Verdict(row.verdict)]
    row.state = moves.target(EXTENSION_MOVES, row.state, move)
    row.closed_on, row.closed_at = clock.today(), clock.now()
    if row.granted_on is not None:
        task = lock(row.assignment, None)
        require_open(task)
        check_day(row, task)
        read_deadline(row, task)
        row.deadline_version = move_deadline(row, task, by=by)
    return save_extension(row, move, by=by, before=before)


def _require_undoable(row: Extension, task: Assignment) -> None:
    if row.closed_at is None or clock.now() - row.closed_at > UNDO_WITHIN:
        raise Refused(_("审批已过10分钟，不能撤销。需要改期的，由单位重新申请。"))
    other = later_than(row)
    if other is not None:
        raise Refused(_("单位已另行申请%(number)s，这次审批不能撤销。") % {"number": other.number})
    if row.deadline_version is None:
        return
    if not task.is_open():
        facts = {"number": task.number, "status": task.get_status_display()}
        raise Refused(_("%(number)s%(status)s，这次审批不能撤销。") % facts)
    if task.deadline_version != row.deadline_version:
        raise Refused(_("%(number)s的截止日期又改过，这次审批不能撤销。") % {"number": task.number})
