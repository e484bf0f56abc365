"""Quota, shortage and light of each unit; 已训/应训; how many CDOs are trained."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, Sum

from duties.choices import COUNTED, Light, Nature
from duties.models import Assignment, LightRule
from officers.models import Appointment
from officers.models.posts import CDO
from pilots.models import Programme, Unit

from ..choices import EventKind, EventStatus
from ..models import Attendance, Event

COUNTED_NATURES = (Nature.TRAINING, Nature.EXCHANGE)


@dataclass(frozen=True)
class Quota:
    """How one unit stands with one demand on the day asked about."""

    assignment: Assignment
    done: int
    light: Light

    @property
    def quantity(self) -> int:
        return self.assignment.quantity

    @property
    def short(self) -> int:
        return max(self.quantity - self.done, 0)

    @property
    def unit(self) -> Unit:
        return self.assignment.unit


def quotas(user: Any, on: date, *, programme: Any = None, unit: Any = None) -> list[Quota]:
    """The demands of trainings and meetings that the user sees, in the document's order of units.
    One query and the prefetches of lists."""
    rows = Assignment.objects.visible_to(user).filter(
        obligation__nature__in=COUNTED_NATURES, status__in=COUNTED
    )
    if programme is not None:
        rows = rows.filter(enrolment__programme=programme)
    if unit is not None:
        rows = rows.filter(enrolment__unit=unit)
    rule = LightRule.for_day(on)
    found = (
        rows.for_lists()
        .with_done(on)
        .order_by("enrolment__position", "enrolment_id", "obligation__position", "number")
    )
    return [Quota(row, row.done_count, row.light(rule)) for row in found]


@dataclass(frozen=True)
class Skills:
    """全员技能培训 of one unit: 已训 and 应训, as its events of that kind state them."""

    unit: Unit
    came: int
    expected: int | None

    @property
    def percent(self) -> int | None:
        return min(self.came * 100 // self.expected, 100) if self.expected else None


def skills(
    user: Any, on: date, *, programme: Programme, units: Iterable[Unit] = ()
) -> list[Skills]:
    """Each unit that held one up to that day. 应训 is the largest number that one of them states,
    for everybody is to be trained once however many times it is held; 已训 are names, each once, or
    the heads that units declared."""
    rows = Event.objects.visible_to(user).of_kind(EventKind.SKILLS).held()
    rows = rows.filter(programme=programme, ends_on__lte=on)
    wanted = [unit.pk for unit in units]
    found: dict[int, list[Any]] = {}
    for event in rows.prefetch_related("organisers__enrolment__unit__names"):
        for row in event.organisers.all():
            unit = row.enrolment.unit
            if not wanted or unit.pk in wanted:
                found.setdefault(unit.pk, [unit, []])[1].append(event)
    return [_skills(unit, events) for unit, events in found.values()]


def _skills(unit: Unit, events: list[Event]) -> Skills:
    names = (
        Attendance.rows.counted()
        .filter(event__in=events, declaration=None)
        .filter(Q(unit=unit) | Q(unit=None))
        .values("person_id", "name", "unit_name")
        .distinct()
        .count()
    )
    declared = (
        Event.rows.filter(pk__in=[event.pk for event in events])
        .filter(declarations__state="confirmed", declarations__enrolment__unit=unit)
        .aggregate(n=Sum("declarations__headcount"))["n"]
    )
    stated = [event.expected for event in events if event.expected]
    return Skills(unit, names + (declared or 0), max(stated, default=None))


@dataclass(frozen=True)
class Coverage:
    """首席数据官培训: of all CDOs in office on the day, those who attended one up to it."""

    trained: int
    all: int
    missing: list[Appointment]

    @property
    def percent(self) -> int | None:
        return self.trained * 100 // self.all if self.all else None


def coverage(user: Any, programme: Programme, on: date) -> Coverage:
    """Trained CDOs and all, as far as the user sees the units. Two queries."""
    posts = Appointment.objects.visible_to(user).of_programme(programme.code, on)
    posts = posts.in_office(on).filter(post__code=CDO).for_lists().select_related("unit")
    holders = list(posts.prefetch_related("unit__names").order_by("unit_id", "seat"))
    attended = Attendance.rows.counted().filter(
        event__programme=programme,
        event__kind=EventKind.OFFICER,
        event__status=EventStatus.HELD,
        event__ends_on__lte=on,
    )
    trained = set(attended.exclude(person=None).values_list("person_id", flat=True))
    people = {row.person_id for row in holders}
    missing = [row for row in holders if row.person_id not in trained]
    return Coverage(len(people & trained), len(people), missing)
