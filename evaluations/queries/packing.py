"""Putting the package of a round together from its sheets (evaluations/package.py says what it holds)."""

from typing import Any

from .. import package
from ..choices import Source
from ..models import Indicator, Round, SchemeVersion, Scorecard
from .sheets import Cell, Sheet, reason_for, sheets_of_round
from .trees import leaves_of, root_keys, rows_of, terms

Packed = tuple[dict[str, Any], dict[str, Scorecard], dict[str, dict[str, str]]]


def pack(round_: Round) -> Packed:
    """The package with its results, the sheet of each unit by its code, and the reason of each leaf by
    unit and key. Names of people stay out of it."""
    cards: dict[str, Scorecard] = {}
    reasons: dict[str, dict[str, str]] = {}
    subjects = []
    for sheet in sheets_of_round(round_):
        unit = sheet.card.unit
        cards[unit.code] = sheet.card
        reasons[unit.code] = _reasons(sheet)
        leaves = {key: _cell(cell) for key, cell in sheet.cells.items()}
        subjects.append({"unit": unit.code, "name": unit.full_name, "leaves": leaves})
    sealed = package.sealed(_round(round_), scheme_of(round_.scheme_version), subjects)
    return sealed, cards, reasons


def _reasons(sheet: Sheet) -> dict[str, str]:
    found = {key: reason_for(sheet.cells[key], score) for key, score in sheet.scores.items()}
    return {key: reason for key, reason in found.items() if reason}


def _cell(cell: Cell) -> dict[str, Any]:
    fact = cell.fact
    return {
        "value": package.text(cell.given.value),
        "part": package.text(fact.part) if fact else None,
        "whole": package.text(fact.whole) if fact else None,
        "points": {hand: package.text(value) for hand, value in cell.given.points.items()},
        "reasons": cell.reasons,
        "evidence": cell.evidence,
    }


def _round(round_: Round) -> dict[str, Any]:
    return {
        "number": round_.number,
        "programme": round_.programme.code,
        "title": round_.title,
        "starts_on": str(round_.starts_on),
        "ends_on": str(round_.ends_on),
        "facts_on": str(round_.facts_on),
        "edition": round_.editions,
        "reason": round_.reason,
    }


def scheme_of(version: SchemeVersion) -> dict[str, Any]:
    """A version of a scheme as a package holds it."""
    rules, roots = terms(version), root_keys(version)
    return {
        "code": version.scheme.code,
        "version": version.number,
        "title": version.scheme.title,
        "terms": {
            "full": package.text(rules.full),
            "bonus_limit": package.text(rules.bonus_limit),
            "deduction_limit": package.text(rules.deduction_limit),
            "tolerance": package.text(rules.tolerance),
        },
        "grades": version.grades,
        "roots": [{"key": row.key, "name": row.name} for row in rows_of(version) if row.level == 1],
        "leaves": [_leaf(row, roots[row.key]) for row in leaves_of(version)],
    }


def _leaf(row: Indicator, root: str) -> dict[str, Any]:
    return {
        "key": row.key,
        "root": root,
        "name": row.name,
        "weight": package.text(row.weight),
        "kind": row.kind,
        "source": row.source,
        "rule": row.rule,
        "criteria": row.criteria,
        "fact": row.fact if row.source == Source.AUTO else "",
    }
