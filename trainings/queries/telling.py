"""What the page of one event says, as far as its reader may know it."""

from typing import Any

from core import clock
from duties.models import Assignment

from ..choices import EventKind, EventStatus, FileKind
from ..models import (
    Attendance,
    Credit,
    Declaration,
    Event,
    EventFile,
    EventQuerySet,
    Participant,
    Resolution,
)
from .allowed import may_change, may_manage, own_part
from .listing import with_came

NAMES = 200  # of a list on the page; all of them stand in the sign-in sheet


def told(event: Event, user: Any) -> dict[str, Any]:
    """Context of trainings/event.html."""
    people = Attendance.objects.visible_to(user).live().filter(event=event)
    counted = Credit.objects.filter(event=event, mark__voided_at=None)
    part = own_part(user, event)
    mine = Declaration.objects.visible_to(user).live().filter(event=event)
    declarations = list(mine.for_lists())
    files = EventFile.objects.visible_to(user).live().filter(event=event)
    today = clock.today()
    over = event.ends_on <= today and event.status != EventStatus.CANCELLED
    return {
        "event": event,
        "organisers": [row.enrolment.unit for row in event.organisers.all()],
        "invited": list(_invited(event, user)),
        "files": list(files),
        "has_minutes_file": any(row.kind == FileKind.MINUTES for row in files),
        "people": list(people.select_related("unit", "person", "declaration")[:NAMES]),
        "people_count": people.count(),
        "came": with_came(_one(event)).values_list("came", flat=True).first(),
        "credits": _credits(counted, user),
        "declarations": declarations,
        "resolutions": list(_resolutions(event, user)),
        "part": part,
        "may_declare": bool(part)
        and over
        and not any(d.enrolment_id == part.pk for d in declarations if part),
        "may_answer": bool(part) and _may_answer(event, part),
        "may_confirm": may_manage(user, event.programme),
        "is_forgotten": event.is_forgotten(today),
        "is_over": over,
        "wants_proof": wants_proof(event),
        "has_meeting": event.kind in {EventKind.MEETING, EventKind.EXCHANGE},
        "sees_all": may_change(user, event),
        "may_order": may_manage(user, event.programme),
    }


def _credits(rows: Any, user: Any) -> list[dict[str, Any]]:
    """The tasks for which it counts; those of other units without the way to their page."""
    found = rows.select_related("assignment__obligation", "assignment__enrolment__unit")
    found = found.order_by("assignment__enrolment__position", "pk")
    seen = set(
        Assignment.objects.visible_to(user)
        .filter(event_credits__in=rows)
        .values_list("pk", flat=True)
    )
    return [
        {
            "number": row.assignment.number,
            "unit": row.assignment.unit.display_name,
            "title": row.assignment.obligation.display_short_title,
            "is_open": row.assignment_id in seen,
        }
        for row in found
    ]


def wants_proof(event: Event) -> bool:
    """Held, of a kind that counts, and nothing shows it yet."""
    if event.status != EventStatus.HELD or event.kind not in {"training", "exchange", "officer"}:
        return False
    if Credit.objects.filter(event=event, mark__voided_at=None).exists():
        return False
    return not EventFile.rows.evidence().filter(event=event).exists()


def _one(event: Event) -> EventQuerySet:
    return Event.rows.filter(pk=event.pk)


def _invited(event: Event, user: Any) -> Any:
    rows = Participant.objects.visible_to(user).filter(event=event)
    return rows.select_related("enrolment__unit", "enrolment__programme").prefetch_related(
        "enrolment__unit__names"
    )


def _resolutions(event: Event, user: Any) -> Any:
    rows = Resolution.objects.visible_to(user).live().filter(event=event)
    return rows.select_related("order").prefetch_related("leads__unit__names")


def _may_answer(event: Event, part: Any) -> bool:
    if event.status != EventStatus.PLANNED or event.ends_on < clock.today():
        return False
    return event.participants.filter(enrolment=part).exists()
