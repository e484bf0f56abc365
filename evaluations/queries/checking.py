"""What is wrong with a tree of indicators: asked of sketches, so that the browser and a workbook are told
the same."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from .. import criteria
from ..choices import COUNTS, LEVELS, RATES, IndicatorKind, Rule, Source


@dataclass(frozen=True)
class Sketch:
    """An indicator before it is a row: `parent` is the key of the one above, '' for none. The other
    fields are those of `Indicator`."""

    key: str
    name: str
    parent: str = ""
    weight: Decimal | None = None
    kind: str = IndicatorKind.NORMAL
    source: str = ""
    rule: str = ""
    criteria: Mapping[str, Any] = field(default_factory=dict)
    fact: str = ""
    text: str = ""
    needs_evidence: bool = False
    evidence_note: str = ""
    basis: str = ""


@dataclass(frozen=True)
class Fault:
    """One thing to mend: the indicator by its key ('' for the whole), the field, a whole sentence."""

    key: str
    field: str
    message: str


@dataclass(frozen=True)
class Rules:
    """What of a version the checks ask for."""

    full: Decimal = Decimal(100)
    step: Decimal = Decimal("0.5")


def faults_in(sketches: Sequence[Sketch], rules: Rules) -> list[Fault]:
    """Everything that keeps a round from using the tree, in the order of the tree."""
    by_key = {sketch.key: sketch for sketch in sketches}
    below: dict[str, list[Sketch]] = {}
    for sketch in sketches:
        below.setdefault(sketch.parent, []).append(sketch)
    found = [*_repeated(sketches), *_shape(sketches, by_key, below)]
    if not sketches:
        return [Fault("", "name", _("还没有指标，先加一级指标。"))]
    for sketch in sketches:
        found += _of_one(sketch, below.get(sketch.key, []), rules)
    return found + _roots(below.get("", []), rules)


def sum_words(weights: Iterable[Decimal | None], wanted: Decimal) -> str:
    """「合计100」, 「合计97，差3」, 「合计104，多4」."""
    total = sum((weight for weight in weights if weight is not None), Decimal(0))
    facts = {"total": criteria.said(total), "rest": criteria.said(abs(wanted - total))}
    if total == wanted:
        return _("合计%(total)s") % facts
    words = _("合计%(total)s，差%(rest)s") if total < wanted else _("合计%(total)s，多%(rest)s")
    return words % facts


def _fault(sketch: Sketch, name: str, said: str) -> Fault:
    """「“发展规划”：……。」"""
    words = {"name": sketch.name or sketch.key, "said": said}
    return Fault(sketch.key, name, _("“%(name)s”：%(said)s。") % words)


def _repeated(sketches: Sequence[Sketch]) -> Iterator[Fault]:
    keys = Counter(sketch.key for sketch in sketches)
    for sketch in sketches:
        if keys[sketch.key] > 1:
            yield _fault(sketch, "key", _("代码%(key)s用了两次，换一个") % {"key": sketch.key})


def _shape(
    sketches: Sequence[Sketch], by_key: Mapping[str, Sketch], below: Mapping[str, list[Sketch]]
) -> Iterator[Fault]:
    """Names, parents that are there, no circle, at most three levels."""
    for sketch in sketches:
        if not sketch.name.strip():
            yield _fault(sketch, "name", _("填写指标名称"))
        if sketch.parent and sketch.parent not in by_key:
            facts = {"parent": sketch.parent}
            yield _fault(sketch, "parent", _("没有代码为%(parent)s的上级指标") % facts)
            continue
        line = line_of(sketch, by_key)
        if line is None:
            yield _fault(sketch, "parent", _("上下级绕成了圈，换一个上级指标"))
        elif len(line) > LEVELS:
            facts = {"level": str(len(line))}
            yield _fault(sketch, "parent", _("到了第%(level)s级，最多三级，移到上一级") % facts)
        siblings = [row.name for row in below.get(sketch.parent, [])]
        if siblings.count(sketch.name) > 1:
            yield _fault(sketch, "name", _("同一个上级指标下有重名，换一个名称"))


def line_of(sketch: Sketch, by_key: Mapping[str, Sketch]) -> list[Sketch] | None:
    """The sketch and those above it up to the first level; None for a circle."""
    line, seen = [sketch], {sketch.key}
    while sketch.parent and sketch.parent in by_key:
        sketch = by_key[sketch.parent]
        if sketch.key in seen:
            return None
        seen.add(sketch.key)
        line.append(sketch)
    return line


def _of_one(sketch: Sketch, children: list[Sketch], rules: Rules) -> Iterator[Fault]:
    if sketch.weight is None:
        yield _fault(sketch, "weight", _("还没有定分值"))
    elif sketch.weight < 0 or (sketch.weight == 0 and sketch.source):
        yield _fault(sketch, "weight", _("分值要大于0"))
    if children:
        yield from _of_heading(sketch, children)
    elif not sketch.source:
        said = _("没有下级指标，要写数据来源和评分方式，或者加下级指标")
        yield _fault(sketch, "source", said)
    else:
        yield from _of_leaf(sketch, rules)


def _of_heading(sketch: Sketch, children: list[Sketch]) -> Iterator[Fault]:
    if sketch.source:
        yield _fault(sketch, "source", _("有下级指标的不直接打分，删去数据来源"))
    known = sketch.weight is not None and all(row.weight is not None for row in children)
    if known and sum(row.weight or 0 for row in children) != sketch.weight:
        wanted = sketch.weight or Decimal(0)
        facts = {
            "words": sum_words([row.weight for row in children], wanted),
            "wanted": criteria.said(wanted),
        }
        yield _fault(sketch, "weight", _("下级指标%(words)s，应为%(wanted)s") % facts)
    for row in children:
        if row.kind != sketch.kind:
            facts = {"kind": str(IndicatorKind(sketch.kind).label)}
            yield _fault(row, "kind", _("类别要与上级指标一样，是%(kind)s") % facts)


def _of_leaf(sketch: Sketch, rules: Rules) -> Iterator[Fault]:
    if sketch.source not in Source.values or sketch.rule not in Rule.values:
        yield _fault(sketch, "rule", _("写明数据来源和评分方式"))
        return
    yield from _of_source(sketch)
    for said in criteria.faults(sketch.rule, sketch.criteria, sketch.weight):
        yield _fault(sketch, "criteria", said)
    if sketch.rule == Rule.RANGE and sketch.weight is not None and sketch.weight % rules.step:
        facts = {"weight": criteria.said(sketch.weight), "step": criteria.said(rules.step)}
        said = _("分值%(weight)s不是打分单位%(step)s的倍数，没有人能打满分")
        yield _fault(sketch, "weight", said % facts)


def _of_source(sketch: Sketch) -> Iterator[Fault]:
    """Facts are scored by bands or by share, and only they are scored by share."""
    if sketch.source != Source.AUTO:
        if sketch.fact:
            yield _fault(sketch, "fact", _("不是自动取数的指标，删去自动取数"))
        if sketch.rule == Rule.SHARE:
            yield _fault(sketch, "rule", _("按比例得分只用于自动取数，换一种评分方式"))
        return
    if not sketch.fact:
        yield _fault(sketch, "fact", _("写明自动取什么数"))
    elif sketch.rule not in {Rule.BANDS, Rule.SHARE}:
        yield _fault(sketch, "rule", _("自动取数的指标，按数值分段或者按比例得分"))
    elif sketch.rule == Rule.SHARE and sketch.fact not in RATES | COUNTS:
        yield _fault(sketch, "rule", _("这项数据是天数，要按数值分段"))


def _roots(roots: list[Sketch], rules: Rules) -> list[Fault]:
    """First-level indicators make the full mark; without the last weight, that is said of each."""
    normal = [row.weight for row in roots if row.kind == IndicatorKind.NORMAL]
    known = [weight for weight in normal if weight is not None]
    if len(known) < len(normal) or sum(known) == rules.full:
        return []
    facts = {"words": sum_words(normal, rules.full), "full": criteria.said(rules.full)}
    return [Fault("", "weight", _("一级指标%(words)s，应为%(full)s。") % facts)]
