"""An order issued, one demand with an assignment for every unit that leads; and taken back."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Role
from approvals import queries as approvals
from approvals import services as signing
from approvals.choices import State
from core import audit, clock
from core.errors import PermissionRefused, Refused

from ..choices import Move, Nature, OrderMove, Origin
from ..models import Assignment, Obligation, Order
from ..queries.due_rules import counted_anew, settled
from ..queries.orders import is_insider, leads_of, may_draft, targets
from .assignments import take_off
from .helpers import add_helper
from .order_writing import FACTS, lock, save, target
from .sync import sync_assignments

LAST = 30000  # orders stand after what the document demands
SHORT = 20


def issue(row: Order, *, by: Any) -> Order:
    """At the last signature, in its transaction: the demand, its assignments, their helpers."""
    require_standing(row)
    before = audit.facts(row, FACTS)
    row.state = target(row, OrderMove.ISSUE)
    row.issued_on, row.issued_at = clock.today(), clock.now()
    if row.due_rule:
        rule = counted_anew(row.due_rule, row.issued_on)
        row.due_on, row.due_rule = settled(rule, row.issued_on)
    row.obligation = _demand(row)
    row = save(row, OrderMove.ISSUE, by=by, before=before, obligation=row.obligation.code)
    sync_assignments(row.programme, by=by)
    tasks = {task.enrolment_id: task for task in Assignment.rows.filter(obligation=row.obligation)}
    for lead in leads_of(row):
        for helper in lead.helpers.all():
            add_helper(tasks[lead.enrolment_id], helper.unit, note=helper.note, by=by)
    return row


def require_standing(row: Order) -> None:
    """Raise Refused when a unit that the order names takes part no more."""
    standing = {each.pk for each in targets(row.programme, clock.today())}
    gone = [lead.enrolment.unit for lead in leads_of(row) if lead.enrolment_id not in standing]
    if gone:
        facts = {"units": "、".join(unit.display_name for unit in gone)}
        raise Refused(_("%(units)s已不在试点单位中，退回修改，去掉后再审签。") % facts)


@transaction.atomic
def withdraw_order(order: Order, *, by: Any, reason: str, version: int | None = None) -> Order:
    """撤销 with the reason that the units will read: open tasks are taken off, done ones stay done.
    What waits for a signature is taken off the desk first.

    Raises MoveNotAllowed, StaleVersion, PermissionRefused, Refused without a reason.
    """
    row = lock(order, version)
    _require_right(row, by)
    if not reason.strip():
        raise Refused(_("写明撤销原因，单位会看到。"))
    before = audit.facts(row, FACTS)
    row.state = target(row, OrderMove.WITHDRAW)
    found = approvals.last_round(row.number)
    if found is not None and found.state == State.OPEN:
        signing.recall(found, by=by)
    row.withdrawn_at, row.withdrawn_by, row.withdraw_reason = clock.now(), by, reason.strip()
    off = _take_off(row, by=by)
    return save(row, OrderMove.WITHDRAW, by=by, before=before, reason=reason.strip(), tasks=off)


def _require_right(row: Order, by: Any) -> None:
    """Its drafters; an issued one also the head who signed such things."""
    if may_draft(by, row):
        return
    heads = by.memberships.live(clock.today()).filter(role=Role.BUREAU_HEAD)
    if row.obligation_id and is_insider(by, row) and heads.exists():
        return
    facts = {"issuer": row.issuer.display_name}
    raise PermissionRefused(_("由%(issuer)s的经办人办理，当前账号不能办理。") % facts)


def _demand(row: Order) -> Obligation:
    leads = leads_of(row)
    found = Obligation(
        programme=row.programme,
        code=f"{row.programme.code}.{row.number.lower()}",
        title=row.title,
        short_title=row.short_title or _shortened(row.title),
        nature=Nature.OTHER,
        origin=Origin.ORDER,
        area=row.area,
        parts=sorted({lead.enrolment.part for lead in leads}),
        due_on=row.due_on,
        latest_on=row.due_on,
        due_rule=row.due_rule,
        received_by=row.issuer,
        source=row.source_title,
        position=LAST,
    )
    found.full_clean()
    found.save()
    found.units.set(lead.enrolment.unit for lead in leads)
    return found


def _shortened(title: str) -> str:
    return title if len(title) <= SHORT else f"{title[: SHORT - 1]}…"


def _take_off(row: Order, *, by: Any) -> int:
    """Take the open tasks of an issued order off the table; returns how many."""
    if row.obligation is None:
        return 0
    tasks = list(Assignment.rows.open().filter(obligation=row.obligation).order_by("number"))
    for task in tasks:
        take_off(task, Move.WITHDRAW, by=by, reason=row.withdraw_reason)
    row.obligation.withdrawn_on = clock.today()
    row.obligation.version += 1
    row.obligation.save(update_fields=["withdrawn_on", "version"])
    return len(tasks)
