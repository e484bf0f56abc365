"""The package of a result: everything that its scores follow from, as JSON, without the portal.

{
  "format": "cdo-portal-evaluation", "arithmetic": 1, "formula": …, "rounding": …,
  "round": {number, title, starts_on, ends_on, facts_on, edition, reason},
  "scheme": {code, version, title, terms: {full, bonus_limit, deduction_limit, tolerance},
             grades: [{name, from}], roots: [{key, name}],
             leaves: [{key, root, name, weight, kind, source, rule, criteria, fact}]},
  "subjects": [{unit, name, leaves: {key: {value, part, whole, points: {hand: …},
                reasons: {hand: …}, evidence: [sha256]}}}],
  "hashes": {"scheme": sha256, "subjects": sha256},
  "results": {unit: {total, bonus, deduction, roots: {key: …}, grade, place,
              leaves: {key: {points, by}}}}
}

All numbers are text, so that the last digit stays. `recompute` needs nothing else.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from . import scoring

FORMAT = "cdo-portal-evaluation"


class Broken(ValueError):
    """A package that is none, of another arithmetic, or altered since it was made."""


def canonical(value: Any) -> str:
    """One text for one content."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(value: Any) -> str:
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def text(value: Decimal | None) -> str | None:
    """A number as the package writes it: plain digits."""
    return None if value is None else f"{value:f}"


def sealed(
    round_: Mapping[str, Any], scheme: Mapping[str, Any], subjects: list[dict[str, Any]]
) -> dict[str, Any]:
    """The whole package from its inputs, with hashes and results."""
    package = {
        "format": FORMAT,
        "arithmetic": scoring.VERSION,
        "formula": scoring.FORMULA,
        "rounding": {"places": scoring.PLACES, "mode": scoring.ROUNDING},
        "round": dict(round_),
        "scheme": dict(scheme),
        "subjects": subjects,
        "hashes": {"scheme": digest(scheme), "subjects": digest(subjects)},
    }
    return {**package, "results": recompute(package)}


def verify(package: Any) -> None:
    """Raise Broken unless this arithmetic made the package and nothing was altered since."""
    if not isinstance(package, dict) or package.get("format") != FORMAT:
        raise Broken("这不是评价结果数据包。")
    if package.get("arithmetic") != scoring.VERSION:
        raise Broken(
            f"数据包用的是第{package.get('arithmetic')}版算法，这里是第{scoring.VERSION}版。"
        )
    for name, found in package["hashes"].items():
        if digest(package[name]) != found:
            raise Broken(f"数据包的{name}与摘要不符，内容被改动过。")


def recompute(package: Mapping[str, Any]) -> dict[str, Any]:
    """The results of a package from its scheme and subjects alone, by unit code."""
    leaves, terms = leaves_of(package["scheme"]), terms_of(package["scheme"])
    found: dict[str, dict[str, Any]] = {}
    totals: dict[str, Decimal] = {}
    for subject in package["subjects"]:
        scores = {leaf.key: scoring.scored(leaf, _given(subject, leaf), terms) for leaf in leaves}
        points = {key: score.points for key, score in scores.items()}
        total = scoring.total_of(leaves, points, terms)
        totals[subject["unit"]] = total.total
        found[subject["unit"]] = {
            "total": text(total.total),
            "bonus": text(total.bonus),
            "deduction": text(total.deduction),
            "roots": {key: text(value) for key, value in total.roots.items()},
            "grade": grade_of(package["scheme"], total.total),
            "leaves": {
                key: {"points": text(score.points), "by": score.by} for key, score in scores.items()
            },
        }
    for unit, place in scoring.ranks(totals).items():
        found[unit]["place"] = place
    return found


def leaves_of(scheme: Mapping[str, Any]) -> list[scoring.Leaf]:
    names = ("key", "root", "kind", "source", "rule", "criteria")
    return [
        scoring.Leaf(**{name: row[name] for name in names}, weight=Decimal(row["weight"]))
        for row in scheme["leaves"]
    ]


def terms_of(scheme: Mapping[str, Any]) -> scoring.Terms:
    given = scheme["terms"]
    read: dict[str, Any] = {
        name: None if value is None else Decimal(value) for name, value in given.items()
    }
    return scoring.Terms(**read)


def grade_of(scheme: Mapping[str, Any], total: Decimal) -> str:
    """The first grade whose start the total reaches; '' where there is none."""
    for grade in scheme["grades"]:
        if total >= Decimal(grade["from"]):
            return str(grade["name"])
    return ""


def _given(subject: Mapping[str, Any], leaf: scoring.Leaf) -> scoring.Given:
    row = subject["leaves"].get(leaf.key, {})
    points = {hand: Decimal(value) for hand, value in row.get("points", {}).items()}
    value = row.get("value")
    return scoring.Given(points, None if value is None else Decimal(value))


# --- what if -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Moved:
    """What other weights would have made of one subject: total and place before and after."""

    unit: str
    before: Decimal
    after: Decimal
    place_before: int
    place_after: int


def reweighted(package: Mapping[str, Any], weights: Mapping[str, Decimal]) -> list[Moved]:
    """The effect on a past round of other full marks of some leaves: what a leaf earned keeps its
    share of the full mark. In the order of the new places; nothing is written.

    Raises KeyError for a leaf that the scheme does not have, ValueError for a weight below 0.
    """
    leaves, results = leaves_of(package["scheme"]), package["results"]
    if unknown := weights.keys() - {leaf.key for leaf in leaves}:
        raise KeyError(", ".join(sorted(unknown)))
    if any(weight < 0 for weight in weights.values()):
        raise ValueError("weights are not negative")
    terms = terms_of(package["scheme"])
    heavier = [replace(leaf, weight=weights.get(leaf.key, leaf.weight)) for leaf in leaves]
    after = {}
    for unit, result in results.items():
        points = {
            leaf.key: _share(result["leaves"][leaf.key]["points"], leaf, new)
            for leaf, new in zip(leaves, heavier, strict=True)
        }
        after[unit] = scoring.total_of(heavier, points, terms).total
    places = scoring.ranks(after)
    found = [
        Moved(unit, Decimal(row["total"]), after[unit], row["place"], places[unit])
        for unit, row in results.items()
    ]
    return sorted(found, key=lambda row: (row.place_after, row.place_before, row.unit))


def _share(points: str | None, leaf: scoring.Leaf, new: scoring.Leaf) -> Decimal | None:
    if points is None:
        return None
    return Decimal(points) * new.weight / leaf.weight if leaf.weight else scoring.ZERO
