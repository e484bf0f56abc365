"""Filling a sheet: cell by cell, every save kept; handing in, finishing a review, settling."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, clock
from core.errors import MoveNotAllowed, PermissionRefused, Refused
from reports.models import Evidence

from .. import scoring
from ..choices import WRITTEN_IN, Hand, IndicatorKind, Rule, Saving, Source, State
from ..criteria import said
from ..models import Indicator, ReviewSeat, Score, Scorecard, ScoreEvidence, ScoreRevision
from ..models.scores import OWN_HANDS
from ..queries.allowed import is_cdo, require_hand, seat_of
from ..queries.sheets import reviewed_leaves, sheet_of
from ..queries.trees import leaf as plain_leaf
from .keeping import keep, remember
from .writing import CARD_FACTS, lock_card, save_card


@dataclass(frozen=True)
class Entry:
    """What was put into a cell: points, or by the leaf's rule an answer (the place of a state from 0,
    the places of the elements that are there, a number), and the reason."""

    points: Decimal | None = None
    answer: Any = None
    reason: str = ""


@dataclass(frozen=True)
class Saved:
    """The cell as it counts now; `kept` is set when a newer save stood there, and the text sent was
    kept beside it."""

    score: Score
    kept: ScoreRevision | None = None


@transaction.atomic
def save_score(
    card: Scorecard,
    indicator: Indicator,
    hand: str,
    entry: Entry,
    *,
    by: Any,
    version: int | None = None,
) -> Saved:
    """Save one cell of one hand, at once and for good. `version` is that of the cell as the page read
    it, 0 for one that was empty; None asks nothing. Neither points nor answer empty the cell.

    Raises MoveNotAllowed outside the step of the hand, PermissionRefused, Refused for a cell that is
    not scored by hand, ValidationError for points beyond the leaf.
    """
    row = lock_card(card)
    _require_open(row, hand)
    require_hand(row, hand, by)
    leaf = require_leaf(row, indicator)
    _require_place(row, leaf, hand)
    wanted = Score(scorecard=row, indicator=leaf, hand=hand, reason=entry.reason.strip())
    wanted.points, wanted.answer = _points(leaf, hand, entry), entry.answer
    if hand == Hand.SETTLED:
        _require_dispute(row, leaf, wanted)
    score = Score.rows.filter(scorecard=row, indicator=leaf, hand=hand).first()
    if score is None:
        keep(wanted, by=by)
        return Saved(wanted)
    if _content(score) == _content(wanted):
        return Saved(score)
    if version is not None and version != score.version:
        return Saved(score, remember(score, wanted, Saving.CONFLICT, by=by))
    score.points, score.answer, score.reason = _content(wanted)
    keep(score, by=by)
    return Saved(score)


def _content(score: Score) -> tuple[Decimal | None, Any, str]:
    return score.points, score.answer, score.reason


def _require_open(card: Scorecard, hand: str) -> None:
    """The round is at the step of the hand, and the hand has not handed in."""
    state, step = card.round.state, WRITTEN_IN[Hand(hand)]
    if state != step:
        facts = {"state": State(state).label, "step": State(step).label}
        raise MoveNotAllowed(
            _("这次评价现在是“%(state)s”，只有在“%(step)s”时才能填写这里。") % facts
        )
    done = {Hand.SELF: card.self_done_on, Hand.UNIT: card.unit_done_on}.get(Hand(hand))
    if done is not None:
        raise MoveNotAllowed(_("已在%(day)s提交，撤回后才能修改。") % {"day": done})
    if card.seats.filter(hand=hand, ended_at=None, done_at__isnull=False).exists():
        raise MoveNotAllowed(_("这张评分表已评完提交，不能再改。"))


def require_leaf(card: Scorecard, indicator: Indicator) -> Indicator:
    """The leaf, of the round's own scheme. Raises Refused for a heading or an automatic one."""
    own = card.round.scheme_version_id == indicator.scheme_version_id
    if not own or indicator.withdrawn_on is not None or not indicator.is_leaf:
        raise Refused(_("“%(name)s”不是这次评价要打分的指标。") % {"name": indicator.name})
    if indicator.source == Source.AUTO:
        text = _("“%(name)s”由系统取数，不用打分；数据有误的，更正原记录后重新取数。")
        raise Refused(text % {"name": indicator.name})
    return indicator


def _require_place(card: Scorecard, leaf: Indicator, hand: str) -> None:
    """Reviewers score what is the bureau's, and what the unit left open; the third party its own. The
    unit may say something of every leaf. Raises Refused."""
    if hand in OWN_HANDS or leaf in reviewed_leaves(card, hand):
        return
    if hand != Hand.SETTLED:
        facts = {"name": leaf.name, "source": leaf.get_source_display()}
        raise Refused(_("“%(name)s”以%(source)s为准，这里不打分。") % facts)


