"""Lists and counts of events."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from pilots.models import Unit

from ..choices import EventKind, EventStatus
from ..models import Attendance, Credit, Declaration, Event, EventFile, EventQuerySet, Organiser


@dataclass(frozen=True)
class Totals:
    """What the head of the list counts: by kind what was held, what is planned, and what was held but
    has nothing to show."""

    trainings: int
    exchanges: int
    planned: int
    unproven: int


def listed(rows: EventQuerySet) -> EventQuerySet:
    """Rows with what a list shows: `came`, the people on the list who count, and `counts`, whether it
    counts towards a demand."""
    live = Credit.objects.filter(event=OuterRef("pk"), mark__voided_at=None)
    return with_came(rows.for_lists()).annotate(counts=Exists(live))


def with_came(rows: EventQuerySet) -> EventQuerySet:
    """Adds `came`: how many attended, those on the list or as many as the units declared."""
    names = Attendance.rows.counted().filter(event=OuterRef("pk"), declaration=None)
    return rows.annotate(came=_count(names) + _declared())


def _count(rows: Any) -> Any:
    found = rows.order_by().values("event").annotate(n=Count("*")).values("n")
    return Coalesce(Subquery(found, output_field=IntegerField()), Value(0))


def _declared() -> Any:
    """The heads of confirmed declarations: their names are among them."""
    rows = Declaration.rows.filter(event=OuterRef("pk"), state="confirmed").order_by()
    found = rows.values("event").annotate(n=Sum("headcount")).values("n")
    return Coalesce(Subquery(found, output_field=IntegerField()), Value(0))


def totals(rows: EventQuerySet) -> Totals:
    """Of rows that the reader sees. One query."""
    proof = EventFile.rows.evidence().filter(event=OuterRef("pk"))
    live = Credit.objects.filter(event=OuterRef("pk"), mark__voided_at=None)
    held = Q(status=EventStatus.HELD)
    asked = rows.annotate(is_proven=Exists(proof) | Exists(live))
    counted = asked.aggregate(
        trainings=Count("pk", filter=held & Q(kind=EventKind.TRAINING)),
        exchanges=Count("pk", filter=held & Q(kind=EventKind.EXCHANGE)),
        planned=Count("pk", filter=Q(status=EventStatus.PLANNED)),
        unproven=Count("pk", filter=held & Q(is_proven=False)),
    )
    return Totals(**counted)


def unproven(rows: EventQuerySet) -> EventQuerySet:
    """Held, with nothing to show for it."""
    proof = EventFile.rows.evidence().filter(event=OuterRef("pk"))
    live = Credit.objects.filter(event=OuterRef("pk"), mark__voided_at=None)
    return rows.held().exclude(Exists(proof) | Exists(live))


def searched(rows: EventQuerySet, text: str) -> EventQuerySet:
    """By number, title, place, audience or an organiser's name."""
    wanted = Q()
    for name in ("number", "title", "place", "audience"):
        wanted |= Q(**{f"{name}__icontains": text})
    hosts = Organiser.objects.filter(
        Q(enrolment__unit__names__full_name__icontains=text)
        | Q(enrolment__unit__names__short_name__icontains=text)
    )
    return rows.filter(wanted | Q(pk__in=hosts.values("event")))


def open_in(unit: Unit, *, by: Any, on: date) -> list[Event]:
    """What a unit planned and has yet to hold, as far as `by` sees it (the system, None, sees all)."""
    rows = Event.rows.all() if by is None else Event.objects.visible_to(by)
    found = rows.organised_by(unit.pk).filter(status=EventStatus.PLANNED, ends_on__gte=on)
    return list(found.order_by("starts_on", "number"))
