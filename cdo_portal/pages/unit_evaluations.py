"""Evaluations of one unit for its own people: what is asked of it now, what it can still earn, what it got."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.roles import UNIT_ROLES
from evaluations.choices import RUNNING, State
from evaluations.models import Scorecard
from evaluations.queries.desk import open_seats
from evaluations.queries.earning import earnable
from evaluations.queries.reading import own_cards_in, writing_hand
from pilots.access import memberships_of
from pilots.models import Unit

from .links import link

SHOWN = (*RUNNING, State.PUBLISHED)


def own_block(user: Any, on: date, unit: Unit | None = None) -> list[dict[str, Any]]:
    """A line for each sheet of the user's units in a round that goes on or is published: {"title",
    "url", "say", "is_asked", "earnable"}."""
    mine = {row.unit_id for row in memberships_of(user) if row.role in UNIT_ROLES}
    if not mine or (unit is not None and unit.pk not in mine):
        return []  # asks nothing for whoever is of no unit
    cards = own_cards_in(user, SHOWN)
    return [_line(card, user, on) for card in cards if unit is None or card.unit.pk == unit.pk]


def _line(card: Scorecard, user: Any, on: date) -> dict[str, Any]:
    hand, number = writing_hand(card, user), card.round.number
    is_told = card.round.is_told
    return {
        "title": card.round.title,
        "unit": card.unit.display_name,
        "url": link(
            "evaluations:result" if is_told else "evaluations:sheet", number, card.unit.code
        ),
        "say": _said(card, hand),
        "is_asked": bool(hand),
        "earnable": earnable(card, on),
    }


def _said(card: Scorecard, hand: str) -> str:
    facts = {"self": card.round.self_by, "unit": card.round.unit_by}
    if hand == "self":
        return _("填写首席数据官自评，%(self)s截止") % facts
    if hand == "unit":
        return _("填写本单位评价，%(unit)s截止") % facts
    if card.round.state == State.PUBLISHED:
        return _("评价结果已公布")
    return _("得分已告知") if card.round.is_told else str(card.round.get_state_display())


def seats_block(user: Any) -> list[dict[str, Any]]:
    """Sheets that the user has still to score, as rows of components/todo.html."""
    return [
        {
            "url": link("evaluations:sheet", seat.scorecard.round.number, seat.scorecard.unit.code),
            "title": _("评分：%(unit)s") % {"unit": seat.scorecard.unit.display_name},
            "state": "",
            "word": "",
            "note": _("%(title)s，复核%(day)s截止")
            % {"title": seat.scorecard.round.title, "day": seat.scorecard.round.review_by},
        }
        for seat in open_seats(user, by=user)
    ]
