"""The arithmetic of an evaluation, without the portal: what a frozen package is recomputed with.

All numbers are `Decimal`. Rounding is stated and happens in three places only, each time to
`PLACES` places, half away from zero (ROUND_HALF_UP, 四舍五入): the score of a leaf by share, the mean
of two reviewers, and the total of a subject. Sums are exact; rates among the facts come to six places.

A leaf's score, in this order: a correction (a decided objection or a later correction), the third
entry by which a difference was settled, the mean of the two reviewers, and else the entry of the
leaf's own source; the score of an automatic leaf follows from its fact. A leaf whose fact does not
apply to a subject is left out for it, and what it earned elsewhere is taken in proportion to the
full mark of what applies (FORMULA).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

VERSION = 1  # of this arithmetic; a package names the one that it was made with
PLACES = 2
ROUNDING = "ROUND_HALF_UP"
FORMULA = (
    "总分=基本指标得分之和÷适用的基本指标满分×满分+加分（不超过上限）−减分（不超过上限），不低于0；"
    "指标得分依次取：更正、差异裁定、两名评分人的平均分、指标数据来源的评分。"
    "平均分、按比例得分和总分保留两位小数，四舍五入。"
)
ZERO = Decimal(0)
SIX_PLACES = Decimal("0.000001")  # of the rates among the facts

NORMAL, BONUS, DEDUCTION = "normal", "bonus", "deduction"
AUTO, SELF, UNIT, BUREAU, THIRD_PARTY = "auto", "self", "unit", "bureau", "third_party"
STATES, ELEMENTS, RANGE, BANDS, SHARE = "states", "elements", "range", "bands", "share"
FIRST, SECOND, SETTLED, CORRECTED = "first", "second", "settled", "corrected"
FACT, MEAN = "fact", "mean"


@dataclass(frozen=True)
class Leaf:
    """An indicator that is scored. `root` is the key of its first-level indicator, `weight` its full
    mark; `criteria` belong to `rule`, see points_of()."""

    key: str
    root: str
    weight: Decimal
    kind: str = NORMAL
    source: str = BUREAU
    rule: str = RANGE
    criteria: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Terms:
    """What a version of a scheme rules for all its leaves. `full` is the full mark, limits cap what
    bonus and deduction items give together (None: no cap), `tolerance` is the difference of two
    reviewers in per cent of a leaf's full mark beyond which a third entry settles it."""

    full: Decimal = Decimal(100)
    bonus_limit: Decimal | None = None
    deduction_limit: Decimal | None = None
    tolerance: Decimal = Decimal(20)


@dataclass(frozen=True)
class Given:
    """What is known of one leaf of one subject: points by hand, and the value of its fact with
    whether it applies. Keys of `points` are SELF, UNIT, THIRD_PARTY, FIRST, SECOND, SETTLED,
    CORRECTED."""

    points: Mapping[str, Decimal] = field(default_factory=dict)
    value: Decimal | None = None


@dataclass(frozen=True)
class Scored:
    """The score of a leaf: `points` None when nothing was entered yet (`is_missing`) or when it does
    not apply; `by` is the hand that counts, FACT or MEAN."""

    points: Decimal | None
    by: str
    is_missing: bool = False
    is_disputed: bool = False


@dataclass(frozen=True)
class Total:
    """The result of one subject: `roots` maps each first-level indicator to what its leaves earned,
    `applicable` is the full mark of what applies."""

    total: Decimal
    earned: Decimal
    applicable: Decimal
    bonus: Decimal
    deduction: Decimal
    roots: Mapping[str, Decimal]


def rounded(value: Decimal) -> Decimal:
    """To two places, half away from zero."""
    return value.quantize(Decimal(1).scaleb(-PLACES), rounding=ROUND_HALF_UP)


# --- one leaf ------------------------------------------------------------------------------------


def points_of(leaf: Leaf, answer: Any) -> Decimal:
    """Points that an answer earns: for STATES the place (from 0) of the state in
    `criteria["states"]`, for ELEMENTS the places of those that are there, for BANDS and SHARE the
    value, for RANGE the points themselves. Raises ValueError for an answer that the rule does not
    know."""
    if leaf.rule == STATES:
        return _of_state(leaf, answer)
    if leaf.rule == ELEMENTS:
        wanted = set(range(len(leaf.criteria["elements"])))
        if not set(answer) <= wanted:
            raise ValueError(f"{leaf.key}: no such element in {answer!r}")
        return leaf.weight if set(answer) == wanted else ZERO
    if leaf.rule == BANDS:
        return _of_band(leaf, Decimal(answer))
    if leaf.rule == SHARE:
        return rounded(leaf.weight * min(max(Decimal(answer), ZERO), Decimal(1)))
    return Decimal(answer)


