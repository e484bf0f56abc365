"""Lists: rounds with their figures, schemes with their newest version, sheets of a round with progress."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from ..choices import REVIEWERS, Hand, ObjectionState, State
from ..models import (
    Objection,
    ReviewSeat,
    Round,
    RoundQuerySet,
    Scheme,
    SchemeQuerySet,
    SchemeVersion,
    Scorecard,
    ScorecardQuerySet,
)


def rounds_told(rows: RoundQuerySet, user: Any) -> RoundQuerySet:
    """Rounds with `seen` (sheets that the reader sees) and `waiting` (open objections among them)."""
    cards = Scorecard.objects.visible_to(user).standing().filter(round=OuterRef("pk"))
    asked = Objection.objects.visible_to(user).open().filter(scorecard__round=OuterRef("pk"))
    return rows.for_lists().annotate(
        seen=Subquery(_count(cards.order_by().values("round"))),
        waiting=Subquery(_count(asked.order_by().values("scorecard__round"))),
    )


def _count(grouped: QuerySet) -> QuerySet:
    return grouped.annotate(n=Count("pk")).values("n")


def schemes_told(rows: SchemeQuerySet) -> QuerySet[Scheme]:
    """Schemes with `versions_told`, the newest first."""
    versions = SchemeVersion.rows.order_by("-number").annotate(
        leaves=Count(
            "indicators", filter=Q(indicators__withdrawn_on=None) & ~Q(indicators__source="")
        )
    )
    return rows.select_related("programme").prefetch_related(
        Prefetch("versions", versions, to_attr="versions_told")
    )


def waiting_objections(user: Any) -> QuerySet[Objection]:
    """Objections that wait for an answer, of those the user sees."""
    return Objection.objects.visible_to(user).open()


@dataclass(frozen=True)
class Standing:
    """Where one sheet stands: who reviews it (by hand), and how many objections wait."""

    card: Scorecard
    seats: dict[str, ReviewSeat]
    waiting: int


def standings(cards: ScorecardQuerySet) -> list[Standing]:
    """The sheets in the order of the plan, in four queries whatever their number."""
    seats = ReviewSeat.objects.filter(ended_at=None).select_related("user")
    asked = Objection.rows.filter(state=ObjectionState.ASKED)
    rows = cards.for_lists().prefetch_related(
        Prefetch("seats", seats, to_attr="seats_told"),
        Prefetch("objections", asked, to_attr="asked_told"),
    )
    rows = rows.order_by("enrolment__position", "pk")
    return [
        Standing(row, {seat.hand: seat for seat in row.seats_told}, len(row.asked_told))
        for row in rows
    ]


def not_handed_in(cards: ScorecardQuerySet, state: str) -> ScorecardQuerySet:
    """Sheets on which the present step of the round still waits for somebody."""
    if state == State.SELF_SCORING:
        return cards.filter(self_done_on=None)
    if state == State.UNIT_SCORING:
        return cards.filter(unit_done_on=None)
    if state == State.REVIEW:
        waits = ReviewSeat.objects.filter(scorecard=OuterRef("pk"), ended_at=None, done_on=None)
        return cards.filter(Exists(waits))
    if state == State.OBJECTIONS:
        asked = Objection.rows.filter(scorecard=OuterRef("pk"), state=ObjectionState.ASKED)
        return cards.filter(Exists(asked))
    return cards.none()


def reviewers_of(round_: Round) -> list[str]:
    """The hands of the seats that the round's sheets need."""
    version = round_.scheme_version
    third = version.indicators.standing().filter(source=Hand.THIRD_PARTY).exists()
    return [*map(str, REVIEWERS), *([str(Hand.THIRD_PARTY)] if third else [])]
