"""The paper route: a letter that came to the desk, entered and, if all is well, accepted at once."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from pilots.models import Enrolment

from ..choices import FilingKind, Route
from ..models import Appointment, Filing
from .filings import Letter, accept_filing, file_appointment, file_plan


@dataclass(frozen=True)
class Acceptance:
    """准予备案 in the same step: 备案编号 (the filing's own when empty) and 备案日期 (today)."""

    receipt_number: str = ""
    on: date | None = None


@transaction.atomic
def enter_appointment_letter(
    appointment: Appointment,
    *,
    letter: Letter,
    by: Any,
    kind: str = FilingKind.APPOINTMENT,
    acceptance: Acceptance | None = None,
) -> Filing:
    """Enter what a unit reported on paper about an appointment; with `acceptance` it is on record
    at once. All or nothing; raises what `file_appointment` and `accept_filing` raise."""
    filing = file_appointment(appointment, letter=letter, kind=kind, route=Route.PAPER, by=by)
    return _accepted(filing, acceptance, by)


@transaction.atomic
def enter_plan_letter(
    enrolment: Enrolment,
    *,
    title: str,
    letter: Letter,
    by: Any,
    acceptance: Acceptance | None = None,
) -> Filing:
    """Enter a plan that came on paper; as `enter_appointment_letter`."""
    filing = file_plan(enrolment, title=title, letter=letter, route=Route.PAPER, by=by)
    return _accepted(filing, acceptance, by)


def _accepted(filing: Filing, acceptance: Acceptance | None, by: Any) -> Filing:
    if acceptance is None:
        return filing
    return accept_filing(filing, by=by, receipt_number=acceptance.receipt_number, on=acceptance.on)
