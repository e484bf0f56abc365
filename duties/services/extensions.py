"""延期申请: asked by the unit, signed by its CDO, answered by the bureau (domain.md C.2).

Granting moves the assignment's own deadline and raises its version, so that reminders start anew;
the first day stays in `original_due_on`.
"""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from approvals import services as approvals
from approvals.choices import Purpose, State
from approvals.models import Approval
from approvals.queries import may_sign
from core import clock, moves
from core.errors import MoveNotAllowed, Refused
from core.models import StoredFile
from core.numbers import next_numbers

from ..choices import (
    EXTENSION_MOVES,
    VERDICT_MOVES,
    ExtensionMove,
    ExtensionState,
    Verdict,
)
from ..models import Assignment, Extension
from ..models.extensions import UNDO_WITHIN
from ..queries.extensions import bureau_of, bureau_signs, later_than, round_of
from .extension_writing import (
    Request,
    check_day,
    check_request,
    facts_of,
    lock_extension,
    move_deadline,
    restore_deadline,
    save_extension,
)
from .writing import lock


@transaction.atomic
def ask_extension(
    assignment: Assignment, request: Request, *, by: Any, version: int | None = None
) -> Extension:
    """Ask for a later day for an open dated task, also when its day is over (逾期后申请). Goes to the
    unit's chain; a CDO who asks has signed with that.

    Raises Refused when the task is closed, has no day or has a request open, StaleVersion,
    ValidationError by field.
    """
    task = lock(assignment, version)
    _require_askable(task)
    check_request(request, task)
    row = Extension(
        number=next_numbers(Extension.rows, "YQ")[0],
        assignment=task,
        place=task.extensions.count() + 1,
        asked_on=clock.today(),
        asked_at=clock.now(),
        asked_by=by,
    )
    _write(row, request, task)
    row = save_extension(row, "ask", by=by, before=None)
    return _put_up(row, by=by)


@transaction.atomic
def resubmit_extension(
    extension: Extension, request: Request, *, by: Any, version: int | None = None
) -> Extension:
    """Put a request that came back up for signing again, mended; without a new file the old one
    stays. Raises MoveNotAllowed, Refused, StaleVersion, ValidationError."""
    task = lock(extension.assignment, None)
    row = lock_extension(extension, version)
    before = facts_of(row)
    row.state = moves.target(EXTENSION_MOVES, row.state, ExtensionMove.RESUBMIT)
    _require_open(task)
    check_request(request, task)
    _write(row, request, task)
    row.state_note = ""
    row = save_extension(row, ExtensionMove.RESUBMIT, by=by, before=before)
    return _put_up(row, by=by)


@transaction.atomic
def withdraw_extension(
    extension: Extension, *, by: Any, reason: str = "", version: int | None = None
) -> Extension:
    """撤回 by the unit, until it is decided. Raises MoveNotAllowed, StaleVersion."""
    row = lock_extension(extension, version)
    before = facts_of(row)
    row.state = moves.target(EXTENSION_MOVES, row.state, ExtensionMove.WITHDRAW)
    waiting = round_of(row)
    if waiting is not None and waiting.state == State.OPEN:
        approvals.recall(waiting, by=by)
    _clear_verdict(row)
    row.state_note = reason.strip()[:500]
    row.closed_on, row.closed_at = clock.today(), clock.now()
    return save_extension(row, ExtensionMove.WITHDRAW, by=by, before=before)


# --- signing: the unit's chain, and the bureau's -------------------------------------------------


@transaction.atomic
def agree_extension(
    extension: Extension, *, by: Any, remark: str = "", version: int | None = None
) -> Extension:
    """The step that waits is signed: after the unit's last one the request lies with the bureau,
    after the bureau's last one its answer takes effect.

    Raises MoveNotAllowed when nothing waits, PermissionRefused, StaleVersion, Refused.
    """
    row, waiting = _at_signing(extension, version)
    return _after(row, approvals.agree(waiting, by=by, remark=remark), by=by)


@transaction.atomic
def sign_extension_on_paper(
    extension: Extension,
    signatures: list[approvals.PaperSignature],
    *,
    scan: StoredFile,
    scan_name: str,
    by: Any,
    version: int | None = None,
) -> Extension:
    """The same from the printed 审签单. Raises as `approvals.record_paper` does."""
    row, waiting = _at_signing(extension, version)
    signed = approvals.record_paper(waiting, signatures, scan=scan, scan_name=scan_name, by=by)
    return _after(row, signed, by=by)


@transaction.atomic
def send_back_extension(
    extension: Extension, *, by: Any, reason: str, version: int | None = None
) -> Extension:
    """退回修改: to the clerk of the unit, or of the bureau, with what is to be changed.

    Raises MoveNotAllowed, PermissionRefused, Refused without a reason, StaleVersion.
    """
    row, waiting = _at_signing(extension, version)
    before = facts_of(row)
    approvals.send_back(waiting, by=by, reason=reason)
    is_unit = row.state == ExtensionState.TO_SIGN
    move = ExtensionMove.SEND_BACK if is_unit else ExtensionMove.TAKE_BACK
    row.state = moves.target(EXTENSION_MOVES, row.state, move)
    row.state_note = reason.strip()[:500]
    _clear_verdict(row)
    return save_extension(row, move, by=by, before=before)


