"""Holders whom a published source names: entered by the loader of packs, not by a person."""

from typing import Any

from django.db import transaction

from core import audit
from pilots.models import Unit

from ..models import Appointment, Person, Post
from .appointments import Term, report_appointment
from .writing import APPOINTMENT_FACTS, save_appointment


@transaction.atomic
def enter_from_source(
    person: Person,
    unit: Unit,
    post: Post,
    *,
    term: Term,
    source: str,
    pack_code: str,
    reason: str = "",
    by: Any = None,
) -> Appointment:
    """Enter an appointment that a source shows. `pack_code` marks it, so that it is entered once.

    What the source showed counts as confirmed on the day of the source, never on the day of loading:
    the register would call old news fresh. Raises as `report_appointment`.
    """
    row = report_appointment(person, unit, post, term=term, by=by, reason=reason, source=source)
    before = audit.facts(row, APPOINTMENT_FACTS)
    row.pack_code = pack_code
    row.confirmed_on, row.confirmed_by = term.known_on or term.starts_on, None
    return save_appointment(row, "source", by=by, before=before)
