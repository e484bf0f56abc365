"""What is said of an appointment without an event: that it was typed wrong, that it still holds."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, clock
from core.errors import Refused
from pilots.models import Unit

from ..choices import Status
from ..models import Appointment
from ..queries.rules import ruling_for
from .checks import refuse_misfit, refuse_outside_life, refuse_overlap
from .rights import end_rights, give_rights
from .writing import (
    APPOINTMENT_FACTS,
    lock_appointment,
    lock_unit,
    save_appointment,
    tidy_number,
)

MENDABLE = frozenset(
    {
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
        "file",
        "file_name",
        "reason",
        "ending_number",
        "ending_signed_on",
        "ending_reason",
    }
)


@transaction.atomic
def mend_appointment(
    appointment: Appointment, *, by: Any, version: int | None = None, **values: Any
) -> Appointment:
    """Correct what was typed wrong; `values` are names of `MENDABLE`. Who, where and which post are
    not mended: void the entry and make the right one.

    Raises ValidationError by field, Refused naming an appointment in the way, StaleVersion.
    """
    if unknown := values.keys() - MENDABLE:
        raise ValueError(f"These are not mended here: {sorted(unknown)}")
    today = clock.today()
    lock_unit(appointment.unit)
    row = lock_appointment(appointment, version)
    if row.status == Status.VOIDED:
        raise Refused(_("这条任命已作废，不能再改。"))
    _refuse_other_end(row, values)
    before, lasted = audit.facts(row, APPOINTMENT_FACTS), row.lasts(today)
    for name, value in values.items():
        setattr(row, name, tidy_number(value, name) if name.endswith("_number") else value)
    day = row.starts_on or row.known_on or today
    refuse_misfit(row, ruling_for(row.unit, row.post, day))
    if row.status != Status.PROPOSED:
        refuse_outside_life(row)
        refuse_overlap(row)
    row.confirmed_on, row.confirmed_by = today, by
    row = save_appointment(row, "mend", by=by, before=before)
    if lasted or row.lasts(today):
        end_rights(row, by=by)
        give_rights(row.person, by=by)
    return row


@transaction.atomic
def confirm_unchanged(unit: Unit, *, by: Any) -> int:
    """「信息无变化」: the unit says that all its present entries still hold. Returns how many."""
    today = clock.today()
    rows = Appointment.rows.select_for_update(of=("self",)).in_office(today).filter(unit=unit)
    found = list(rows)
    for row in found:
        row.confirmed_on, row.confirmed_by = today, by
        row.version += 1
        row.updated_at = clock.now()
    Appointment.rows.bulk_update(found, ["confirmed_on", "confirmed_by", "version", "updated_at"])
    after = {"confirmed_on": today, "appointments": [row.number for row in found]}
    audit.record("unit.confirm_officers", by=by, subject=unit, unit=unit, after=after)
    return len(found)


def _refuse_other_end(row: Appointment, values: dict[str, Any]) -> None:
    """Leaving, and never having left, are events of their own: a correction is neither."""
    last = values.get("ends_on", row.ends_on)
    if row.status == Status.APPOINTED and last is not None:
        message = _("%(person)s还在任，离任用“登记免职或卸任”办理，这里只更正登记错的日期。")
        raise ValidationError({"ends_on": message % {"person": row.person}})
    if row.status == Status.ENDED and last is None:
        message = _("%(person)s已登记离任，其实没有离任的，用“撤销免职登记”办理。")
        raise ValidationError({"ends_on": message % {"person": row.person}})
