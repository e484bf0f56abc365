"""A sheet line by line, as one reader sees it: leaf, rule, facts, what the unit said, what was scored."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from .. import criteria, scoring
from ..choices import COUNTS, DAYS, Fact, Hand, IndicatorKind, Source
from ..models import FactValue, Indicator, Result, Score, Scorecard, ScoreEvidence
from ..models.scores import OWN_HANDS
from .facts import list_path
from .sheets import Sheet, reason_for, reviewed_leaves
from .trees import rows_of


@dataclass
class Line:
    """One leaf. `own` are the two hands of the unit, `reviews` those of reviewers that the reader may
    read, `mine` the cell that the reader fills; `earlier` the points of the round before; `told` what
    it got, where the reader may know."""

    row: Indicator
    path: list[str]
    words: str
    root: str
    fact: FactValue | None = None
    own: list[Score] = field(default_factory=list)
    reviews: list[Score] = field(default_factory=list)
    mine: Score | None = None
    files: list[ScoreEvidence] = field(default_factory=list)
    earlier: Decimal | None = None
    told: scoring.Scored | None = None
    reason: str = ""
    fact_url: str = ""
    is_written: bool = False
    is_asked: bool = False

    @property
    def is_auto(self) -> bool:
        return self.row.source == Source.AUTO

    @property
    def fact_said(self) -> str:
        return said_of(self.fact) if self.is_auto else ""

    @property
    def gap(self) -> Decimal | None:
        """How far the two reviewers lie apart."""
        found = {score.hand: score.points for score in self.reviews}
        first, second = found.get(Hand.FIRST), found.get(Hand.SECOND)
        return None if first is None or second is None else abs(first - second)


def said_of(fact: FactValue | None) -> str:
    """「12/13，92.3%」, 「2次」, 「35天」, 「不适用」; '' before the portal's records were read."""
    if fact is None:
        return ""
    if fact.value is None:
        return _("不适用")
    return _in_words(fact, fact.value)


def _in_words(fact: FactValue, value: Decimal) -> str:
    part, whole = criteria.said(fact.part), criteria.said(fact.whole)
    if fact.fact in DAYS:
        return _("%(days)s天") % {"days": criteria.said(value)}
    if fact.fact in COUNTS:
        if not fact.whole:
            return _("%(part)s次") % {"part": part}
        return _("%(part)s次，应办%(whole)s次") % {"part": part, "whole": whole}
    if fact.fact == Fact.PLAN_FILED:
        return _("已备案") if value else _("未备案")
    share = (value * 100).quantize(Decimal("0.1"))
    return _("%(part)s/%(whole)s，%(share)s%%") % {"part": part, "whole": whole, "share": share}


def lines_of(card: Scorecard, user: Any, hand: str = "", sheet: Sheet | None = None) -> list[Line]:
    """The lines of a sheet for `user`, who writes in `hand` ('' for nowhere); `sheet` adds what each
    leaf got, for those who may know. Seven queries at most."""
    lines = _plain(card)
    _add_scores(card, user, hand, lines)
    _add_files(card, lines)
    facts = {row.fact: row for row in FactValue.objects.filter(scorecard=card)}
    earlier = earlier_points(card, user)
    asked = {row.pk for row in reviewed_leaves(card, hand)} if hand else set()
    for line in lines.values():
        row = line.row
        line.earlier = earlier.get(row.key)
        line.is_asked = row.pk in asked
        line.is_written = bool(hand) and not line.is_auto and (line.is_asked or hand in OWN_HANDS)
        if line.is_auto:
            line.fact, line.fact_url = facts.get(row.fact), list_path(card, row.fact)
        if sheet is not None:
            line.told = sheet.scores[row.key]
            line.reason = reason_for(sheet.cells[row.key], line.told)
    return list(lines.values())


def _plain(card: Scorecard) -> dict[int, Line]:
    found: dict[int, Line] = {}
    above: dict[int, list[str]] = {}
    roots: dict[int, str] = {}
    for row in rows_of(card.round.scheme_version):
        before = above.get(row.parent_id or 0, [])
        above[row.pk] = [*before, row.name]
        roots[row.pk] = roots.get(row.parent_id or 0, row.key)
        if row.is_leaf:
            words = criteria.write(row.rule, row.criteria)
            found[row.pk] = Line(row, before, words, roots[row.pk])
    return found


def _add_scores(card: Scorecard, user: Any, hand: str, lines: dict[int, Line]) -> None:
    seen = Score.objects.visible_to(user).filter(scorecard=card).order_by("hand")
    for score in seen:
        line = lines[score.indicator_id]
        if score.hand == hand:
            line.mine = score
        elif score.points is None and not score.reason:
            continue
        elif score.hand in OWN_HANDS:
            line.own.append(score)
        else:
            line.reviews.append(score)


def _add_files(card: Scorecard, lines: dict[int, Line]) -> None:
    rows = ScoreEvidence.objects.filter(scorecard=card, removed_at=None)
    for link in rows.select_related("evidence__stored"):
        lines[link.indicator_id].files.append(link)


def earlier_result(card: Scorecard, user: Any) -> Result | None:
    """The body's newest published result of a round that ended before this one did, if the reader may
    know it."""
    rows = Result.objects.visible_to(user).filter(
        scorecard__enrolment=card.enrolment_id,
        edition__published_on__isnull=False,
        edition__round__ends_on__lt=card.round.ends_on,
    )
    order = ("-edition__round__ends_on", "-edition__number")
    return rows.defer("edition__package").order_by(*order).first()


def earlier_points(card: Scorecard, user: Any) -> dict[str, Decimal]:
    """Points of the round before by the key of the leaf: keys stay from version to version."""
    found = earlier_result(card, user)
    if found is None:
        return {}
    return {
        key: Decimal(leaf["points"])
        for key, leaf in found.leaves.items()
        if leaf["points"] is not None
    }


@dataclass(frozen=True)
class Progress:
    """How far a hand is: leaves asked of it, scored ones, the keys of those that are not, and what the
    points come to (bonus added, deductions taken off)."""

    asked: int
    done: int
    missing: list[str]
    total: Decimal


def progress_of(lines: list[Line]) -> Progress:
    asked = [line for line in lines if line.is_asked]
    missing = [line.row.key for line in asked if line.mine is None or line.mine.points is None]
    total = scoring.ZERO
    for line in asked:
        if line.mine is not None and line.mine.points is not None:
            minus = line.row.kind == IndicatorKind.DEDUCTION
            total += -line.mine.points if minus else line.mine.points
    return Progress(len(asked), len(asked) - len(missing), missing, total)