def _of_state(leaf: Leaf, place: int) -> Decimal:
    states = leaf.criteria["states"]
    if not 0 <= place < len(states):
        raise ValueError(f"{leaf.key}: no state {place}")
    return Decimal(states[place]["points"])


def _of_band(leaf: Leaf, value: Decimal) -> Decimal:
    """Bands hold their lower end and not their upper one; the first and the last may be open."""
    for band in leaf.criteria["bands"]:
        above = band["from"] is None or Decimal(band["from"]) <= value
        if above and (band["to"] is None or value < Decimal(band["to"])):
            return Decimal(band["points"])
    raise ValueError(f"{leaf.key}: no band for {value}")


def differs(leaf: Leaf, first: Decimal, second: Decimal, terms: Terms) -> bool:
    """Whether two reviewers lie further apart than the scheme lets pass."""
    return abs(first - second) * 100 > terms.tolerance * leaf.weight


def scored(leaf: Leaf, given: Given, terms: Terms) -> Scored:
    """The score of a leaf from what is known of it, in the order of FORMULA."""
    points = given.points
    if CORRECTED in points:
        return Scored(points[CORRECTED], CORRECTED)
    if leaf.source == AUTO:
        return Scored(None if given.value is None else points_of(leaf, given.value), FACT)
    if SETTLED in points:
        return Scored(points[SETTLED], SETTLED)
    if leaf.source == BUREAU or FIRST in points or SECOND in points:
        return _by_reviewers(leaf, points, terms)
    if leaf.source in points:
        return Scored(points[leaf.source], leaf.source)
    return Scored(None, leaf.source, is_missing=True)


def _by_reviewers(leaf: Leaf, points: Mapping[str, Decimal], terms: Terms) -> Scored:
    if FIRST not in points or SECOND not in points:
        return Scored(None, MEAN, is_missing=True)
    first, second = points[FIRST], points[SECOND]
    is_disputed = differs(leaf, first, second, terms)
    return Scored(rounded((first + second) / 2), MEAN, is_disputed=is_disputed)


# --- one subject ---------------------------------------------------------------------------------


def total_of(leaves: Iterable[Leaf], scores: Mapping[str, Decimal | None], terms: Terms) -> Total:
    """The result from the score of each leaf by its key; None for one that does not apply.

    A subject to whom nothing applies gets 0. Raises KeyError for a leaf without an entry.
    """
    earned, applicable = ZERO, ZERO
    extra = {BONUS: ZERO, DEDUCTION: ZERO}
    roots: dict[str, Decimal] = {}
    for leaf in leaves:
        points = scores[leaf.key]
        if leaf.kind != NORMAL:
            extra[leaf.kind] += points or ZERO
            continue
        roots.setdefault(leaf.root, ZERO)
        if points is not None:
            earned, applicable = earned + points, applicable + leaf.weight
            roots[leaf.root] += points
    bonus = _capped(extra[BONUS], terms.bonus_limit)
    deduction = _capped(extra[DEDUCTION], terms.deduction_limit)
    # Multiplied first: a quotient that does not end would be cut before it is rounded.
    basic = earned * terms.full / applicable if applicable else ZERO
    total = rounded(max(basic + bonus - deduction, ZERO))
    return Total(total, earned, applicable, bonus, deduction, roots)


def _capped(value: Decimal, limit: Decimal | None) -> Decimal:
    return value if limit is None else min(value, limit)


# --- all subjects --------------------------------------------------------------------------------


def quantile(values: Sequence[Decimal], share: Decimal) -> Decimal | None:
    """The value below which `share` of the values lie, between two neighbours in proportion, to two
    places; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return rounded(ordered[below] + (ordered[above] - ordered[below]) * (place - below))


def ranks(totals: Mapping[str, Decimal]) -> dict[str, int]:
    """Place of each subject from 1; equal totals share a place and the next ones follow after them."""
    places: dict[Decimal, int] = {}
    for place, total in enumerate(sorted(totals.values(), reverse=True), start=1):
        places.setdefault(total, place)
    return {key: places[total] for key, total in totals.items()}
