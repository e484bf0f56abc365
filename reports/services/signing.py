"""审签: a draft without faults is put up, signed by its unit's chain, and handed in with the last
signature; or it goes back to its writer."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from approvals import services as approvals
from approvals.choices import Purpose, State
from approvals.models import Approval
from approvals.queries import last_round
from core import audit, moves
from core.errors import MoveNotAllowed, Refused
from core.models import StoredFile
from duties.models import Assignment

from ..choices import MOVES, Kind, Move
from ..models import Report
from ..queries.checking import faults_of, length_of
from .handing_in import hand_in
from .writing import FACTS, lock, save


@transaction.atomic
def put_up(report: Report, *, by: Any, version: int | None = None) -> Report:
    """提交审签. Raises ValidationError with every fault under "<section key>.<field>", Refused for a
    task that is closed, MoveNotAllowed, StaleVersion, PeriodClosed."""
    row = lock(report, version)
    before = audit.facts(row, FACTS)
    row.status = moves.target(MOVES, row.status, Move.PUT_UP)
    if not row.assignment.is_open():
        words = {"task": row.assignment.number, "status": row.assignment.get_status_display()}
        raise Refused(_("任务%(task)s%(status)s，不用再报送。") % words)
    _refuse_faults(row)
    approvals.open_approval(
        Purpose.OVERALL if row.kind == Kind.OVERALL else Purpose.REPORT,
        row.number,
        title=row.title,
        unit=row.unit,
        programme=row.programme,
        length=length_of(row),
        due_on=row.assignment.due_on,
        by=by,
    )
    return save(row, Move.PUT_UP, by=by, before=before)


@transaction.atomic
def sign(
    report: Report,
    *,
    by: Any,
    remark: str = "",
    version: int | None = None,
    round_version: int | None = None,
) -> Report:
    """同意, and with the last signature 报送. `round_version` is that of the round of signing: who has
    read one step signs that one. Raises what `approvals.services.agree` raises."""
    row = lock(report, version)
    before = audit.facts(row, FACTS)
    approval = approvals.agree(_round(row), by=by, remark=remark, version=round_version)
    return _follow(row, approval, by=by, before=before)


@transaction.atomic
def put_up_and_sign(
    report: Report, *, by: Any, remark: str = "", version: int | None = None
) -> Report:
    """「同意并报送」 by somebody who may sign the first step of the own draft, in one go."""
    # Its task before the number of the round: a request for a later day takes them in that order.
    lock(report, version)
    Assignment.rows.select_for_update(of=("self",)).get(pk=report.assignment_id)
    row = put_up(report, by=by, version=version)
    return sign(row, by=by, remark=remark)


@transaction.atomic
def record_paper(
    report: Report,
    signatures: Sequence[approvals.PaperSignature],
    *,
    scan: StoredFile,
    scan_name: str,
    by: Any,
    version: int | None = None,
    round_version: int | None = None,
) -> Report:
    """What was signed by hand on the 审签单; with the last signature the report is handed in."""
    row = lock(report, version)
    before = audit.facts(row, FACTS)
    facts: dict[str, Any] = {"scan": scan, "scan_name": scan_name, "by": by}
    approval = approvals.record_paper(_round(row), signatures, **facts, version=round_version)
    return _follow(row, approval, by=by, before=before)


@transaction.atomic
def turn_back(
    report: Report,
    *,
    by: Any,
    reason: str,
    version: int | None = None,
    round_version: int | None = None,
) -> Report:
    """退回修改 by a signer, with the reason; the writer goes on with the draft."""
    row = lock(report, version)
    before = audit.facts(row, FACTS)
    approvals.send_back(_round(row), by=by, reason=reason, version=round_version)
    row.status = moves.target(MOVES, row.status, Move.TAKE_BACK)
    return save(row, "turn_back", by=by, before=before)


@transaction.atomic
def take_back(
    report: Report, *, by: Any, version: int | None = None, round_version: int | None = None
) -> Report:
    """撤回审签 by the unit's own people, before the last signature."""
    row = lock(report, version)
    before = audit.facts(row, FACTS)
    row.status = moves.target(MOVES, row.status, Move.TAKE_BACK)
    approvals.recall(_round(row), by=by, version=round_version)
    return save(row, Move.TAKE_BACK, by=by, before=before)


# --- parts ---------------------------------------------------------------------------------------


def _round(row: Report) -> Approval:
    found = last_round(row.number)
    if found is None:
        raise MoveNotAllowed
    return found


def _follow(row: Report, approval: Approval, *, by: Any, before: dict[str, Any]) -> Report:
    if approval.state != State.SIGNED:
        return save(row, "sign", by=by, before=before)
    row.status = moves.target(MOVES, row.status, Move.HAND_IN)
    return hand_in(row, by=by, before=before, approval=approval)


def _refuse_faults(row: Report) -> None:
    faults: dict[str, list[str]] = {}
    for fault in faults_of(row):
        faults.setdefault(f"{fault.section}.{fault.field}", []).append(fault.message)
    if faults:
        raise ValidationError(faults)
