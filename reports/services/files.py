"""Evidence: kept for the unit, put beside a section, taken out again."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import MoveNotAllowed, Refused
from core.uploads import Received
from pilots.models import Programme, Unit

from ..models import Evidence, Section, SectionEvidence
from .writing import lock, record


@transaction.atomic
def keep_evidence(received: Received, *, unit: Unit, programme: Programme, by: Any) -> Evidence:
    """Enter a received file as the unit's evidence; the same file under the same name is one row."""
    row, _created = Evidence.rows.get_or_create(
        unit=unit,
        programme=programme,
        stored=received.stored,
        name=received.name,
        defaults={
            "uploaded_on": clock.today(),
            "uploaded_at": clock.now(),
            "uploaded_by": by,
        },
    )
    return row


@transaction.atomic
def attach(section: Section, evidence: Evidence, *, by: Any) -> SectionEvidence:
    """Put a file of the unit beside a section; one that lies there already comes back.

    Raises Refused for another unit's file, MoveNotAllowed, PeriodClosed.
    """
    report = lock(section.report, None)
    if not report.is_writable:
        raise MoveNotAllowed
    if evidence.unit_id != report.assignment.enrolment.unit_id:
        raise Refused(_("“%(name)s”不是本单位的材料。") % {"name": evidence})
    use, created = SectionEvidence.objects.get_or_create(
        section=section, evidence=evidence, defaults={"added_at": clock.now()}
    )
    if created:
        record("attach", report, by=by, after={"section": section.key})
    return use


@transaction.atomic
def detach(use: SectionEvidence, *, by: Any) -> Evidence:
    """Take a file out of a section of the working copy; it stays the unit's, and stays with every
    edition that was handed in. Raises MoveNotAllowed, PeriodClosed."""
    report = lock(use.section.report, None)
    if not report.is_writable:
        raise MoveNotAllowed
    evidence = use.evidence
    after = {"section": use.section.key}
    use.delete()
    record("detach", report, by=by, after=after)
    return evidence
