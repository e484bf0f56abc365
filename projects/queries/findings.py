"""Lists and counts of findings."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q

from pilots.models import Unit
from pilots.models.units import named_on

from ..choices import OPEN_FINDINGS, FindingStatus
from ..models import Finding, FindingQuerySet


@dataclass(frozen=True)
class Totals:
    """What the head of the list counts."""

    open: int
    correcting: int
    overdue: int
    corrected: int


def listed(rows: FindingQuerySet, on: date) -> FindingQuerySet:
    """Rows with what a list shows and sorts by: `unit_label`."""
    return rows.for_lists().annotate(unit_label=named_on(on, "enrolment__unit_id"))


def totals(rows: FindingQuerySet, on: date) -> Totals:
    """Of rows that the reader sees. One query."""
    counted = rows.aggregate(
        open=Count("pk", filter=Q(status__in=OPEN_FINDINGS)),
        correcting=Count("pk", filter=Q(status=FindingStatus.CORRECTING)),
        overdue=Count("pk", filter=Q(status=FindingStatus.CORRECTING, due_on__lt=on)),
        corrected=Count("pk", filter=Q(status=FindingStatus.CORRECTED)),
    )
    return Totals(**counted)


def searched(rows: FindingQuerySet, text: str) -> FindingQuerySet:
    """By number, title, what was found, the project or the unit's name."""
    wanted = Q()
    for name in ("number", "title", "what", "project__name", "project__number"):
        wanted |= Q(**{f"{name}__icontains": text})
    names = Q(enrolment__unit__names__full_name__icontains=text) | Q(
        enrolment__unit__names__short_name__icontains=text
    )
    units = Finding.rows.filter(names).values("pk")
    return rows.filter(wanted | Q(pk__in=units))


def open_in(unit: Unit, *, by: Any) -> list[Finding]:
    """What is open in a unit, as far as `by` sees it (the system, None, sees all)."""
    rows = Finding.rows.all() if by is None else Finding.objects.visible_to(by)
    found = rows.filter(enrolment__unit=unit).open()
    return list(found.order_by("due_on", "number"))
