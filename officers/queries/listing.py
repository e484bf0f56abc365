"""What a row of the register shows beyond its own columns: the unit's name, its place in the document,
its filing. All of it in the one query of the list."""

from datetime import date

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, NullIf

from pilots.models import Enrolment, Programme
from pilots.models.units import named_on

from ..choices import FilingKind, FilingState, FilingStatus, Kind
from ..models import Appointment, AppointmentQuerySet, Filing, PersonQuerySet


def with_filing(rows: AppointmentQuerySet, on: date) -> AppointmentQuerySet:
    """Adds `filing_state` (FilingState) and `filing_number`: what became of the filing of the
    appointment, as the rules of the day ask for it."""
    live = Filing.rows.live().filter(appointment=OuterRef("pk"), kind=FilingKind.APPOINTMENT)
    return rows.annotate(
        filing_number=Subquery(live.values("number")[:1]),
        filing_status=Subquery(live.values("status")[:1]),
        filing_state=Case(
            When(filing_status=FilingStatus.ACCEPTED, then=Value(FilingState.ACCEPTED.value)),
            When(filing_status=FilingStatus.RETURNED, then=Value(FilingState.RETURNED.value)),
            When(filing_status=FilingStatus.SUBMITTED, then=Value(FilingState.AT_DESK.value)),
            When(_to_be_filed(on), then=Value(FilingState.NOT_REPORTED.value)),
            default=Value(FilingState.NOT_ASKED.value),
            output_field=CharField(),
        ),
    )


def with_unit_name(rows: AppointmentQuerySet, on: date) -> AppointmentQuerySet:
    """Adds `unit_code`, `unit_ceased_on` and `unit_label`, the name of that day."""
    return rows.annotate(
        unit_code=F("unit__code"),
        unit_ceased_on=F("unit__ceased_on"),
        unit_label=named_on(on, "unit_id"),
    )


def with_place(
    rows: AppointmentQuerySet, programme: Programme | None, part: str
) -> AppointmentQuerySet:
    """Adds `place`, the unit's in the document of the programme."""
    known = Enrolment.rows.filter(
        unit=OuterRef("unit_id"), programme=programme, part=part, withdrawn_on=None
    )
    return rows.annotate(place=Subquery(known.order_by("position").values("position")[:1]))


def with_posts(rows: PersonQuerySet, on: date) -> PersonQuerySet:
    """People with `unit_code`, `unit_label` and `held`: what they hold on that day."""
    held = Appointment.rows.in_office(on).select_related("post").order_by("post__position", "since")
    return rows.annotate(
        unit_code=F("unit__code"), unit_label=named_on(on, "unit_id")
    ).prefetch_related(Prefetch("appointments", held, to_attr="held"))


def _to_be_filed(on: date) -> Q:
    """Whether a rule of the day wants a substantive holder's appointment on record somewhere."""
    rule = "programme__post_rule_rows"
    kind = Coalesce(NullIf("kind", Value("")), "unit__kind")
    # One filter() call: all of it speaks of one rule.
    binding = Enrolment.rows.standing(on).filter(
        Q(**{f"{rule}__kinds": []}) | Q(**{f"{rule}__kinds__contains": [kind]}),
        Q(**{f"{rule}__units": None}) | Q(**{f"{rule}__units": OuterRef("unit_id")}),
        unit=OuterRef("unit_id"),
        **{
            f"{rule}__post": OuterRef("post_id"),
            f"{rule}__parts__contains": [F("part")],
            f"{rule}__filed_at__isnull": False,
            f"{rule}__withdrawn_on": None,
        },
    )
    return Q(Exists(binding), kind=Kind.SUBSTANTIVE)
