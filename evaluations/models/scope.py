"""Whose score sheets somebody reads: the unit its own, the bureau its programme, a reviewer those that
he or she was given. No rule here ever says how many others there are."""

from typing import Any

from django.db.models import Q

from accounts.roles import Permission
from pilots.models.scope import own_units, wide_programmes

from ..choices import TOLD, State

HIDDEN = (State.PREPARING, State.WITHDRAWN)


def own_cards(user: Any, prefix: str = "") -> Q:
    """Condition on a card (through `prefix`): of a unit of the user's, in a round that was begun."""
    mine = Q(**{f"{prefix}enrolment__unit_id__in": own_units(user)})
    return mine & ~Q(**{f"{prefix}round__state__in": HIDDEN})


def told_cards(user: Any, prefix: str = "") -> Q:
    """Of a unit of the user's, since it was told what it got."""
    mine = Q(**{f"{prefix}enrolment__unit_id__in": own_units(user)})
    return mine & Q(**{f"{prefix}round__state__in": sorted(TOLD)})


def desk_cards(user: Any, prefix: str = "") -> Q:
    """Of the programmes whose sheets the user reads as a whole."""
    programmes = wide_programmes(user, Permission.READ_SHEETS)
    return Q(**{f"{prefix}round__programme_id__in": programmes})


def seated_cards(user: Any, prefix: str = "") -> Q:
    """Given to the user for review, as long as the seat and the right to review last."""
    programmes = wide_programmes(user, Permission.SCORE_ROUNDS)
    return Q(
        **{
            f"{prefix}seats__user_id": user.pk,
            f"{prefix}seats__ended_at": None,
            f"{prefix}round__programme_id__in": programmes,
        }
    )


def readable_cards(user: Any, prefix: str = "") -> Q:
    """One's own, and those of the desk; the auditor reads all, which the callers ask first."""
    return own_cards(user, prefix) | desk_cards(user, prefix)
