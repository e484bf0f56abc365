"""Who can be asked to review, and whose CDOs could be evaluated besides."""

from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.roles import PROGRAMME_WIDE_PARTS, ROLE_PERMISSIONS, Permission
from core import clock
from pilots.models import Enrolment, Membership, Programme

from ..models import Round

MOST = 200


def reviewers_in(programme: Programme) -> list[User]:
    """Accounts that hold the right to review in the programme today, by name."""
    today = clock.today()
    standing = Enrolment.rows.standing(today).filter(programme=programme)
    found = Q(pk__in=[])
    for role, held in ROLE_PERMISSIONS.items():
        if Permission.SCORE_ROUNDS in held:
            parts = PROGRAMME_WIDE_PARTS.get(role, ())
            there = standing.filter(part__in=parts).values("unit_id")
            found |= Q(role=role, unit_id__in=there)
    members = Membership.rows.live(today).filter(found).values("user_id")
    rows = User.objects.filter(pk__in=members, is_active=True)
    return list(rows.order_by("display_name", "pk")[:MOST])


def possible_subjects(round_: Round, user: Any) -> QuerySet[Enrolment]:
    """Pilots of the programme that have no standing sheet in the round."""
    taken = round_.scorecards.filter(dropped_on=None).values("enrolment_id")
    rows = Enrolment.objects.visible_to(user).filter(programme=round_.programme, withdrawn_on=None)
    named = rows.pilots().filter(unit__is_slot=False).exclude(pk__in=taken)
    return named.in_document_order().select_related("unit").prefetch_related("unit__names")
