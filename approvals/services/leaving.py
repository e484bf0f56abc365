"""What is reserved for somebody who leaves a unit goes to whoever takes over, or to nobody by name."""

from typing import Any

from django.db import transaction

from accounts.models import User
from core import audit
from pilots.models import Unit

from ..choices import State, StepKind
from ..models import Approval, ApprovalStep, ChainStep
from ..queries import may_be_named
from ..queries.waiting import POSTS
from .signing import reserved


def reserved_steps(user: User, unit: Unit) -> list[ApprovalStep]:
    """Steps of open rounds that only this person may sign."""
    rows = ApprovalStep.objects.filter(
        signer=user, decision="", approval__unit=unit, approval__state=State.OPEN
    )
    return list(rows.select_related("approval").order_by("approval__number", "position"))


def following(kind: str, taker: User | None, unit: Unit, drafter: Any = None) -> User | None:
    """For whom such a step is reserved then: nobody by name where the taker holds not its post, or
    drafted what is to be looked over."""
    if taker is None or (kind in POSTS and not may_be_named(kind, taker, unit.pk)):
        return None
    return reserved(kind, taker, drafter)


@transaction.atomic
def replace_signer(user: User, unit: Unit, *, taker: User | None, by: Any) -> int:
    """Reserve for `taker` what was reserved for `user` at the unit, in open rounds and in its chain;
    without one whoever holds the step's role signs. A countersignature that nobody is named for is
    left out of the chain; in an open round it stays, and that is taken back or signed on paper.
    Returns the number of rows that changed."""
    changed = 0
    for step in reserved_steps(user, unit):
        if taker is None and step.kind == StepKind.COUNTERSIGN:
            continue
        row = Approval.rows.select_for_update(of=("self",)).get(pk=step.approval_id)
        step.signer = following(step.kind, taker, unit, row.opened_by)
        step.save(update_fields=["signer"])
        row.version += 1
        row.save(update_fields=["version"])
        audit.record(
            "approval.reserve",
            by=by,
            subject=row,
            unit=unit,
            before={"step": step.kind, "signer": user},
            after={"step": step.kind, "signer": step.signer},
        )
        changed += 1
    return changed + _in_chain(user, unit, taker, by=by)


def _in_chain(user: User, unit: Unit, taker: User | None, *, by: Any) -> int:
    Unit.rows.select_for_update(of=("self",)).get(pk=unit.pk)
    mine = list(ChainStep.rows.filter(unit=unit, signer=user))
    for row in mine:
        if taker is None and row.kind == StepKind.COUNTERSIGN:
            row.delete()
            continue
        row.signer = following(row.kind, taker, unit)
        row.save(update_fields=["signer"])
    if mine:
        before, after = {"signer": user}, {"signer": taker}
        audit.record("chain.reserve", by=by, subject=unit, unit=unit, before=before, after=after)
    return len(mine)