def _points(leaf: Indicator, hand: str, entry: Entry) -> Decimal | None:
    """Points that an entry makes; a third entry is points whatever the rule. Raises ValidationError on
    `points`."""
    by_points = leaf.rule == Rule.RANGE or hand == Hand.SETTLED
    if by_points or entry.answer is None:
        if entry.points is None:
            return None
        require_points(leaf, entry.points)
        if not by_points:
            text = _("“%(name)s”按“%(rule)s”评分，选定一项，不直接填分数")
            facts = {"name": leaf.name, "rule": leaf.get_rule_display()}
            raise ValidationError({"points": text % facts})
        return entry.points
    try:
        return scoring.points_of(plain_leaf(leaf), entry.answer)
    except (ValueError, TypeError, ArithmeticError) as error:
        text = _("“%(name)s”没有这个选项，刷新页面后再选") % {"name": leaf.name}
        raise ValidationError({"points": text}) from error


def require_points(leaf: Indicator, points: Decimal) -> None:
    """Within the leaf and in its step: 「“发展规划”要在0到8之间，现在是9」. Raises ValidationError on
    `points`."""
    weight, step = leaf.weight or scoring.ZERO, leaf.scheme_version.step
    facts = {"name": leaf.name, "weight": said(weight), "step": said(step)}
    if not points.is_finite() or not 0 <= points <= weight:
        text = _("“%(name)s”要在0到%(weight)s之间，现在是%(points)s")
        raise ValidationError({"points": text % {**facts, "points": f"{points:f}"}})
    if points % step:
        text = _("“%(name)s”以%(step)s分为单位，现在是%(points)s")
        raise ValidationError({"points": text % {**facts, "points": said(points)}})


def _require_dispute(card: Scorecard, leaf: Indicator, wanted: Score) -> None:
    """A third entry needs two that differ, and a reason."""
    waiting = card.seats.filter(ended_at=None, done_at=None, hand__in=[Hand.FIRST, Hand.SECOND])
    if waiting.exists():
        raise MoveNotAllowed(_("两名评分人都评完以后才能裁定。"))
    sheet = sheet_of(card)
    is_settled = Hand.SETTLED in sheet.cells[leaf.key].given.points
    if leaf.key not in sheet.disputed and not is_settled:
        raise Refused(_("“%(name)s”两名评分人没有过大的差异，不用裁定。") % {"name": leaf.name})
    if wanted.points is None or not wanted.reason:
        raise ValidationError({"reason": _("写明裁定的分数和理由")})


# --- evidence ------------------------------------------------------------------------------------


@transaction.atomic
def attach_evidence(
    card: Scorecard, indicator: Indicator, evidence: Evidence, *, by: Any
) -> ScoreEvidence:
    """Put a file of the unit's own library beside a cell. Raises MoveNotAllowed, PermissionRefused,
    Refused for a file of another unit."""
    row = lock_card(card)
    _require_own_step(row, by)
    leaf = require_leaf(row, indicator)
    if (evidence.unit_id, evidence.programme_id) != (row.unit.pk, row.programme.pk):
        raise Refused(_("这个文件不在本单位的材料库里。"))
    known = ScoreEvidence.objects.filter(scorecard=row, indicator=leaf, evidence=evidence)
    link = known.filter(removed_at=None).first()
    if link is None:
        link = ScoreEvidence.objects.create(
            scorecard=row, indicator=leaf, evidence=evidence, added_at=clock.now()
        )
        _note("attach", row, leaf, evidence.name, by=by)
    return link


@transaction.atomic
def detach_evidence(link: ScoreEvidence, *, by: Any) -> ScoreEvidence:
    """Take a file away from a cell; it stays in the library. Raises MoveNotAllowed,
    PermissionRefused."""
    row = lock_card(link.scorecard)
    _require_own_step(row, by)
    link = ScoreEvidence.objects.select_for_update().get(pk=link.pk)
    if link.removed_at is None:
        link.removed_at = clock.now()
        link.save(update_fields=["removed_at"])
        _note("detach", row, link.indicator, link.evidence.name, by=by)
    return link


def _require_own_step(card: Scorecard, by: Any) -> None:
    hand = Hand.SELF if card.round.state == State.SELF_SCORING else Hand.UNIT
    _require_open(card, hand)
    require_hand(card, hand, by)


def _note(verb: str, card: Scorecard, leaf: Indicator, name: str, *, by: Any) -> None:
    audit.record(
        f"scorecard.{verb}",
        by=by,
        subject=card,
        unit=card.unit,
        programme=card.programme,
        after={"indicator": leaf.name, "file_name": name},
    )


# --- handing in ----------------------------------------------------------------------------------


def needs_reason(leaf: Indicator, points: Decimal | None) -> bool:
    """Whoever takes points away says why; so does who gives a bonus."""
    if points is None:
        return False
    if leaf.kind == IndicatorKind.NORMAL:
        return points < (leaf.weight or scoring.ZERO)
    return points > 0


