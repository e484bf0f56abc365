"""A slip at the bureau's chain: signed, sent back, taken back; sent with the last signature."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from approvals import services as approvals
from approvals.choices import State
from approvals.models import Approval
from core import moves
from core.errors import MoveNotAllowed
from core.models import StoredFile

from ..choices import SLIP_MOVES, SlipMove
from ..models import Slip
from ..queries.slips import round_of
from .slip_writing import cancel, lock_slip, save_slip, slip_facts, stamp_sent


@transaction.atomic
def agree_slip(
    slip: Slip,
    *,
    by: Any,
    remark: str = "",
    version: int | None = None,
    round_version: int | None = None,
) -> Slip:
    """The step that waits is signed; after the last one the slip is sent, unless its task was done
    meanwhile: then it is 没有发出 and says why. `round_version` is that of the approval.

    Raises MoveNotAllowed, PermissionRefused, StaleVersion.
    """
    row, waiting = _at_signing(slip, version)
    signed = approvals.agree(waiting, by=by, remark=remark, version=round_version)
    return _after(row, signed, by=by)


@transaction.atomic
def sign_slip_on_paper(
    slip: Slip,
    signatures: Sequence[approvals.PaperSignature],
    *,
    scan: StoredFile,
    scan_name: str,
    by: Any,
    version: int | None = None,
    round_version: int | None = None,
) -> Slip:
    """The same from the printed 审签单. Raises as `approvals.record_paper` does."""
    row, waiting = _at_signing(slip, version)
    facts = {"scan": scan, "scan_name": scan_name, "by": by, "version": round_version}
    return _after(row, approvals.record_paper(waiting, signatures, **facts), by=by)


@transaction.atomic
def send_back_slip(
    slip: Slip,
    *,
    by: Any,
    reason: str,
    version: int | None = None,
    round_version: int | None = None,
) -> Slip:
    """退回修改 to whoever drafted it. Raises MoveNotAllowed, PermissionRefused, Refused,
    StaleVersion."""
    row, waiting = _at_signing(slip, version)
    approvals.send_back(waiting, by=by, reason=reason, version=round_version)
    return _take_back(row, SlipMove.SEND_BACK, reason, by=by)


@transaction.atomic
def recall_slip(
    slip: Slip, *, by: Any, version: int | None = None, round_version: int | None = None
) -> Slip:
    """撤回 by the bureau, to be changed. Raises MoveNotAllowed, StaleVersion."""
    row, waiting = _at_signing(slip, version)
    approvals.recall(waiting, by=by, version=round_version)
    return _take_back(row, SlipMove.RECALL, "", by=by)


def _at_signing(slip: Slip, version: int | None) -> tuple[Slip, Approval]:
    row = lock_slip(slip, version)
    waiting = round_of(row)
    if waiting is None:
        raise MoveNotAllowed
    return row, waiting


def _take_back(row: Slip, move: SlipMove, reason: str, *, by: Any) -> Slip:
    before = slip_facts(row)
    row.state = moves.target(SLIP_MOVES, row.state, move)
    row.state_note = reason.strip()[:500]
    return save_slip(row, move, by=by, before=before)


def _after(row: Slip, signed: Approval, *, by: Any) -> Slip:
    if signed.state != State.SIGNED:
        return row
    task = row.assignment
    if not task.is_open():
        with override(settings.LANGUAGE_CODE):  # kept, and read by others
            facts = {"number": task.number, "status": task.get_status_display()}
            reason = _("%(number)s%(status)s，没有发出。") % facts
        return cancel(row, reason, by=by)
    before = slip_facts(row)
    moves.target(SLIP_MOVES, row.state, SlipMove.SEND)
    stamp_sent(row)
    return save_slip(row, SlipMove.SEND, by=by, before=before)
