"""What stands on the sheets of a round: what is known of each cell, its score, what is missing, what
two reviewers see differently."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from .. import scoring
from ..choices import Hand, Rule, Source
from ..models import Correction, FactValue, Indicator, Round, Score, Scorecard, ScoreEvidence
from ..models.scores import OWN_HANDS
from .facts import value_for
from .trees import leaf, leaves_of, root_keys, terms

AT_ONCE = 500  # sheets in memory


@dataclass
class Cell:
    """Everything entered for one leaf of one sheet. `reasons` are by hand, as `given.points` are;
    `evidence` are the hashes of the files beside it."""

    given: scoring.Given
    fact: FactValue | None = None
    reasons: dict[str, str] = field(default_factory=dict)
    evidence: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Sheet:
    """One sheet: its cells and their scores by the key of the leaf."""

    card: Scorecard
    cells: dict[str, Cell]
    scores: dict[str, scoring.Scored]

    @property
    def missing(self) -> list[str]:
        return [key for key, score in self.scores.items() if score.is_missing]

    @property
    def disputed(self) -> list[str]:
        return [key for key, score in self.scores.items() if score.is_disputed]


def cards_of(round_: Round) -> QuerySet[Scorecard]:
    """The sheets of a round that stand, in the order of the plan."""
    rows = Scorecard.rows.standing().filter(round=round_)
    return rows.select_related("enrolment__unit", "enrolment__programme").order_by(
        "enrolment__position", "pk"
    )


def sheet_of(card: Scorecard) -> Sheet:
    """One sheet as it stands, for those who may read all of it."""
    return next(sheets_of([card], card.round))


def sheets_of_round(round_: Round) -> Iterator[Sheet]:
    """All sheets of a round, a few hundred in memory at a time."""
    ids = list(cards_of(round_).values_list("pk", flat=True))
    for start in range(0, len(ids), AT_ONCE):
        cards = cards_of(round_).filter(pk__in=ids[start : start + AT_ONCE])
        yield from sheets_of(cards, round_)


def sheets_of(cards: Iterable[Scorecard], round_: Round) -> Iterator[Sheet]:
    """The sheets of some cards of one round: four queries for all of them."""
    rows, version = list(cards), round_.scheme_version
    leaves, roots = leaves_of(version), root_keys(version)
    plain = [leaf(row, roots[row.key]) for row in leaves]
    rules = terms(version)
    found = _entries(rows)
    for card in rows:
        card.round = round_
        mine = found.get(card.pk, _Entries())
        cells = {row.key: _cell(row, mine) for row in leaves}
        scores = {each.key: scoring.scored(each, cells[each.key].given, rules) for each in plain}
        yield Sheet(card, cells, scores)


@dataclass
class _Entries:
    """What was found for one card: by indicator."""

    scores: dict[int, list[Score]] = field(default_factory=dict)
    corrections: dict[int, Correction] = field(default_factory=dict)
    facts: dict[str, FactValue] = field(default_factory=dict)
    evidence: dict[int, list[str]] = field(default_factory=dict)


def _entries(cards: list[Scorecard]) -> dict[int, _Entries]:
    found = {card.pk: _Entries() for card in cards}
    for score in Score.rows.filter(scorecard__in=cards, points__isnull=False):
        found[score.scorecard_id].scores.setdefault(score.indicator_id, []).append(score)
    # The newest stands: later rows take the place of earlier ones.
    for correction in Correction.rows.filter(scorecard__in=cards).order_by("pk"):
        found[correction.scorecard_id].corrections[correction.indicator_id] = correction
    for fact in FactValue.objects.filter(scorecard__in=cards):
        found[fact.scorecard_id].facts[fact.fact] = fact
    files = ScoreEvidence.objects.filter(scorecard__in=cards, removed_at=None)
    names = ("scorecard_id", "indicator_id", "evidence__stored__sha256")
    for card, indicator, sha256 in files.values_list(*names):
        found[card].evidence.setdefault(indicator, []).append(sha256)
    return found


def _cell(row: Indicator, entries: _Entries) -> Cell:
    points: dict[str, Decimal] = {}
    reasons: dict[str, str] = {}
    for score in entries.scores.get(row.pk, []):
        points[score.hand] = score.points  # type: ignore[assignment] # asked for non-empty ones
        if score.reason:
            reasons[score.hand] = score.reason
    if correction := entries.corrections.get(row.pk):
        points[scoring.CORRECTED] = correction.points
        reasons[scoring.CORRECTED] = correction.reason
    fact = entries.facts.get(row.fact) if row.fact else None
    value = value_for(fact, row.fact, row.rule)
    evidence = sorted(entries.evidence.get(row.pk, []))
    return Cell(scoring.Given(points, value), fact, reasons, evidence)


def reason_for(cell: Cell, score: scoring.Scored) -> str:
    """Why a leaf got what it got: the reason of the hand that counts, of both reviewers for a mean."""
    hands = [Hand.FIRST, Hand.SECOND] if score.by == scoring.MEAN else [score.by]
    said = [cell.reasons[hand] for hand in hands if hand in cell.reasons]
    return "；".join(dict.fromkeys(said))


def reviewed_leaves(card: Scorecard, hand: str) -> list[Indicator]:
    """The leaves that a hand has to score: its own source's; a reviewer those of the bureau, and those
    that the unit left open."""
    leaves = leaves_of(card.round.scheme_version)
    if hand not in {Hand.FIRST, Hand.SECOND}:
        return [row for row in leaves if row.source == hand]
    own = Score.rows.filter(scorecard=card, points__isnull=False, hand__in=OWN_HANDS)
    filled = set(own.values_list("indicator_id", "hand"))
    return [
        row
        for row in leaves
        if row.source == Source.BUREAU
        or (row.source in OWN_HANDS and (row.pk, row.source) not in filled)
    ]


def answers_of(row: Indicator) -> list[dict[str, Any]]:
    """What the sheet offers for a leaf: states with their points; nothing for a number."""
    return list(row.criteria.get("states", [])) if row.rule == Rule.STATES else []
