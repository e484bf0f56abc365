"""任命/变更 in one go: a new person or a known one, the appointment, who leaves, and the filing."""

from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from pilots import services as pilots
from pilots.models import Unit

from ..choices import Kind, Status
from ..models import Appointment, Filing, Person, Post
from ..queries.present import present_holders
from .appointments import Departure, Paper, Term, end_appointment, report_appointment
from .filings import file_appointment
from .people import register_person

ROUTE = "officers:appointment-new"


@dataclass(frozen=True)
class NewPerson:
    """Somebody whom the register does not know yet."""

    name: str
    job_title: str = ""
    level: str = ""
    is_in_charge: bool = False
    office_phone: str = ""
    mobile: str = field(default="", repr=False)
    email: str = field(default="", repr=False)


@dataclass(frozen=True)
class Registration:
    """One form: who gets which post, in whose place. `relieves` says that somebody who stood in
    leaves on the day of `departure` too; `files` that the filing is sent along."""

    person: Person | NewPerson
    unit: Unit
    post: Post
    term: Term
    paper: Paper = field(default_factory=Paper)
    departure: Departure | None = None
    relieves: bool = False
    files: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Registered:
    """What came of it."""

    appointment: Appointment
    left: list[Appointment]
    filing: Filing | None = None

    @property
    def stands(self) -> bool:
        return self.appointment.status != Status.PROPOSED


@transaction.atomic
def register(given: Registration, *, by: Any, once: str) -> Registered:
    """Do all of it or nothing. `once` is the form's own key: sent twice, it counts once.

    Raises Refused for the second time and as `report_appointment` and `file_appointment`;
    ValidationError by field.
    """
    said = _("这次登记已经提交过，没有重复办理。")
    pilots.claim(once, by=by, route=ROUTE, said=said)
    before = present_holders(given.unit)
    person = given.person
    if isinstance(person, NewPerson):
        person = register_person(unit=given.unit, by=by, **vars(person))
    row = report_appointment(
        person,
        given.unit,
        given.post,
        term=given.term,
        paper=given.paper,
        departure=given.departure,
        reason=given.reason,
        by=by,
    )
    if row.status != Status.PROPOSED and given.relieves and given.departure is not None:
        _relieve(row, given.departure, by=by)
    filing = (
        file_appointment(row, by=by) if given.files and row.status == Status.APPOINTED else None
    )
    still = {each.pk for each in present_holders(given.unit)}
    return Registered(row, [each for each in before if each.pk not in still], filing)


def rehearse(given: Registration, *, by: Any, once: str) -> Registered:
    """What `register` would do, undone again: for the page that restates the effect. Raises the
    same."""
    with transaction.atomic():
        found = register(given, by=by, once=once)
        transaction.set_rollback(True)
    return found


def note_export(*, by: Any, count: int, filters: dict[str, str]) -> None:
    """Enter in the record that somebody took `count` rows of the register away."""
    after = {"count": count, "filters": filters}
    audit.record("officers.export", by=by, subject="officers", after=after)


def _relieve(row: Appointment, departure: Departure, *, by: Any) -> None:
    """A substantive holder has come: whoever stood in for the seat leaves."""
    for other in present_holders(row.unit):
        same = other.post_id == row.post_id and other.seat == row.seat
        if row.kind == Kind.SUBSTANTIVE and same and other.is_stand_in:
            end_appointment(other, on=departure.on, ending=departure.ending, by=by)
