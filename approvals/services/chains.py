"""A unit, or a bureau, chooses who signs what it sends out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from pilots.models import Unit

from ..choices import BUREAU_STEPS, MOST_STEPS, UNIT_STEPS, StepKind
from ..models import ChainStep
from ..queries import may_be_named


@dataclass(frozen=True)
class ChainChoice:
    """One step as chosen: its kind, and the account it is reserved for (None: whoever holds the
    role)."""

    kind: str
    signer: Any = None


@transaction.atomic
def choose_chain(
    unit: Unit, steps: Sequence[ChainChoice], *, by: Any, is_bureau: bool
) -> list[ChainStep]:
    """Replace the unit's chain; an empty one means the usual chain again. Rounds that are open go on
    by the steps they began with.

    Raises ValidationError: too many steps, one twice, one of the other kind of body, a named person
    who does not act for the unit or holds not the post that the step stands for, or a chain that
    nobody in charge ends.
    """
    Unit.rows.select_for_update(of=("self",)).get(pk=unit.pk)
    steps = list(steps)
    _check(unit, steps, is_bureau=is_bureau)
    known = list(ChainStep.rows.filter(unit=unit).order_by("position"))
    before = {"steps": [_fact(row.kind, row.signer) for row in known]}
    after = {"steps": [_fact(step.kind, step.signer) for step in steps]}
    if before == after:
        return known
    ChainStep.rows.filter(unit=unit).delete()
    rows = [
        ChainStep(unit=unit, position=place, kind=step.kind, signer=step.signer)
        for place, step in enumerate(steps, start=1)
    ]
    for row in rows:
        row.full_clean()
        row.save()
    audit.record("chain.choose", by=by, subject=unit, unit=unit, before=before, after=after)
    return rows


def _check(unit: Unit, steps: list[ChainChoice], *, is_bureau: bool) -> None:
    allowed = BUREAU_STEPS if is_bureau else UNIT_STEPS
    last = StepKind.BUREAU_HEAD if is_bureau else StepKind.CDO
    faults = []
    if len(steps) > MOST_STEPS:
        faults.append(
            _("审签最多%(most)s步，现在是%(now)s步。") % {"most": MOST_STEPS, "now": len(steps)}
        )
    if any(step.kind not in allowed for step in steps):
        faults.append(_("这里能选的步骤是：%(steps)s。") % {"steps": _labels(allowed)})
    single = [step.kind for step in steps if step.kind != StepKind.COUNTERSIGN]
    if len(single) != len(set(single)):
        faults.append(_("同一步只能出现一次。"))
    if steps and steps[-1].kind != last:
        faults.append(_("最后一步要是“%(last)s”。") % {"last": last.label})
    faults += [_stranger(unit, step) for step in steps if not _acts(unit, step)]
    if faults:
        raise ValidationError(faults)


def _acts(unit: Unit, step: ChainChoice) -> bool:
    if step.signer is None:
        return step.kind != StepKind.COUNTERSIGN
    return may_be_named(step.kind, step.signer, unit.pk)


def _stranger(unit: Unit, step: ChainChoice) -> str:
    if step.signer is None:
        return _("“会签”要指定一名本单位人员。")
    words = {"user": step.signer, "unit": unit, "step": StepKind(step.kind).label}
    return _("%(user)s现在没有%(unit)s的身份，不能指定为“%(step)s”的签署人。") % words


def _labels(kinds: Sequence[StepKind]) -> str:
    return "、".join(str(kind.label) for kind in kinds)


def _fact(kind: str, signer: Any) -> str:
    return f"{kind}:{audit.actor(signer)}" if signer is not None else str(kind)
