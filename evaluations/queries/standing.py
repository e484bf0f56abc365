"""The results of a round as those read them who may read all: one line a body, with the difference to
the round before; the spread of totals; names and full marks of first-level indicators."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, F, OuterRef, Subquery, prefetch_related_objects
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from pilots.models import Unit

from .. import package, scoring
from ..choices import IndicatorKind
from ..models import BonusProposal, Edition, Indicator, Result, ResultQuerySet, Round
from .packing import pack
from .trees import rows_of

SORTS = {"place": "place", "unit": "scorecard__enrolment__position", "grade": "grade"}
ROOT = "root-"  # of the name by which a first-level indicator is sorted


def edition_for(round_: Round, user: Any, *, reads_all: bool) -> Edition | None:
    """The newest edition that the reader may know: one that is not published yet only who reads all."""
    rows = Edition.rows.filter(round=round_).defer("package").order_by("-number")
    if not reads_all:
        rows = rows.filter(published_on__isnull=False)
    return rows.first()


def roots_of(round_: Round) -> list[Indicator]:
    """First-level indicators that count towards the full mark, in order."""
    return [
        row
        for row in rows_of(round_.scheme_version)
        if row.level == 1 and row.kind == IndicatorKind.NORMAL
    ]


def results_of(edition: Edition, user: Any, order: str, roots: list[Indicator]) -> ResultQuerySet:
    """The lines of an edition that the reader sees, without their leaves. `order` is `place`, `unit`,
    `total`, `grade` or `root-<key>`, with `-` before it the other way round; anything else is the
    place."""
    rows = Result.objects.visible_to(user).filter(edition=edition).for_lists()
    rows = rows.defer("leaves", "edition__package")
    name, down = order.removeprefix("-"), order.startswith("-")
    keys = {f"{ROOT}{row.key}": row.key for row in roots}
    if name in keys:
        number = DecimalField(max_digits=9, decimal_places=2)
        rows = rows.annotate(asked=Cast(KeyTextTransform(keys[name], "roots"), number))
        name = "asked"
    elif name != "total":
        name = SORTS.get(name, "place")
    column = F(name).desc(nulls_last=True) if down else F(name).asc(nulls_last=True)
    return rows.order_by(column, "scorecard__enrolment__position", "pk")


def with_totals_before(rows: ResultQuerySet, round_: Round, user: Any) -> ResultQuerySet:
    """Adds `before`: the body's total in the round that was published before this one ended."""
    earlier = Edition.rows.filter(
        round__programme=round_.programme_id,
        round__ends_on__lt=round_.ends_on,
        published_on__isnull=False,
    )
    last = earlier.order_by("-round__ends_on", "-number").values("pk")[:1]
    same = {"edition": Subquery(last), "scorecard__enrolment": OuterRef("scorecard__enrolment")}
    seen = Result.objects.visible_to(user).filter(**same).order_by()
    return rows.annotate(before=Subquery(seen.values("total")[:1]))


def proposals_of(round_: Round, user: Any, known: Iterable[Unit]) -> list[BonusProposal]:
    """Standing proposals that rest on the round; units that are `known` with their names stand for
    their own."""
    rows = BonusProposal.objects.visible_to(user).filter(
        result__edition__round=round_, withdrawn_on=None
    )
    units = {unit.pk: unit for unit in known}
    found = list(rows.select_related("result__scorecard__enrolment__unit"))
    places = [row.result.scorecard.enrolment for row in found]
    for place in places:
        place.unit = units.get(place.unit_id, place.unit)
    unnamed = [place.unit for place in places if place.unit_id not in units]
    prefetch_related_objects(unnamed, "names")
    return found


def all_totals(edition: Edition, user: Any) -> list[Decimal]:
    """Every total, for the strip."""
    rows = Result.objects.visible_to(user).filter(edition=edition)
    return list(rows.order_by().values_list("total", flat=True))


@dataclass(frozen=True)
class Drafted:
    """One body in the result that is not final: `roots` are names and scores of the first level."""

    unit: Unit
    place: int
    total: Decimal
    roots: list[tuple[str, Decimal | None]]
    grade: str


def drafted(round_: Round) -> list[Drafted]:
    """What 定稿 would freeze now, by place. Nothing is written."""
    packed, cards, _reasons = pack(round_)
    names = [(row.key, row.name) for row in roots_of(round_)]
    found = []
    for code, row in packed["results"].items():
        got = {key: Decimal(points) for key, points in row["roots"].items()}
        roots = [(name, got.get(key)) for key, name in names]
        unit, total = cards[code].unit, Decimal(row["total"])
        found.append(Drafted(unit, row["place"], total, roots, row["grade"]))
    return sorted(found, key=lambda each: each.place)


# --- what if -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shift:
    """What other weights make of one body, with its name."""

    name: str
    unit: str
    before: Decimal
    after: Decimal
    place_before: int
    place_after: int

    @property
    def climb(self) -> int:
        """Places won; below 0 lost."""
        return self.place_before - self.place_after

    @property
    def fall(self) -> int:
        return -self.climb


def shifts(edition: Edition, weights: dict[str, Decimal]) -> list[Shift]:
    """The effect of other full marks of first-level indicators: each leaf keeps its share of the one
    above it. Nothing is written. Raises KeyError for an indicator that there is none of."""
    packed = edition.package
    leaves = package.leaves_of(packed["scheme"])
    sums: dict[str, Decimal] = {}
    for leaf in leaves:
        if leaf.kind == scoring.NORMAL:
            sums[leaf.root] = sums.get(leaf.root, scoring.ZERO) + leaf.weight
    moved = {
        leaf.key: leaf.weight * weights[leaf.root] / sums[leaf.root]
        for leaf in leaves
        if leaf.kind == scoring.NORMAL and leaf.root in weights
    }
    names = {subject["unit"]: subject["name"] for subject in packed["subjects"]}
    return [
        Shift(names[row.unit], row.unit, row.before, row.after, row.place_before, row.place_after)
        for row in package.reweighted(packed, moved)
    ]
