"""How projects and opinions are told: 「立项被否决，2021-11-12，与已建平台功能重复」."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.words import listed

from ..choices import Alert, Condition, Gate
from ..models import Opinion, Project
from ..queries.standing import Standing


@dataclass(frozen=True)
class Cell:
    """What stands at one gate: a word and its tone, the day, the reason of a veto."""

    word: str
    tone: str
    opinion: Opinion | None = None


@dataclass(frozen=True)
class Line:
    """A project as a row of a list shows it."""

    row: Any
    standing: Standing
    approval: Cell
    acceptance: Cell
    warnings: list[str]

    @property
    def vetoes(self) -> list[str]:
        return [veto_words(row) for row in self.standing.vetoes]


def line_of(standing: Standing) -> Line:
    return Line(
        standing.project,
        standing,
        cell_of(standing, Gate.APPROVAL),
        cell_of(standing, Gate.ACCEPTANCE),
        warnings(standing),
    )


def cell_of(standing: Standing, gate: Gate) -> Cell:
    opinion = standing.opinions.get(gate)
    if opinion is None:
        is_asked = standing.powers.of_gate(gate) is not None
        return Cell(pgettext("opinion", "未出具") if is_asked else "—", "quiet")
    return Cell(str(opinion.get_decision_display()), "back" if opinion.is_veto else "", opinion)


def veto_words(opinion: Opinion) -> str:
    """「立项被否决，2021-11-12，与已建平台功能重复」"""
    facts = {
        "gate": opinion.get_gate_display(),
        "day": opinion.given_on,
        "reason": opinion.reason.rstrip("。.；;"),
    }
    return _("%(gate)s被否决，%(day)s，%(reason)s") % facts


def warnings(standing: Standing) -> list[str]:
    """Every warning as a sentence without its full stop."""
    found = []
    for alert in standing.alerts:
        if alert in {Alert.APPROVAL_VETOED, Alert.ACCEPTANCE_VETOED}:
            continue
        found.append(missing_words(standing) if alert == Alert.NOT_PREPARED else str(alert.label))
    return [*map(veto_words, standing.vetoes), *found]


def missing_words(standing: Standing) -> str:
    """「立项的审批要件未登记：公共数据资源目录编制、数据汇聚」"""
    parts = [
        gate_missing(gate, missing)
        for gate in Gate
        if gate in standing.opinions and (missing := standing.missing(gate))
    ]
    return _("；").join(parts)


def gate_missing(gate: Gate, missing: list[Condition]) -> str:
    facts = {"gate": gate.label, "conditions": listed(each.label for each in missing)}
    return _("%(gate)s的审批要件未登记：%(conditions)s") % facts


def size_words(project: Project) -> str:
    """「120.5万元」, '' where no sum is known."""
    if project.budget is None:
        return ""
    return _("%(sum)s万元") % {"sum": f"{project.budget.normalize():f}"}