# --- the bureau's answer -------------------------------------------------------------------------


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
    if by is not None and row.asked_by_id == by.pk:
        raise Refused(_("这件申请是您代单位提交的，由另一位经办人审批。"))
    row.verdict, row.answer = verdict, answer.strip()
    row.granted_on = row.wanted_on if verdict == Verdict.GRANT else granted_on
    if verdict == Verdict.REFUSE:
        row.granted_on = None
    else:
        _require_open(task)
    check_day(row, task)
    row.decided_at, row.decided_by, row.state_note = clock.now(), by, ""
    if bureau_signs(row.programme):
        row.state = moves.target(EXTENSION_MOVES, row.state, ExtensionMove.PUT_UP)
        row = save_extension(row, ExtensionMove.PUT_UP, by=by, before=before)
        _open_round(row, Purpose.GRANT, by=by)
        return row
    return _take_effect(row, by=by, before=before)


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
    _clear_verdict(row)
    row.closed_on = row.closed_at = row.deadline_version = None
    return save_extension(row, ExtensionMove.UNDO, by=by, before=before)


# --- parts ---------------------------------------------------------------------------------------


def _write(row: Extension, request: Request, task: Assignment) -> None:
    _read_deadline(row, task)
    row.wanted_on, row.reason = request.wanted_on, request.reason.strip()
    row.done_so_far = request.done_so_far.strip()
    if request.file is not None:
        row.file, row.file_name = request.file, request.file_name


def _read_deadline(row: Extension, task: Assignment) -> None:
    """Note the deadline that is to be moved: it may have been decided anew since it was asked."""
    if task.due_on is not None and task.latest_on is not None:
        row.due_on, row.latest_on = task.due_on, task.latest_on


def _require_askable(task: Assignment) -> None:
    _require_open(task)
    if task.due_on is None:
        raise Refused(_("%(number)s没有定时限，不用申请延期。") % {"number": task.number})
    known = task.extensions.open().first()
    if known is not None:
        facts = {"number": known.number, "state": known.get_state_display()}
        raise Refused(_("这项任务已申请延期：%(number)s（%(state)s），不用再申请。") % facts)


def _require_open(task: Assignment) -> None:
    if not task.is_open():
        facts = {"number": task.number, "status": task.get_status_display()}
        raise Refused(_("%(number)s%(status)s，不用再延期。") % facts)


def _put_up(row: Extension, *, by: Any) -> Extension:
    """Open the unit's round; whoever asks and may sign has signed with that."""
    waiting = _open_round(row, Purpose.EXTENSION, by=by)
    if not may_sign(waiting, by):
        return row
    return _after(row, approvals.agree(waiting, by=by), by=by)


def _open_round(row: Extension, purpose: Purpose, *, by: Any) -> Approval:
    day = row.granted_on or row.wanted_on
    facts = {"task": row.assignment.obligation.short_title, "day": day}
    with override(settings.LANGUAGE_CODE):  # a title is kept, and read by others
        title = _("“%(task)s”延期至%(day)s") % facts
    is_unit = purpose == Purpose.EXTENSION
    return approvals.open_approval(
        purpose,
        row.number,
        title=title,
        unit=row.unit if is_unit else bureau_of(row.programme),
        programme=row.programme,
        by=by,
        length=len(row.reason) + len(row.done_so_far),
        due_on=row.latest_on if is_unit else None,
    )


def _at_signing(extension: Extension, version: int | None) -> tuple[Extension, Approval]:
    """The task first, then the request: the order in which every change takes them."""
    lock(extension.assignment, None)
    row = lock_extension(extension, version)
    waiting = round_of(row)
    signing = {ExtensionState.TO_SIGN, ExtensionState.TO_APPROVE}
    if row.state not in signing or waiting is None:
        raise MoveNotAllowed
    return row, waiting


def _after(row: Extension, signed: Approval, *, by: Any) -> Extension:
    """What a signature does: nothing until it is the last one."""
    if signed.state != State.SIGNED:
        return row
    before = facts_of(row)
    if row.state == ExtensionState.TO_APPROVE:
        return _take_effect(row, by=by, before=before)
    row.state = moves.target(EXTENSION_MOVES, row.state, ExtensionMove.CONFIRM)
    row.signed_at = clock.now()
    return save_extension(row, ExtensionMove.CONFIRM, by=by, before=before)


def _take_effect(row: Extension, *, by: Any, before: dict[str, Any]) -> Extension:
    move = VERDICT_MOVES[Verdict(row.verdict)]
    row.state = moves.target(EXTENSION_MOVES, row.state, move)
    row.closed_on, row.closed_at = clock.today(), clock.now()
    if row.granted_on is not None:
        task = lock(row.assignment, None)
        _require_open(task)
        check_day(row, task)
        _read_deadline(row, task)
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


def _clear_verdict(row: Extension) -> None:
    row.verdict, row.granted_on, row.answer = "", None, ""
    row.decided_at = row.decided_by = None
