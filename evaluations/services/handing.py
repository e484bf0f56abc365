"""Handing in the unit's own parts, and being through with a review."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, clock
from core.errors import MoveNotAllowed, PermissionRefused

from .. import scoring
from ..choices import WRITTEN_IN, Hand, IndicatorKind, State
from ..criteria import said
from ..models import Indicator, ReviewSeat, Score, Scorecard, ScoreEvidence
from ..models.scores import OWN_HANDS
from ..queries.allowed import is_cdo, require_hand, seat_of
from ..queries.sheets import reviewed_leaves
from .scores import require_open
from .writing import CARD_FACTS, lock_card, save_card


def needs_reason(leaf: Indicator, points: Decimal) -> bool:
    """Whoever takes points away says why; so does who gives a bonus."""
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
    require_open(row, hand)
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
    require_open(row, seat.hand)
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