def unfinished(card: Scorecard, hand: str) -> list[tuple[Indicator, str]]:
    """What keeps a hand from handing in: the leaf, and a sentence that says how to mend it."""
    scores = {row.indicator_id: row for row in Score.rows.filter(scorecard=card, hand=hand)}
    files = ScoreEvidence.objects.filter(scorecard=card, removed_at=None)
    proven = set(files.values_list("indicator_id", flat=True))
    found = []
    for leaf in reviewed_leaves(card, hand):
        score = scores.get(leaf.pk)
        facts = {"name": leaf.name, "note": leaf.evidence_note}
        if score is None or score.points is None:
            found.append((leaf, _("“%(name)s”还没有评分") % facts))
        elif hand != Hand.SELF and needs_reason(leaf, score.points) and not score.reason:
            facts["lost"] = said((leaf.weight or scoring.ZERO) - score.points)
            found.append((leaf, _reason_asked(leaf) % facts))
        elif hand in OWN_HANDS and leaf.needs_evidence and score.points and leaf.pk not in proven:
            found.append((leaf, _("“%(name)s”要附佐证材料：%(note)s") % facts))
    return found


def _reason_asked(leaf: Indicator) -> str:
    if leaf.kind == IndicatorKind.NORMAL:
        return _("“%(name)s”扣了%(lost)s分，写明扣分理由")
    return _("“%(name)s”写明加分或减分的理由")


def _require_finished(card: Scorecard, hand: str) -> None:
    if faults := unfinished(card, hand):
        raise ValidationError({leaf.key: said_ for leaf, said_ in faults})


@transaction.atomic
def hand_in(card: Scorecard, hand: str, *, by: Any, version: int | None = None) -> Scorecard:
    """The unit's own part is complete: the CDO hands in the self-evaluation, the unit's clerk the
    unit's. Raises MoveNotAllowed, PermissionRefused, StaleVersion, ValidationError by the key of the
    leaf."""
    row = lock_card(card, version)
    _require_open(row, hand)
    require_hand(row, hand, by)
    if hand == Hand.SELF and not is_cdo(row, by):
        raise PermissionRefused(_("自评由首席数据官本人提交。"))
    _require_finished(row, hand)
    before = audit.facts(row, CARD_FACTS)
    if hand == Hand.SELF:
        row.self_done_on, row.self_done_by = clock.today(), by
    else:
        row.unit_done_on, row.unit_done_by = clock.today(), by
    return save_card(row, "hand_in", by=by, before=before)


@transaction.atomic
def take_back(card: Scorecard, hand: str, *, by: Any, version: int | None = None) -> Scorecard:
    """Open the unit's own part again, as long as its step lasts. Raises MoveNotAllowed,
    PermissionRefused, StaleVersion."""
    row = lock_card(card, version)
    if hand not in OWN_HANDS or row.round.state != WRITTEN_IN[Hand(hand)]:
        raise MoveNotAllowed(_("这一步已经结束，不能撤回。"))
    require_hand(row, hand, by)
    before = audit.facts(row, CARD_FACTS)
    if hand == Hand.SELF:
        row.self_done_on, row.self_done_by = None, None
    else:
        row.unit_done_on, row.unit_done_by = None, None
    return save_card(row, "take_back", by=by, before=before)


@transaction.atomic
def finish_review(card: Scorecard, *, by: Any) -> ReviewSeat:
    """The reviewer is through with the sheet. Raises MoveNotAllowed, PermissionRefused,
    ValidationError by the key of the leaf."""
    row, seat = _seat(card, by)
    _require_open(row, seat.hand)
    _require_finished(row, seat.hand)
    seat.done_on, seat.done_at = clock.today(), clock.now()
    return _save_seat(row, seat, "finish_review", by=by)


@transaction.atomic
def resume_review(card: Scorecard, *, by: Any) -> ReviewSeat:
    """Go on scoring, as long as the other reviewer is not through: after that each reads the other.
    Raises MoveNotAllowed, PermissionRefused."""
    row, seat = _seat(card, by)
    others = row.seats.filter(ended_at=None, done_at__isnull=False).exclude(pk=seat.pk)
    both = seat.hand != Hand.THIRD_PARTY and others.exclude(hand=Hand.THIRD_PARTY).exists()
    if row.round.state != State.REVIEW or both:
        raise MoveNotAllowed(_("两名评分人都已评完，不能再改。"))
    seat.done_on, seat.done_at = None, None
    return _save_seat(row, seat, "resume_review", by=by)


def _seat(card: Scorecard, by: Any) -> tuple[Scorecard, ReviewSeat]:
    row = lock_card(card)
    seat = seat_of(row, by)
    if seat is None:
        raise PermissionRefused(_("这张评分表没有指定由当前账号评分。"))
    require_hand(row, seat.hand, by)
    return row, seat


def _save_seat(card: Scorecard, seat: ReviewSeat, verb: str, *, by: Any) -> ReviewSeat:
    seat.full_clean(validate_unique=False)
    seat.save(update_fields=["done_on", "done_at"])
    audit.record(
        f"scorecard.{verb}",
        by=by,
        subject=card,
        unit=card.unit,
        programme=card.programme,
        after={"hand": seat.hand, "done_on": seat.done_on},
    )
    return seat


def settle(
    card: Scorecard, indicator: Indicator, points: Decimal, reason: str, *, by: Any
) -> Score:
    """A third entry where two reviewers differ too much, with its reason. Raises as save_score does."""
    entry = Entry(points=points, reason=reason)
    return save_score(card, indicator, Hand.SETTLED, entry, by=by).score
