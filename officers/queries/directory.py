"""公开名录: what the world may read, and nothing else (ux.md P24)."""

from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Subquery

from pilots.models import Enrolment, Programme, Unit

from ..models import Appointment, PublicDirectory
from ..models.posts import CDO


@dataclass(frozen=True)
class Entry:
    """One line. `since` is None where no source tells the first day; then `known_on` is the day on
    which a source first shows the holder."""

    unit: str
    name: str
    title: str
    document_number: str
    since: date | None
    known_on: date | None


@dataclass(frozen=True)
class Directory:
    programme: Programme
    basis: str
    on: date
    entries: list[Entry]


def published(code: str, on: date) -> Directory | None:
    """The directory of a programme that its bureau has opened; None for one that is closed, or that
    does not exist: from outside the two look alike. Three queries."""
    rows = PublicDirectory.objects.filter(programme__code=code, is_open=True)
    row = rows.filter(programme__withdrawn_on=None).select_related("programme").first()
    if row is None:
        return None
    return Directory(row.programme, row.basis, on, entries(row.programme, on))


def entries(programme: Programme, on: date) -> list[Entry]:
    """Substantive CDOs of the pilots that day, in the document's order. Whoever stands in is none."""
    place = Enrolment.rows.standing(on).pilots().filter(programme=programme)
    position = place.filter(unit=OuterRef("unit_id")).values("position")[:1]
    held = (
        Appointment.rows.in_office(on)
        .substantive()
        .of_programme(programme.code, on)
        .filter(post__code=CDO)
        .annotate(position=Subquery(position))
        .select_related("person")
        .order_by("position", "unit__code", "seat")
    )
    found = list(held)
    units = {row.unit_id for row in found}
    names = {unit.pk: unit.full_name for unit in Unit.rows.with_name(on).filter(pk__in=units)}
    return [
        Entry(
            unit=names[row.unit_id],
            name=row.person.name,
            title=row.job_title,
            document_number=row.document_number,
            since=row.starts_on,
            known_on=row.known_on,
        )
        for row in found
    ]
