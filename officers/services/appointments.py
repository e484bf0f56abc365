"""Appointments: reported, confirmed, ended, voided. Each is an event with its document."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, clock, moves
from core.errors import Refused
from core.models import StoredFile
from core.numbers import next_numbers
from pilots.models import Unit

from ..choices import MOVES, Ending, FilingKind, FilingMove, Kind, Move, Status
from ..models import Appointment, Person, Post
from ..queries.allowed import allowed, stands_at_once
from ..queries.present import present_holder
from ..queries.rules import Ruling, ruling_for
from .checks import refuse_extra_seat, refuse_misfit, refuse_outside_life, refuse_overlap
from .effects import refuse_on_record, take_back, take_effect
from .filing_moves import take_off_desk
from .rights import end_rights
from .writing import (
    APPOINTMENT_FACTS,
    lock_appointment,
    lock_unit,
    save_appointment,
    tidy_number,
)


@dataclass(frozen=True)
class Paper:
    """The document that an appointment or a removal rests on."""

    number: str = ""
    title: str = ""
    signed_on: date | None = None
    file: StoredFile | None = None
    file_name: str = ""


@dataclass(frozen=True)
class Term:
    """How the post is held: substantive or standing in, with which title, from when."""

    starts_on: date | None
    known_on: date | None = None
    ends_on: date | None = None
    kind: str = Kind.SUBSTANTIVE
    seat: int = 1
    job_title: str = ""
    level: str = ""
    is_in_charge: bool = False
    rank_reason: str = ""


@dataclass(frozen=True)
class Departure:
    """How the holder before leaves: on which last day, why, by which document."""

    on: date
    ending: str = Ending.REPLACED
    paper: Paper = field(default_factory=Paper)
    reason: str = ""


@transaction.atomic
def report_appointment(
    person: Person,
    unit: Unit,
    post: Post,
    *,
    term: Term,
    by: Any,
    paper: Paper | None = None,
    departure: Departure | None = None,
    reason: str = "",
    source: str = "",
) -> Appointment:
    """Enter an appointment. It stands at once (已任命) when the bureau enters it, or when the unit
    appoints its own (本部门任免); what another body appoints, a unit can only propose (拟任).

    With `departure` the present holder of that seat becomes the predecessor, and leaves in the same
    transaction unless the appointment is only proposed. Raises ValidationError by field, Refused
    naming the appointment in the way, or the day on which the unit does not exist.
    """
    paper = paper or Paper()
    unit = lock_unit(unit)
    row = _drafted(person, unit, post, term, paper)
    row.reason, row.source, row.created_by = reason.strip(), source, by
    ruling = ruling_for(unit, post, row.starts_on or row.known_on or clock.today())
    row.authority = ruling.rule.authority(unit) if ruling else None
    refuse_extra_seat(row, ruling)
    refuse_misfit(row, ruling)
    stands = stands_at_once(by, unit, ruling)
    if departure is not None:
        row.predecessor = _leave(row, departure, by=by) if stands else present_holder(row)
    row.number = next_numbers(Appointment.rows, "RM")[0]
    if not stands:
        return save_appointment(row, "propose", by=by, before=None)
    return _appoint(row, "report", ruling, by=by, before=None)


@transaction.atomic
def confirm_appointment(
    appointment: Appointment,
    *,
    by: Any,
    paper: Paper | None = None,
    departure: Departure | None = None,
    version: int | None = None,
) -> Appointment:
    """拟任 → 已任命, with the document when it was not given before; with `departure` the present
    holder of the seat leaves.

    Raises MoveNotAllowed, StaleVersion, ValidationError, Refused as `report_appointment`.
    """
    lock_unit(appointment.unit)
    row = lock_appointment(appointment, version)
    before = audit.facts(row, APPOINTMENT_FACTS)
    moves.target(MOVES, row.status, Move.APPOINT)
    if paper is not None:
        _put_paper(row, paper)
    if departure is not None:
        row.predecessor = _leave(row, departure, by=by) or row.predecessor
    ruling = ruling_for(row.unit, row.post, row.since or clock.today())
    return _appoint(row, Move.APPOINT, ruling, by=by, before=before)


@transaction.atomic
def end_appointment(
    appointment: Appointment,
    *,
    on: date,
    ending: str,
    by: Any,
    paper: Paper | None = None,
    reason: str = "",
    version: int | None = None,
) -> Appointment:
    """免职、卸任: `on` is the last day in office. Rights in the portal end the same second, or on a
    later day when `on` lies ahead.

    Raises MoveNotAllowed, StaleVersion, ValidationError.
    """
    row = lock_appointment(appointment, version)
    before = audit.facts(row, APPOINTMENT_FACTS)
    row.status = moves.target(MOVES, row.status, Move.END)
    if row.since and on < row.since:
        words = {"person": row.person, "since": row.since}
        message = _("%(person)s从%(since)s起任职，离任日期不能早于这一天。")
        raise ValidationError({"ends_on": message % words})
    row.ends_on, row.ending, row.ending_reason = on, ending, reason.strip()
    if paper is not None:
        row.ending_number = tidy_number(paper.number, "ending_number")
        row.ending_signed_on = paper.signed_on
    ruling = ruling_for(row.unit, row.post, on)
    row.ending_authority = ruling.rule.remover(row.unit) if ruling else None
    row.ended_at, row.ended_by = clock.now(), by
    row = save_appointment(row, Move.END, by=by, before=before)
    end_rights(row, by=by)
    return row


@transaction.atomic
def reinstate(
    appointment: Appointment, *, by: Any, reason: str, version: int | None = None
) -> Appointment:
    """The removal was entered in error: the holder never left. Rights are given anew.

    Raises MoveNotAllowed, StaleVersion, Refused when somebody else holds the post by now, or a unit
    takes back what the desk has put on record.
    """
    lock_unit(appointment.unit)
    row = lock_appointment(appointment, version)
    before = audit.facts(row, APPOINTMENT_FACTS)
    row.status = moves.target(MOVES, row.status, Move.REINSTATE)
    refuse_on_record(row, FilingKind.REMOVAL, by=by)
    row.ends_on = row.ended_at = row.ended_by = row.ending_authority = None
    row.ending = row.ending_number = ""
    row.ending_signed_on, row.ending_reason = None, ""
    row.reason = reason.strip() or row.reason
    refuse_overlap(row)
    row = save_appointment(row, Move.REINSTATE, by=by, before=before)
    for filing in row.filings.live().filter(kind=FilingKind.REMOVAL):
        take_off_desk(filing, FilingMove.CANCEL, by=by, reason=reason)
    take_effect(row, ruling_for(row.unit, row.post, clock.today()), by=by)
    return row


@transaction.atomic
def void_appointment(
    appointment: Appointment, *, by: Any, reason: str, version: int | None = None
) -> Appointment:
    """作废: the entry was wrong. What it counted for counts no more, its rights end this second, a
    live filing is withdrawn; the row stays readable.

    Raises Refused without a reason, or where a unit would void what the desk has put on record;
    MoveNotAllowed, StaleVersion.
    """
    if not reason.strip():
        raise Refused(_("写明作废原因，单位会看到。"))
    row = lock_appointment(appointment, version)
    before, lasted = audit.facts(row, APPOINTMENT_FACTS), row.lasts(clock.today())
    row.status = moves.target(MOVES, row.status, Move.VOID)
    refuse_on_record(row, FilingKind.APPOINTMENT, by=by)
    row.void_reason = reason.strip()
    row = save_appointment(row, Move.VOID, by=by, before=before)
    take_back(row, by=by, reason=row.void_reason)
    if lasted:  # a proposal or a tenure long over gives nothing that could be taken
        end_rights(row, by=by)
    return row


# --- parts ---------------------------------------------------------------------------------------


def _drafted(person: Person, unit: Unit, post: Post, term: Term, paper: Paper) -> Appointment:
    row = Appointment(
        person=person,
        unit=unit,
        post=post,
        kind=term.kind,
        seat=term.seat,
        starts_on=term.starts_on,
        known_on=term.known_on,
        ends_on=term.ends_on,
        job_title=term.job_title.strip() or person.job_title,
        level=term.level or person.level,
        is_in_charge=term.is_in_charge or person.is_in_charge,
        rank_reason=term.rank_reason.strip(),
    )
    _put_paper(row, paper)
    row.clean()
    return row


def _put_paper(row: Appointment, paper: Paper) -> None:
    if paper.number:
        row.document_number = tidy_number(paper.number, "document_number")
    row.document_title = paper.title.strip() or row.document_title
    row.signed_on = paper.signed_on or row.signed_on
    if paper.file is not None:
        row.file, row.file_name = paper.file, paper.file_name


def _appoint(
    row: Appointment, verb: str, ruling: Ruling | None, *, by: Any, before: dict[str, Any] | None
) -> Appointment:
    row.status = Status.APPOINTED
    row.appointed_at, row.appointed_by = clock.now(), by
    row.confirmed_on, row.confirmed_by = clock.today(), by
    refuse_outside_life(row)
    refuse_overlap(row)
    if row.ends_on is not None:  # entered afterwards, when it was over already
        _be_over(row, by=by)
    row = save_appointment(row, verb, by=by, before=before)
    take_effect(row, ruling, by=by)
    return row


def _be_over(row: Appointment, *, by: Any) -> None:
    """已任命 → 已卸任 at once. A proposal that stands in the table goes there by both moves."""
    if row.pk is not None:
        row.full_clean(exclude=["since"])
        row.save()
    row.status = moves.target(MOVES, row.status, Move.END)
    row.ended_at, row.ended_by = row.appointed_at, by
    row.ending = row.ending or Ending.LEFT


def _leave(row: Appointment, departure: Departure, *, by: Any) -> Appointment | None:
    """Let the present holder of that seat leave; the one standing in, for another stand-in."""
    present = present_holder(row)
    if present is None:
        return None
    ruling = ruling_for(present.unit, present.post, present.since or clock.today())
    if by is not None and not allowed(by, present, ruling).end:
        text = _("%(person)s由别的机关免职，先请市政数局登记离任，再登记接任的人。")
        raise Refused(text % {"person": present.person})
    return end_appointment(
        present,
        on=departure.on,
        ending=departure.ending,
        by=by,
        paper=departure.paper,
        reason=departure.reason,
    )
