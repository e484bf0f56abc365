"""Notices that a service writes at once, because something has just happened."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from accounts.roles import Role
from core import clock
from pilots.choices import Part
from pilots.models import Enrolment, Membership

from ..models import Notice

LIAISON_VACANT = "pilots.liaison_vacant"


@transaction.atomic
def tell_liaison_vacant(enrolments: Iterable[Enrolment], *, besides: Any) -> int:
    """Tell the officers of each programme's bureau, all but `besides`, that these bodies are about to
    lose their contact and nobody takes over; returns the number of new notices."""
    count = 0
    for row in enrolments:
        for user_id in _desk(row, besides):
            _notice, is_new = Notice.rows.get_or_create(
                key=f"{LIAISON_VACANT}:enrolment:{row.pk}:{row.version}:vacant:{user_id}",
                defaults={
                    "type": LIAISON_VACANT,
                    "subject": f"enrolment:{row.pk}",
                    "stage": "vacant",
                    "deadline_version": row.version,
                    "recipient_id": user_id,
                    "programme": row.programme,
                    "unit": row.unit,
                    "for_on": clock.today(),
                    "facts": {"enrolment": row.pk, "unit": row.unit.code},
                },
            )
            count += is_new
    return count


def _desk(row: Enrolment, besides: Any) -> list[int]:
    today = clock.today()
    bureaus = Enrolment.rows.standing(today).filter(programme=row.programme, part=Part.BUREAU)
    officers = Membership.rows.live(today).filter(
        unit__in=bureaus.values("unit"), role=Role.BUREAU_OFFICER
    )
    others = officers.exclude(user_id=besides.pk)
    return sorted(others.values_list("user_id", flat=True).distinct())
