"""The chain that a body goes by: its own, or the usual one."""

from dataclasses import dataclass
from typing import Any

from pilots.models import Unit

from ..choices import BUREAU_PURPOSES, StepKind
from ..models import ChainStep


@dataclass(frozen=True)
class Planned:
    """One step as it will be asked for; `signer` is the account it is reserved for, or None."""

    kind: str
    signer: Any = None

    @property
    def label(self) -> str:
        return str(StepKind(self.kind).label)


def chain_of(unit: Unit, purpose: str) -> list[Planned]:
    """The steps after 经办人拟稿, in their order; never empty. The usual chain is one step: the
    unit's CDO (「首席数据官审签」), for what a bureau issues its head in charge."""
    rows = ChainStep.rows.filter(unit=unit).select_related("signer").order_by("position")
    chosen = [Planned(row.kind, row.signer) for row in rows]
    usual = StepKind.BUREAU_HEAD if purpose in BUREAU_PURPOSES else StepKind.CDO
    return chosen or [Planned(usual)]
