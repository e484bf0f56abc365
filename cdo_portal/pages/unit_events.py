"""Trainings and meetings of one unit: what it owes and has held, and the latest of them."""

from datetime import date
from typing import Any

from pilots.models import Unit
from trainings.models import Event
from trainings.queries.quota import quotas

from .links import link

MOST = 6  # events; the list has the others


def block(unit: Unit, *, user: Any, on: date) -> dict[str, Any] | None:
    """Context of pages/unit/events.html; None where nothing is owed and nothing was held. Two queries
    and the prefetches of lists."""
    owed = quotas(user, on, unit=unit)
    rows = Event.objects.visible_to(user).organised_by(unit.pk).filter(starts_on__lte=on)
    held = list(rows.order_by("-starts_on", "-number")[: MOST + 1])
    if not owed and not held:
        return None
    return {
        "quotas": owed,
        "rows": held[:MOST],
        "has_more": len(held) > MOST,
        "list_url": link("trainings:event-list", programme="", unit=unit.code),
    }
