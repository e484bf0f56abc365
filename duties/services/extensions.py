"""延期申请: asked by the unit, signed by its CDO, answered by the bureau (domain.md C.2).

Granting moves the assignment's own deadline and raises its version, so that reminders start anew;
the first day stays in `original_due_on`.
"""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from approvals import services as approvals
from approvals.choices import Purpose, State
from approvals.queries import may_sign
from core import clock, document_numbers, moves
from core.errors import Refused
from core.numbers import next_numbers

from ..choices import EXTENSION_MOVES, ExtensionMove
from ..models import Assignment, Extension
from ..queries.extensions import round_of
from .extension_signing import after_signing
from .extension_writing import (
    Letter,
    Request,
    check_request,
    clear_verdict,
    facts_of,
    lock_extension,
    open_round,
    read_deadline,
    require_open,
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
    row = _new(lock(assignment, version), request, clock.today(), by=by)
    row = save_extension(row, "ask", by=by, before=None)
    return _put_up(row, by=by)


@transaction.atomic
def enter_extension(
    assignment: Assignment, request: Request, letter: Letter, *, by: Any, version: int | None = None
) -> Extension:
    """代录: a request that came to the bureau as a letter, whose scan is the request's file. The unit
    has signed it on paper, so it lies with the bureau at once, asked on the day of the letter; another
    officer answers it (house.md §6.7).

    Raises as `ask_extension` does, and ValidationError for a day to come or a missing scan.
    """
    if letter.came_on > clock.today():
        raise ValidationError({"letter_on": _("来文日期不能晚于今天。")})
    if request.file is None:
        raise ValidationError({"file": _("选择“来文扫描件”")})
    row = _new(lock(assignment, version), request, letter.came_on, by=by)
    row.letter_from, row.letter_on = letter.came_from.strip(), letter.came_on
    row.letter_number = document_numbers.normalise(letter.number)
    row.state = moves.target(EXTENSION_MOVES, row.state, ExtensionMove.CONFIRM)
    row.signed_at = clock.now()
    return save_extension(row, "enter", by=by, before=None)


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
    require_open(task)
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
    before, waiting = facts_of(row), round_of(row)
    row.state = moves.target(EXTENSION_MOVES, row.state, ExtensionMove.WITHDRAW)
    if waiting is not None and waiting.state == State.OPEN:
        approvals.drop(waiting, by=by)
    clear_verdict(row)
    row.state_note = reason.strip()[:500]
    row.closed_on, row.closed_at = clock.today(), clock.now()
    return save_extension(row, ExtensionMove.WITHDRAW, by=by, before=before)


# --- parts ---------------------------------------------------------------------------------------


def _new(task: Assignment, request: Request, asked_on: date, *, by: Any) -> Extension:
    """A request that is not saved yet. Raises Refused, ValidationError."""
    _require_askable(task)
    check_request(request, task)
    row = Extension(
        number=next_numbers(Extension.rows, "YQ")[0],
        assignment=task,
        place=task.extensions.count() + 1,
        asked_on=asked_on,
        asked_at=clock.now(),
        asked_by=by,
    )
    _write(row, request, task)
    return row


def _write(row: Extension, request: Request, task: Assignment) -> None:
    read_deadline(row, task)
    row.wanted_on, row.reason = request.wanted_on, request.reason.strip()
    row.done_so_far = request.done_so_far.strip()
    if request.file is not None:
        row.file, row.file_name = request.file, request.file_name


def _require_askable(task: Assignment) -> None:
    require_open(task)
    if task.due_on is None:
        raise Refused(_("%(number)s没有定时限，不用申请延期。") % {"number": task.number})
    known = task.extensions.open().first()
    if known is not None:
        facts = {"number": known.number, "state": known.get_state_display()}
        raise Refused(_("这项任务已申请延期：%(number)s（%(state)s），不用再申请。") % facts)


def _put_up(row: Extension, *, by: Any) -> Extension:
    """Open the unit's round; whoever asks and may sign has signed with that."""
    waiting = open_round(row, Purpose.EXTENSION, by=by)
    if not may_sign(waiting, by):
        return row
    return after_signing(row, approvals.agree(waiting, by=by), by=by)
