"""Who manages, reads or fills what of a round: asked by pages and endpoints before they offer it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from accounts.roles import Permission
from pilots import access
from pilots.models import Programme
from pilots.models.scope import own_units, sees_everything

from ..choices import WRITTEN_IN, Hand, State
from ..models import Round, Scorecard
from .allowed import is_cdo, of_unit, seat_of


@dataclass(frozen=True)
class Rights:
    """What somebody may do with all of a round, asked once."""

    manages: bool
    reads_all: bool
    reads_results: bool


def rights_in(user: Any, programme: Programme) -> Rights:
    """`may_manage`, `reads_all` and `reads_results` in one query."""
    held = access.permissions_in(user, programme)
    reads = sees_everything(user) or Permission.READ_SHEETS in held
    wide = reads or Permission.READ_RESULTS in held
    return Rights(Permission.MANAGE_ROUNDS in held, reads, wide)


def may_manage(user: Any, programme: Programme | None) -> bool:
    """Build schemes, open rounds and move them."""
    return access.may(user, Permission.MANAGE_ROUNDS, programme=programme)


def may_decide(user: Any, programme: Programme) -> bool:
    """Answer objections and settle differences."""
    return access.may(user, Permission.DECIDE_OBJECTIONS, programme=programme)


def reads_all(user: Any, programme: Programme) -> bool:
    """Whether every sheet of the programme, and who stands where, may be shown."""
    return sees_everything(user) or access.may(user, Permission.READ_SHEETS, programme=programme)


def reads_results(user: Any, programme: Programme) -> bool:
    """Whether the published result of every body may be shown."""
    wide = access.may(user, Permission.READ_RESULTS, programme=programme)
    return wide or reads_all(user, programme)


def reads_detail(user: Any, card: Scorecard) -> bool:
    """Whether what the body of the sheet got may be shown to who does not read all: to its own people,
    once it was told."""
    return card.round.is_told and of_unit(card, user)


def writing_hand(card: Scorecard, user: Any) -> str:
    """The hand in which the user may write into the sheet now, '' for none. Handing in ends it, till it
    is taken back."""
    state = card.round.state
    if card.dropped_on is not None or state not in set(WRITTEN_IN.values()):
        return ""
    if state == State.REVIEW:
        seat = seat_of(card, user)
        may = seat is not None and access.may(
            user, Permission.SCORE_ROUNDS, programme=card.programme
        )
        return seat.hand if seat is not None and may and seat.done_on is None else ""
    hand = own_hand(card, user)
    done = card.self_done_on if hand == Hand.SELF else card.unit_done_on
    return "" if done is not None else hand


def own_hand(card: Scorecard, user: Any) -> str:
    """The part of the unit's that the user fills in the present step, handed in or not."""
    if not of_unit(card, user):
        return ""
    if card.round.state == State.SELF_SCORING:
        return Hand.SELF
    is_unit_step = card.round.state == State.UNIT_SCORING
    return Hand.UNIT if is_unit_step and not is_cdo(card, user) else ""


def may_reopen(card: Scorecard, user: Any) -> str:
    """The hand that the user handed in and may open again, '' for none."""
    hand = own_hand(card, user)
    done = {Hand.SELF: card.self_done_on, Hand.UNIT: card.unit_done_on}
    if hand:
        return hand if done[Hand(hand)] is not None else ""
    if card.round.state != State.REVIEW:
        return ""
    seat = seat_of(card, user)
    if seat is None or seat.done_on is None:
        return ""
    others = card.seats.filter(ended_at=None, done_at__isnull=False).exclude(pk=seat.pk)
    is_alone = seat.hand == Hand.THIRD_PARTY
    both = not is_alone and others.exclude(hand=Hand.THIRD_PARTY).exists()
    return "" if both else seat.hand


def own_cards_in(user: Any, states: Iterable[str]) -> list[Scorecard]:
    """The user's own sheets in rounds that stand at one of the `states`."""
    rows = (
        Scorecard.objects.visible_to(user)
        .standing()
        .filter(enrolment__unit_id__in=own_units(user), round__state__in=list(states))
    )
    return list(rows.for_lists().order_by("round__number", "pk"))


def own_cards_of(round_: Round, user: Any) -> list[Scorecard]:
    """The user's own sheets of a round."""
    rows = Scorecard.objects.visible_to(user).standing().filter(round=round_).for_lists()
    return [card for card in rows if of_unit(card, user)]
