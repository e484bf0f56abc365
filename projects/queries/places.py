"""Under which programme a unit enters projects and findings."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef

from pilots.models import Enrolment, Programme, Unit

from ..choices import OF_PROJECTS, PowerKind
from ..models import Power

FOR_PROJECTS = tuple(sorted(OF_PROJECTS))
FOR_FINDINGS = (PowerKind.CORRECT.value,)


def places(user: Any, unit: Unit, kinds: tuple[str, ...], on: date) -> list[Enrolment]:
    """The unit's parts as a pilot, of those that the user sees, in programmes with such a power."""
    granted = Power.rows.standing().filter(programme=OuterRef("programme"), kind__in=kinds)
    rows = Enrolment.objects.visible_to(user).filter(Exists(granted), unit=unit)
    return list(rows.pilots().standing(on).select_related("unit", "programme").order_by("pk"))


def place(
    user: Any, unit: Unit, kinds: tuple[str, ...], on: date, *, wanted: Programme | None = None
) -> Enrolment | None:
    """That of the wanted programme, else the first; None where no document says anything."""
    found = places(user, unit, kinds, on)
    ours = [row for row in found if wanted is not None and row.programme_id == wanted.pk]
    return next(iter(ours or found), None)


def grants(programme: Programme, kinds: tuple[str, ...]) -> bool:
    return Power.rows.standing().filter(programme=programme, kind__in=kinds).exists()
