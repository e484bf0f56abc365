"""The tree of a version: rows, sketches, sums, leaves for the arithmetic."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from .. import scoring
from ..choices import IndicatorKind
from ..models import Indicator, SchemeVersion
from .checking import Fault, Rules, Sketch, faults_in, sum_words


@dataclass
class Node:
    """An indicator with those below it; `sum_words` speaks of their weights, '' for a leaf."""

    row: Indicator
    children: list["Node"] = field(default_factory=list)
    sum_words: str = ""


def rows_of(version: SchemeVersion) -> list[Indicator]:
    """The standing indicators in the order of the tree, each with its parent, in one query; a tree that
    stands still (`is_frozen`) is read once for all who ask the same version."""
    if "_tree" in version.__dict__:
        return list(version.__dict__["_tree"])
    rows = list(version.indicators.standing().select_related("parent"))
    below: dict[int | None, list[Indicator]] = {}
    for row in rows:
        row.scheme_version = version
        below.setdefault(row.parent_id, []).append(row)
    found = list(_in_order(below, None))
    if version.is_frozen:
        version.__dict__["_tree"] = found
    return list(found)


def _in_order(below: dict[int | None, list[Indicator]], parent: int | None) -> Iterator[Indicator]:
    for row in sorted(below.get(parent, []), key=lambda row: (row.position, row.pk)):
        yield row
        yield from _in_order(below, row.pk)


def tree_of(version: SchemeVersion) -> list[Node]:
    """First-level nodes, each with its own tree."""
    nodes = {row.pk: Node(row) for row in rows_of(version)}
    roots: list[Node] = []
    for node in nodes.values():
        above = nodes.get(node.row.parent_id or 0)
        (above.children if above else roots).append(node)
    for node in nodes.values():
        if node.children and node.row.weight is not None:
            weights = [child.row.weight for child in node.children]
            node.sum_words = sum_words(weights, node.row.weight)
    return roots


def sketch_of(row: Indicator) -> Sketch:
    return Sketch(
        key=row.key,
        name=row.name,
        parent=row.parent.key if row.parent else "",
        weight=row.weight,
        kind=row.kind,
        source=row.source,
        rule=row.rule,
        criteria=row.criteria,
        fact=row.fact,
        text=row.text,
        needs_evidence=row.needs_evidence,
        evidence_note=row.evidence_note,
        basis=row.basis,
    )


def faults_of(version: SchemeVersion) -> list[Fault]:
    """What keeps a round from using the version; nothing when it is ready."""
    sketches = [sketch_of(row) for row in rows_of(version)]
    return faults_in(sketches, Rules(version.full, version.step))


def total_words(version: SchemeVersion) -> str:
    """「合计97，差3」 of the first level."""
    roots = [row for row in rows_of(version) if row.level == 1]
    normal = [row.weight for row in roots if row.kind == IndicatorKind.NORMAL]
    return sum_words(normal, version.full)


def leaves_of(version: SchemeVersion) -> list[Indicator]:
    """Those that are scored, in the order of the sheet."""
    return [row for row in rows_of(version) if row.is_leaf]


def root_keys(version: SchemeVersion) -> dict[str, str]:
    """The key of the first-level indicator above each one, by its own key."""
    found: dict[str, str] = {}
    for row in rows_of(version):
        found[row.key] = found[row.parent.key] if row.parent else row.key
    return found


def leaf(row: Indicator, root: str = "") -> scoring.Leaf:
    """A leaf as the arithmetic takes it."""
    return scoring.Leaf(
        key=row.key,
        root=root or row.key,
        weight=row.weight or scoring.ZERO,
        kind=row.kind,
        source=row.source,
        rule=row.rule,
        criteria=row.criteria,
    )


def terms(version: SchemeVersion) -> scoring.Terms:
    return scoring.Terms(
        full=version.full,
        bonus_limit=version.bonus_limit,
        deduction_limit=version.deduction_limit,
        tolerance=version.tolerance,
    )
