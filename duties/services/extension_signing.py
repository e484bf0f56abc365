"""A request for a later day at the chain of its unit, or its answer at that of the bureau."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from approvals import services as approvals
from approvals.choices import State
from approvals.models import Approval
from core import clock, moves
from core.errors import MoveNotAllowed
from core.models import StoredFile

from ..choices import EXTENSION_MOVES, ExtensionMove, ExtensionState
from ..models import Extension
from ..queries.extensions import round_of
from .extension_deciding import take_effect
from .extension_writing import clear_verdict, facts_of, lock_extension, save_extension
from .writing import lock


@transaction.atomic
def agree_extension(
    extension: Extension,
    *,
    by: Any,
    remark: str = "",
    version: int | None = None,
    round_version: int | None = None,
) -> Extension:
    """The step that waits is signed: after the unit's last one the request lies with the bureau,
    after the bureau's last one its answer takes effect. `round_version` is that of the approval.

    Raises MoveNotAllowed when nothing waits, PermissionRefused, StaleVersion, Refused.
    """
    row, waiting = _at_signing(extension, version)
    signed = approvals.agree(waiting, by=by, remark=remark, version=round_version)
    return after_signing(row, signed, by=by)


@transaction.atomic
def sign_extension_on_paper(
    extension: Extension,
    signatures: Sequence[approvals.PaperSignature],
    *,
    scan: StoredFile,
    scan_name: str,
    by: Any,
    version: int | None = None,
    round_version: int | None = None,
) -> Extension:
    """The same from the printed 审签单. Raises as `approvals.record_paper` does."""
    row, waiting = _at_signing(extension, version)
    facts = {"scan": scan, "scan_name": scan_name, "by": by, "version": round_version}
    return after_signing(row, approvals.record_paper(waiting, signatures, **facts), by=by)


@transaction.atomic
def send_back_extension(
    extension: Extension,
    *,
    by: Any,
    reason: str,
    version: int | None = None,
    round_version: int | None = None,
) -> Extension:
    """退回修改: to the clerk of the unit, or of the bureau, with what is to be changed.

    Raises MoveNotAllowed, PermissionRefused, Refused without a reason, StaleVersion.
    """
    row, waiting = _at_signing(extension, version)
    approvals.send_back(waiting, by=by, reason=reason, version=round_version)
    is_unit = row.state == ExtensionState.TO_SIGN
    move = ExtensionMove.SEND_BACK if is_unit else ExtensionMove.TAKE_BACK
    return _take_back(row, move, reason, by=by)


@transaction.atomic
def recall_extension(
    extension: Extension, *, by: Any, version: int | None = None, round_version: int | None = None
) -> Extension:
    """撤回 from signing by whoever put it up, to be changed. Raises MoveNotAllowed, StaleVersion."""
    row, waiting = _at_signing(extension, version)
    approvals.recall(waiting, by=by, version=round_version)
    is_unit = row.state == ExtensionState.TO_SIGN
    move = ExtensionMove.RECALL if is_unit else ExtensionMove.RETRACT
    return _take_back(row, move, "", by=by)


def after_signing(row: Extension, signed: Approval, *, by: Any) -> Extension:
    """What a signature does: nothing until it is the last one."""
    if signed.state != State.SIGNED:
        return row
    before = facts_of(row)
    if row.state == ExtensionState.TO_APPROVE:
        return take_effect(row, by=by, before=before)
    row.state = moves.target(EXTENSION_MOVES, row.state, ExtensionMove.CONFIRM)
    row.signed_at = clock.now()
    return save_extension(row, ExtensionMove.CONFIRM, by=by, before=before)


def _at_signing(extension: Extension, version: int | None) -> tuple[Extension, Approval]:
    """The task first, then the request: the order in which every change takes them."""
    lock(extension.assignment, None)
    row = lock_extension(extension, version)
    waiting = round_of(row)
    signing = {ExtensionState.TO_SIGN, ExtensionState.TO_APPROVE}
    if row.state not in signing or waiting is None:
        raise MoveNotAllowed
    return row, waiting


def _take_back(row: Extension, move: ExtensionMove, reason: str, *, by: Any) -> Extension:
    before = facts_of(row)
    row.state = moves.target(EXTENSION_MOVES, row.state, move)
    row.state_note = reason.strip()[:500]
    clear_verdict(row)
    return save_extension(row, move, by=by, before=before)
