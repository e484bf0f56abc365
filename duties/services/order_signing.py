"""An order on its way: put up for signing, signed or sent back, issued at the last signature."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from approvals import queries as approvals
from approvals import services as signing
from approvals.choices import Purpose, State
from approvals.models import Approval
from approvals.services import PaperSignature
from core import audit, clock
from core.errors import Refused
from core.models import StoredFile

from ..choices import OrderMove
from ..models import Order
from ..queries.orders import may_be_issued
from .order_issuing import issue, require_standing
from .order_writing import FACTS, lock, save, target
from .orders import require_drafter


@transaction.atomic
def submit_order(order: Order, *, by: Any, version: int | None = None) -> Order:
    """提交审签 by the bureau's chain. Raises MoveNotAllowed, StaleVersion, PermissionRefused, Refused
    while the programme is not followed, ValidationError with all that is missing at once."""
    row = lock(order, version)
    require_drafter(row, by)
    before = audit.facts(row, FACTS)
    row.state = target(row, OrderMove.SUBMIT)
    if not may_be_issued(row.programme):
        facts = {"programme": row.programme.display_name}
        raise Refused(_("“%(programme)s”还没有开始跟踪，或已结束，不能发通知。") % facts)
    check_whole(row)
    require_standing(row)
    row = save(row, OrderMove.SUBMIT, by=by, before=before)
    signing.open_approval(
        Purpose.ORDER,
        row.number,
        title=row.title,
        unit=row.issuer,
        programme=row.programme,
        by=by,
        length=len(row.title) + len(row.wanted) + len(row.acceptance),
        due_on=row.due_on,
    )
    return row


@transaction.atomic
def sign_order(
    order: Order,
    *,
    by: Any,
    remark: str = "",
    version: int | None = None,
    round_version: int | None = None,
) -> Order:
    """同意: the step that waits is signed; after the last one the order is issued. `round_version` is
    that of the round of signing. Raises MoveNotAllowed, StaleVersion, PermissionRefused."""
    row = _waiting(order, OrderMove.ISSUE, version)
    found = signing.agree(_round(row), by=by, remark=remark, version=round_version)
    return _follow(row, found, by=by)


@transaction.atomic
def send_back_order(
    order: Order,
    *,
    by: Any,
    reason: str,
    version: int | None = None,
    round_version: int | None = None,
) -> Order:
    """退回修改: a draft again, with what is to be changed. Raises Refused without a reason."""
    row = _waiting(order, OrderMove.SEND_BACK, version)
    signing.send_back(_round(row), by=by, reason=reason, version=round_version)
    return _back(row, OrderMove.SEND_BACK, by=by, reason=reason.strip())


@transaction.atomic
def recall_order(
    order: Order, *, by: Any, version: int | None = None, round_version: int | None = None
) -> Order:
    """撤回: a draft again, before the last signature."""
    row = _waiting(order, OrderMove.RECALL, version)
    signing.recall(_round(row), by=by, version=round_version)
    return _back(row, OrderMove.RECALL, by=by)


@transaction.atomic
def sign_order_on_paper(
    order: Order,
    signatures: Sequence[PaperSignature],
    *,
    scan: StoredFile,
    scan_name: str,
    by: Any,
    version: int | None = None,
    round_version: int | None = None,
) -> Order:
    """登记纸质审签: what was signed by hand, with its scan. Raises as `approvals.record_paper`."""
    row = _waiting(order, OrderMove.ISSUE, version)
    found = signing.record_paper(
        _round(row), signatures, scan=scan, scan_name=scan_name, by=by, version=round_version
    )
    return _follow(row, found, by=by)


def check_whole(row: Order) -> None:
    """Raise ValidationError with everything that a draft lacks, beside its fields."""
    faults: dict[str, str] = {}
    if not row.wanted:
        faults["wanted"] = _("填写“工作要求”")
    if not row.acceptance:
        faults["acceptance"] = _("填写“验收要求”")
    if row.due_on is None:
        faults["due_on"] = _("填写“截止日期”")
    elif row.due_on < clock.today():
        faults["due_on"] = _("截止日期%(day)s已过，改为今天或以后") % {"day": row.due_on}
    if not row.leads.exists():
        faults["leads"] = _("选择至少一个主办单位")
    if faults:
        raise ValidationError(faults)


# --- parts ---------------------------------------------------------------------------------------


def _waiting(order: Order, to: OrderMove, version: int | None) -> Order:
    """The row under lock, in a state from which that move leads."""
    row = lock(order, version)
    target(row, to)
    return row


def _round(row: Order) -> Approval:
    found = approvals.last_round(row.number)
    if found is None:  # entered past the services: nothing that can be signed
        raise Refused(_("%(number)s没有审签记录，撤销后重新拟稿。") % {"number": row.number})
    return found


def _follow(row: Order, found: Approval, *, by: Any) -> Order:
    if found.state == State.SIGNED:
        return issue(row, by=by)
    row.version += 1
    row.updated_at = clock.now()
    row.save(update_fields=["version", "updated_at"])
    return row


def _back(row: Order, to: OrderMove, *, by: Any, reason: str = "") -> Order:
    before = audit.facts(row, FACTS)
    row.state = target(row, to)
    more = {"reason": reason} if reason else {}
    return save(row, to, by=by, before=before, **more)
