"""Scoring criteria in words, as a sheet and a workbook write them, and what is wrong with them.

分档给分 「已印发=8；起草中=3；没有=0」, 要素 「范围；首席数据官；目标；任务」, 按数值分段
「~0.6=0；0.6~0.8=5；0.8~=10」 (a band holds its lower end and not its upper one; an empty end is open).
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from .choices import Rule

BETWEEN = re.compile(r"[;；\n]+")
TILDE = re.compile(r"[~～]")


class Unreadable(ValueError):
    """A text that is no criteria of its rule; the message is Chinese and says how to write them."""


def read(rule: str, text: str) -> dict[str, Any]:
    """`criteria` of an indicator from its words. Raises Unreadable."""
    parts = [part.strip() for part in BETWEEN.split(text) if part.strip()]
    if rule == Rule.STATES:
        return {"states": [_state(part) for part in parts]}
    if rule == Rule.ELEMENTS:
        return {"elements": parts}
    if rule == Rule.BANDS:
        return {"bands": [_band(part) for part in parts]}
    if parts:
        raise Unreadable(
            _("“%(rule)s”不用写评分标准，删去“%(text)s”。")
            % {"rule": Rule(rule).label if rule in Rule.values else rule, "text": text.strip()}
        )
    return {}


def write(rule: str, criteria: Mapping[str, Any]) -> str:
    """The words of `criteria`: what read() reads."""
    if rule == Rule.STATES:
        parts = [f"{row['text']}={row['points']}" for row in criteria.get("states", [])]
    elif rule == Rule.ELEMENTS:
        parts = list(criteria.get("elements", []))
    elif rule == Rule.BANDS:
        parts = [
            f"{row['from'] or ''}~{row['to'] or ''}={row['points']}"
            for row in criteria.get("bands", [])
        ]
    else:
        parts = []
    return "；".join(parts)


def faults(rule: str, criteria: Mapping[str, Any], weight: Decimal | None) -> Iterator[str]:
    """What is wrong with the criteria of a leaf, in sentences."""
    if rule == Rule.STATES:
        yield from _state_faults(criteria.get("states", []), weight)
    elif rule == Rule.ELEMENTS and not criteria.get("elements"):
        yield _("没有写要素，逐项写明，用“；”隔开")
    elif rule == Rule.BANDS:
        yield from _band_faults(criteria.get("bands", []), weight)


def number(text: Any) -> Decimal | None:
    """A plain number; None where it is none, or one that no column holds."""
    try:
        value = Decimal(str(text).strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) < Decimal(10) ** 9 else None


def said(value: Decimal) -> str:
    """A number without idle zeros."""
    return f"{value.normalize():f}" if value else "0"


def _state(part: str) -> dict[str, str]:
    text, equals, points = part.replace("＝", "=").rpartition("=")
    if not equals or not text.strip() or number(points) is None:
        raise Unreadable(_("“%(part)s”要写成“已印发=8”的样子。") % {"part": part})
    return {"text": text.strip(), "points": points.strip()}


def _band(part: str) -> dict[str, str | None]:
    span, equals, points = part.replace("＝", "=").rpartition("=")
    ends = [end.strip() for end in TILDE.split(span)]
    wrong = not equals or len(ends) != 2 or number(points) is None
    if wrong or any(end and number(end) is None for end in ends):
        raise Unreadable(_("“%(part)s”要写成“0.6~0.8=5”的样子。") % {"part": part})
    return {"from": ends[0] or None, "to": ends[1] or None, "points": points.strip()}


def _state_faults(states: list[dict[str, Any]], weight: Decimal | None) -> Iterator[str]:
    if len(states) < 2:
        yield _("至少写两档，如“已印发=8；没有=0”")
        return
    yield from _points_faults([row["points"] for row in states], weight)
    texts = [row["text"] for row in states]
    for text in sorted({text for text in texts if texts.count(text) > 1}):
        yield _("“%(text)s”写了两次，每档只写一次") % {"text": text}


def _points_faults(points: list[Any], weight: Decimal | None) -> Iterator[str]:
    """Each between nothing and the full mark, and somebody can earn the full mark."""
    values = [number(value) for value in points]
    if any(value is None or value < 0 for value in values):
        yield _("每档的得分要写成不小于0的数")
        return
    top = max(value for value in values if value is not None)
    if weight is not None and top != weight:
        facts = {"top": said(top), "weight": said(weight)}
        yield _("最高档%(top)s分，与分值%(weight)s不一致") % facts


def _band_faults(bands: list[dict[str, Any]], weight: Decimal | None) -> Iterator[str]:
    if not bands:
        yield _("没有分段，写成“~0.6=0；0.6~0.8=5；0.8~=10”的样子")
        return
    yield from _points_faults([band["points"] for band in bands], weight)
    spans = sorted((_end(band["from"], -1), _end(band["to"], 1)) for band in bands)
    for low, high in spans:
        if low >= high:
            facts = {"low": _named(low), "high": _named(high)}
            yield _("分段%(low)s~%(high)s的起点要小于终点") % facts
    yield from _seam_faults(spans)


def _seam_faults(spans: list[tuple[Decimal, Decimal]]) -> Iterator[str]:
    """Numbers that lie in no band, or in two."""
    if spans[0][0].is_finite():
        facts = {"low": said(spans[0][0])}
        yield _("小于%(low)s的数没有写得几分，第一段的起点留空") % facts
    for (_low, high), (low, _high) in pairwise(spans):
        facts = {"one": _named(min(high, low)), "two": _named(max(high, low))}
        if high < low:
            yield _("%(one)s到%(two)s之间没有写得几分，补一段或改终点") % facts
        elif high > low:
            yield _("%(one)s到%(two)s之间写了两次，改成前后相接") % facts
    if max(high for _low, high in spans).is_finite():
        facts = {"high": said(max(high for _low, high in spans))}
        yield _("%(high)s以上的数没有写得几分，最后一段的终点留空") % facts


def _end(value: Any, side: int) -> Decimal:
    return Decimal("Infinity") * side if value is None else Decimal(str(value))


def _named(value: Decimal) -> str:
    return said(value) if value.is_finite() else _("不限")
