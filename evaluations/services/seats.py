"""Who reviews which sheet."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from core import audit, clock
from core.errors import MoveNotAllowed, Refused
from pilots import access

from ..choices import Hand, State
from ..models import ReviewSeat, Round, Score, Scorecard
from ..queries.allowed import is_barred
from ..queries.sheets import cards_of
from .keeping import keep
from .writing import lock_card


@transaction.atomic
def give_seat(card: Scorecard, hand: str, user: Any, *, by: Any) -> ReviewSeat:
    """Let `user` review a sheet as the first or second reviewer or as the third party. Somebody who sat
    there before is replaced, and the new one starts with empty cells.

    Raises Refused for who may not: without the right to review here, of the unit itself, or who
    filed for it; MoveNotAllowed once scores are told.
    """
    row = lock_card(card)
    if row.round.is_told or row.round.state == State.WITHDRAWN:
        raise MoveNotAllowed(_("得分已经告知，不能再改评分人。"))
    _require_reviewer(row, hand, user)
    seats = row.seats.select_for_update(of=("self",)).filter(ended_at=None)
    old = seats.filter(hand=hand).first()
    if old is not None and old.user_id == user.pk:
        return old
    if old is not None:
        old.ended_at = clock.now()
        old.save(update_fields=["ended_at"])
        _clear(row, hand, by=by)
    seat = ReviewSeat(scorecard=row, hand=hand, user=user, given_on=clock.today())
    seat.full_clean()
    seat.save()
    audit.record(
        "scorecard.give_seat",
        by=by,
        subject=row,
        unit=row.unit,
        programme=row.programme,
        before=None if old is None else {"hand": hand, "user": str(old.user)},
        after={"hand": hand, "user": str(user)},
    )
    return seat


def _require_reviewer(card: Scorecard, hand: str, user: Any) -> None:
    if hand not in {Hand.FIRST, Hand.SECOND, Hand.THIRD_PARTY}:
        raise Refused(_("只能指定两名评分人和第三方。"))
    if not access.may(user, Permission.SCORE_ROUNDS, programme=card.programme):
        raise Refused(_("%(user)s没有评分权限，先授予评价人员身份。") % {"user": user})
    if card.seats.filter(user=user, ended_at=None).exclude(hand=hand).exists():
        raise Refused(_("同一张评分表的两个评分人不能是同一人。"))
    if why := is_barred(card, user):
        raise Refused(why)


def _clear(card: Scorecard, hand: str, *, by: Any) -> None:
    """Empty the cells of a hand; what stood in them stays in their revisions."""
    for score in Score.rows.select_for_update(of=("self",)).filter(scorecard=card, hand=hand):
        if score.points is not None:
            score.points, score.answer, score.reason = None, None, ""
            keep(score, by=by)


@transaction.atomic
def give_seats(row: Round, first: Any, second: Any, *, by: Any) -> list[str]:
    """Give both seats of every sheet that has none yet; returns why some were left, in sentences."""
    left: list[str] = []
    for card in cards_of(row):
        for hand, user in ((Hand.FIRST, first), (Hand.SECOND, second)):
            if card.seats.filter(hand=hand, ended_at=None).exists():
                continue
            try:
                with transaction.atomic():
                    give_seat(card, hand, user, by=by)
            except Refused as refusal:
                left.append(str(refusal))
    return list(dict.fromkeys(left))
