"""Filling a sheet: cell by cell, every save kept; handing in, finishing a review, settling."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import MoveNotAllowed, Refused

from .. import scoring
from ..choices import WRITTEN_IN, Hand, Rule, Saving, Source, State
from ..criteria import said
from ..models import Indicator, Score, Scorecard, ScoreRevision
from ..models.scores import OWN_HANDS
from ..queries.allowed import require_hand
from ..queries.sheets import reviewed_leaves, sheet_of
from ..queries.trees import leaf as plain_leaf
from .keeping import keep, remember
from .writing import lock_card


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
    require_open(row, hand)
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


def require_open(card: Scorecard, hand: str) -> None:
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


def settle(
    card: Scorecard, indicator: Indicator, points: Decimal, reason: str, *, by: Any
) -> Score:
    """A third entry where two reviewers differ too much, with its reason. Raises as save_score does."""
    entry = Entry(points=points, reason=reason)
    return save_score(card, indicator, Hand.SETTLED, entry, by=by).score
