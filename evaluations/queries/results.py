"""What the people of a round read of its result: their own in detail, the others only as a median and
quartiles, and that only where there are enough of them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .. import scoring
from ..choices import IndicatorKind, Source
from ..models import Edition, FactValue, Result, Round, Scorecard
from .facts import value_for
from .sheets import Sheet, reason_for, sheet_of
from .trees import leaf, leaves_of, root_keys, rows_of, terms

# With fewer bodies, a median and a quartile would tell what a single one of them got.
FEWEST = 5
QUARTERS = (Decimal("0.25"), Decimal("0.5"), Decimal("0.75"))


@dataclass(frozen=True)
class Spread:
    """First quartile, median, third quartile."""

    low: Decimal
    median: Decimal
    high: Decimal


@dataclass(frozen=True)
class Spreads:
    """Of the totals, and of each first-level indicator by its key; empty with too few bodies."""

    total: Spread | None
    roots: dict[str, Spread]


@dataclass(frozen=True)
class LeafLine:
    """One leaf in the detail of a body: `lost` against the full mark, why, and what the rule asks."""

    key: str
    root: str
    name: str
    kind: str
    weight: Decimal
    points: Decimal | None
    reason: str
    text: str
    source: str

    @property
    def lost(self) -> Decimal:
        if self.points is None or self.kind != IndicatorKind.NORMAL:
            return scoring.ZERO
        return self.weight - self.points


@dataclass(frozen=True)
class Detail:
    """What one body got: its total, first-level scores by key, and leaves in the order of the sheet."""

    total: Decimal
    bonus: Decimal
    deduction: Decimal
    roots: dict[str, Decimal]
    leaves: list[LeafLine]


def published_edition(round_: Round) -> Edition | None:
    """The newest edition that was published. The package stays out: it is large, and not for all."""
    rows = Edition.rows.filter(round=round_, published_on__isnull=False).defer("package")
    return rows.order_by("-number").first()


def newest_edition(round_: Round) -> Edition | None:
    return Edition.rows.filter(round=round_).defer("package").order_by("-number").first()


def published_result(card: Scorecard, user: Any) -> Result | None:
    """What the sheet got in the newest edition that was published, if the reader may know; with its
    edition, round and sheet."""
    rows = Result.objects.visible_to(user).filter(
        scorecard=card, edition__published_on__isnull=False
    )
    found = rows.select_related("edition").defer("edition__package").order_by("-edition__number")
    if row := found.first():
        row.scorecard, row.edition.round = card, card.round
        return row
    return None


def spreads_of(edition: Edition) -> Spreads:
    """Median and quartiles over all bodies of an edition."""
    rows = list(Result.rows.filter(edition=edition).order_by().values_list("total", "roots"))
    if len(rows) < FEWEST:
        return Spreads(None, {})
    by_root: dict[str, list[Decimal]] = {}
    for _total, roots in rows:
        for key, value in roots.items():
            by_root.setdefault(key, []).append(Decimal(value))
    totals = _spread([total for total, _roots in rows])
    return Spreads(totals, {key: _spread(values) for key, values in by_root.items()})


def _spread(values: list[Decimal]) -> Spread:
    low, median, high = (scoring.quantile(values, share) for share in QUARTERS)
    return Spread(low, median, high)  # type: ignore[arg-type] # never of nothing


def detail_of(result: Result) -> Detail:
    """A frozen result in detail."""
    round_ = result.edition.round
    roots = root_keys(round_.scheme_version)
    lines = []
    for row in leaves_of(round_.scheme_version):
        found = result.leaves[row.key]
        points = None if found["points"] is None else Decimal(found["points"])
        lines.append(_line(row, roots[row.key], points, found["reason"]))
    return Detail(
        result.total,
        result.bonus,
        result.deduction,
        {key: Decimal(value) for key, value in result.roots.items()},
        lines,
    )


def provisional_of(card: Scorecard) -> Detail:
    """What a body has been told, as it stands now: while objections are taken."""
    sheet = sheet_of(card)
    version = card.round.scheme_version
    roots = root_keys(version)
    rows = leaves_of(version)
    points = {key: score.points for key, score in sheet.scores.items()}
    total = scoring.total_of([leaf(row, roots[row.key]) for row in rows], points, terms(version))
    lines = [_line(row, roots[row.key], points[row.key], _reason(sheet, row.key)) for row in rows]
    return Detail(total.total, total.bonus, total.deduction, dict(total.roots), lines)


def _reason(sheet: Sheet, key: str) -> str:
    return reason_for(sheet.cells[key], sheet.scores[key])


def _line(row: Any, root: str, points: Decimal | None, reason: str) -> LeafLine:
    weight = row.weight or scoring.ZERO
    return LeafLine(row.key, root, row.name, row.kind, weight, points, reason, row.text, row.source)


def root_names(round_: Round) -> dict[str, str]:
    """First-level indicators of the round's scheme, key to name, in order."""
    return {row.key: row.name for row in rows_of(round_.scheme_version) if row.level == 1}


# --- still to earn -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Earnable:
    """One more thing done, and the points that it brings: 「完成第二次培训：+4分」 is fact trainings,
    nth 2, points 4."""

    indicator: str
    fact: str
    nth: int
    points: Decimal


def still_to_earn(card: Scorecard, known: dict[str, FactValue] | None = None) -> list[Earnable]:
    """What each automatic leaf would bring for the next thing done, most first: for counts the next
    one, for the plan its filing. Asked of the facts that were read, or of those `known`; nothing is
    written."""
    if known is None:
        known = {row.fact: row for row in FactValue.objects.filter(scorecard=card)}
    found = []
    for row in leaves_of(card.round.scheme_version):
        fact = known.get(row.fact)
        if row.source != Source.AUTO or fact is None or fact.part >= fact.whole:
            continue
        more = FactValue(fact=row.fact, part=fact.part + 1, whole=fact.whole)
        more.value = more.part if row.fact in NEXT_COUNTS else more.part / more.whole
        if row.fact not in NEXT_COUNTS | NEXT_FILED:
            continue
        now, then = _worth(row, fact), _worth(row, more)
        if then > now:
            found.append(Earnable(row.name, row.fact, int(more.part), then - now))
    return sorted(found, key=lambda row: -row.points)


NEXT_COUNTS = frozenset({"trainings", "meetings"})
NEXT_FILED = frozenset({"plan_filed"})


def _worth(row: Any, fact: FactValue) -> Decimal:
    value = value_for(fact, row.fact, row.rule)
    return scoring.ZERO if value is None else scoring.points_of(leaf(row), value)
