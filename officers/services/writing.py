"""How rows of the register are changed: locked, checked, saved, audited."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import audit, clock, document_numbers
from core.errors import Refused
from pilots.models import Unit

from ..models import Appointment, Filing, Person
from ..models.people import EMAIL_TAKEN, MOBILE_TAKEN

PERSON_FACTS = (
    "name",
    "unit",
    "job_title",
    "level",
    "is_in_charge",
    "rank",
    "office_phone",
    "mobile",
    "email",
    "user",
)
APPOINTMENT_FACTS = (
    "status",
    "person",
    "post",
    "kind",
    "seat",
    "job_title",
    "level",
    "is_in_charge",
    "rank_reason",
    "starts_on",
    "known_on",
    "ends_on",
    "document_number",
    "document_title",
    "signed_on",
    "authority",
    "file_name",
    "reason",
    "ending",
    "ending_number",
    "ending_signed_on",
    "ending_reason",
    "void_reason",
    "confirmed_on",
)
FILING_FACTS = (
    "status",
    "route",
    "title",
    "document_number",
    "file_name",
    "note",
    "reported_on",
    "return_reason",
    "receipt_number",
    "accepted_on",
)


def lock_unit(unit: Unit) -> Unit:
    """Two clerks who appoint in one unit follow each other."""
    row = Unit.rows.select_for_update(of=("self",)).get(pk=unit.pk)
    if row.is_slot:
        raise Refused(_("“%(unit)s”还没有名称，先补名再登记任命。") % {"unit": row})
    return row


def lock_person(person: Person, version: int | None) -> Person:
    """The row under lock; raises StaleVersion."""
    row = Person.rows.select_for_update(of=("self",)).select_related("unit").get(pk=person.pk)
    row.require_version(version)
    return row


def lock_appointment(appointment: Appointment, version: int | None) -> Appointment:
    """The row under lock with person, unit and post; raises StaleVersion."""
    rows = Appointment.rows.select_for_update(of=("self",))
    row = rows.select_related("person", "unit", "post").get(pk=appointment.pk)
    row.require_version(version)
    return row


def lock_filing(filing: Filing, version: int | None) -> Filing:
    """The row under lock with its unit, desk and appointment; raises StaleVersion."""
    rows = Filing.rows.select_for_update(of=("self",))
    related = ("unit", "desk", "programme", "appointment__person", "appointment__post")
    row = rows.select_related(*related).get(pk=filing.pk)
    row.require_version(version)
    return row


def save_person(row: Person, verb: str, *, by: Any, before: dict[str, Any] | None) -> Person:
    """Check, save and audit; raises ValidationError."""
    row.spell()
    _stamp(row)
    _clean_person(row)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise _taken_at_once(error) from None
    after = audit.facts(row, PERSON_FACTS)
    audit.record(f"person.{verb}", by=by, subject=row, unit=row.unit, before=before, after=after)
    return row


def _clean_person(row: Person) -> None:
    """Whoever came a moment earlier is found by the hash; what is said is said of the contact."""
    try:
        row.full_clean(exclude=["vector"])
    except ValidationError as error:
        faults = error.error_dict.items()
        raise ValidationError(
            {name.removesuffix("_digest"): texts for name, texts in faults}
        ) from None


def _taken_at_once(error: IntegrityError) -> Exception:
    """What is said of a contact that somebody else was given at the same moment."""
    for field, message in (("mobile", MOBILE_TAKEN), ("email", EMAIL_TAKEN)):
        if f"officers_person_{field}_digest" in str(error):
            return ValidationError({field: message})
    return error


def save_appointment(
    row: Appointment, verb: str, *, by: Any, before: dict[str, Any] | None
) -> Appointment:
    """Check, save and audit; raises ValidationError."""
    _stamp(row)
    row.full_clean(exclude=["since"])
    row.save()
    audit.record(
        f"appointment.{verb}",
        by=by,
        subject=row,
        unit=row.unit,
        before=before,
        after=audit.facts(row, APPOINTMENT_FACTS),
    )
    return row


def save_filing(row: Filing, verb: str, *, by: Any, before: dict[str, Any] | None) -> Filing:
    """Check, save and audit; raises ValidationError."""
    _stamp(row)
    row.full_clean()
    row.save()
    audit.record(
        f"filing.{verb}",
        by=by,
        subject=row,
        unit=row.unit,
        programme=row.programme,
        before=before,
        after=audit.facts(row, FILING_FACTS),
    )
    return row


def _stamp(row: Any) -> None:
    row.updated_at = clock.now()
    if row.pk is None:
        row.created_at = row.updated_at
    else:
        row.version += 1


def tidy_number(text: str, field: str) -> str:
    """A 发文字号 as it is kept; raises ValidationError on `field`, with what was typed."""
    number = document_numbers.normalise(text)
    if number and not document_numbers.NUMBER.match(number):
        words = {"typed": text.strip(), "how": document_numbers.HOW}
        raise ValidationError({field: _("“%(typed)s”：%(how)s") % words})
    return number
