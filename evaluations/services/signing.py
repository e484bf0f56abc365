"""定稿 and 公布 of a result: put up at the bureau's chain, done with the last signature (house.md §6.7)."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from approvals import services as approvals
from approvals.choices import Purpose
from approvals.choices import State as Signing
from approvals.models import Approval
from core import moves
from core.errors import MoveNotAllowed, PermissionRefused
from core.models import StoredFile
from duties.queries.orders import issuer_for

from ..choices import MOVES, PUT_UP, SIGNED_FROM, Move, State
from ..models import Round
from ..queries.signing import open_signing
from .rounds import require_answered, take_step
from .writing import lock_round, require_unsigned


@transaction.atomic
def advance(
    row: Round, move: Move, *, by: Any, version: int | None = None, reason: str = ""
) -> Round:
    """Take a round to its next step, or back for a correction, or out. 定稿 and 公布 are put up for
    signing: the round stays where it is till the last signature. What each step asks for is said
    where it is refused.

    Raises MoveNotAllowed, StaleVersion, PermissionRefused, Refused with what is missing.
    """
    found, move = lock_round(row, version), Move(move)
    if move in PUT_UP:
        return _put_up(found, move, by=by)
    waiting = open_signing(found)
    found = take_step(found, move, by=by, reason=reason)
    if waiting is not None:  # a result that is corrected is not published as it was
        approvals.drop(waiting, by=by)
    return found


@transaction.atomic
def sign_result(
    row: Round,
    *,
    by: Any,
    remark: str = "",
    version: int | None = None,
    round_version: int | None = None,
) -> Round:
    """同意: the step that waits is signed; after the last one the result is final, or published.
    `round_version` is that of the round of signing.

    Raises MoveNotAllowed, StaleVersion, PermissionRefused, Refused where an objection came in since.
    """
    found, waiting = _waiting(row, version)
    signed = approvals.agree(waiting, by=by, remark=remark, version=round_version)
    return _follow(found, signed, by=by)


@transaction.atomic
def sign_result_on_paper(
    row: Round,
    signatures: Sequence[approvals.PaperSignature],
    *,
    scan: StoredFile,
    scan_name: str,
    by: Any,
    version: int | None = None,
    round_version: int | None = None,
) -> Round:
    """The same from the printed 审签单. Raises as `approvals.record_paper` does."""
    found, waiting = _waiting(row, version)
    facts: dict[str, Any] = {"scan": scan, "scan_name": scan_name, "version": round_version}
    return _follow(found, approvals.record_paper(waiting, signatures, **facts, by=by), by=by)


@transaction.atomic
def send_back_result(
    row: Round,
    *,
    by: Any,
    reason: str,
    version: int | None = None,
    round_version: int | None = None,
) -> Round:
    """退回修改 with what is to be changed: the round stands where it stood, and may be changed again.
    Raises as `approvals.send_back` does."""
    found, waiting = _waiting(row, version)
    approvals.send_back(waiting, by=by, reason=reason, version=round_version)
    return found


@transaction.atomic
def recall_result(
    row: Round, *, by: Any, version: int | None = None, round_version: int | None = None
) -> Round:
    """撤回 before the last signature. Raises as `approvals.recall` does."""
    found, waiting = _waiting(row, version)
    approvals.recall(waiting, by=by, version=round_version)
    return found


# --- parts ---------------------------------------------------------------------------------------


def _put_up(found: Round, move: Move, *, by: Any) -> Round:
    moves.target(MOVES, found.state, move)
    require_unsigned(found)
    if move == Move.FINALISE:
        require_answered(found)
    issuer = issuer_for(by, found.programme)
    if issuer is None:
        raise PermissionRefused(_("由市政数局的经办人提交审签，当前账号不能提交。"))
    with override(settings.LANGUAGE_CODE):  # a title is kept, and read by others
        title = _("%(step)s：%(title)s") % {"step": move.label, "title": found.title}
    approvals.open_approval(
        Purpose.EVALUATION,
        found.number,
        title=title,
        unit=issuer,
        programme=found.programme,
        by=by,
    )
    return found


def _waiting(row: Round, version: int | None) -> tuple[Round, Approval]:
    """The round under lock, and its round of signing."""
    found = lock_round(row, version)
    waiting = open_signing(found)
    if waiting is None:
        raise MoveNotAllowed
    return found, waiting


def _follow(found: Round, signed: Approval, *, by: Any) -> Round:
    if signed.state != Signing.SIGNED:
        return found
    return take_step(found, SIGNED_FROM[State(found.state)], by=by)
