"""Reads across requests for support: who may raise and answer, what waits for whom, what is filled in."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts.roles import Permission
from core import clock
from core.workdays import Calendar
from pilots import access
from pilots.access import granted, memberships_of
from pilots.choices import Part, Phase
from pilots.models import Enrolment, Unit
from pilots.models.scope import own_units, wide_programmes

from ..choices import SUPPORT_OPEN, Chapter, Kind, SupportNature, SupportStatus
from ..models import Report, SupportRequest
from ..models.support import SupportRequestQuerySet
from .reading import Reading, reading_of

ANSWER_WITHIN = 10  # working days that are suggested for an answer
TITLE = 30  # characters of the problem that begin a title
NATURES = {
    Chapter.PROBLEMS: SupportNature.PROBLEM,
    Chapter.SUGGESTIONS: SupportNature.SUGGESTION,
}


@dataclass(frozen=True)
class Prefilled:
    """What a section of a report already says of it: `nature`, `title` and `text` as they are filled
    in."""

    report: Report
    section_key: str
    heading: str
    nature: str
    title: str
    text: str


def raised_for(user: Any) -> list[Enrolment]:
    """The parts as pilots, in programmes that are not closed, of the units for which the user may
    raise something now, in the document's order."""
    units = [
        row.unit_id for row in memberships_of(user) if Permission.WRITE_REPORTS in granted(row)
    ]
    rows = (
        Enrolment.objects.visible_to(user)
        .filter(unit__in=units, part=Part.PILOT, withdrawn_on=None)
        .exclude(programme__phase=Phase.CLOSED)
        .standing(clock.today())
        .select_related("unit", "programme")
        .prefetch_related("unit__names")
    )
    return list(rows.in_document_order())


def raises_in(report: Report, user: Any) -> bool:
    """Whether the user may raise something out of this report of a unit."""
    return report.kind != Kind.OVERALL and access.may(
        user, Permission.WRITE_REPORTS, unit=report.unit
    )


def writes_support(row: SupportRequest, user: Any) -> bool:
    """Whether the user acts for the unit that raised it."""
    return access.may(user, Permission.WRITE_REPORTS, unit=row.unit)


def answers_support(row: SupportRequest, user: Any) -> bool:
    """Whether the user answers it for the bureau."""
    return access.may(user, Permission.REVIEW_REPORTS, unit=row.unit, programme=row.programme)


def suggested_day(on: date) -> date:
    """Ten working days after `on`."""
    return Calendar.around(on, margin=60).forward(on, ANSWER_WITHIN)


def searched(rows: SupportRequestQuerySet, value: str) -> SupportRequestQuerySet:
    """Requests whose number, title, report or unit matches."""
    unit = Unit.rows.searched(value).filter(pk=OuterRef("enrolment__unit_id"))
    return rows.filter(
        Q(number__icontains=value)
        | Q(title__icontains=value)
        | Q(report__number__icontains=value)
        | Exists(unit)
    )


def waiting_for_reader(rows: SupportRequestQuerySet, user: Any) -> SupportRequestQuerySet:
    """Those that wait for the user: for the bureau's answer, or for the unit to say whether the
    answer helped."""
    desk = wide_programmes(user, Permission.REVIEW_REPORTS)
    answer = Q(status__in=SUPPORT_OPEN, enrolment__programme_id__in=desk)
    confirm = Q(status=SupportStatus.ANSWERED, enrolment__unit_id__in=own_units(user))
    return rows.filter(answer | confirm)


def prefilled(report: Report, key: str, user: Any) -> Prefilled | None:
    """What the section of the report says of problems, as far as the user reads it; None without
    such a section."""
    sections = (reading_of(report, user).content or {"sections": ()})["sections"]
    section = next((row for row in sections if row["key"] == key), None)
    if section is None:
        return None
    is_chapter = key in NATURES
    text = str(section["body" if is_chapter else "problems"]).strip()
    begun = text.split("\n")[0].split("。")[0][:TITLE]
    return Prefilled(
        report,
        key,
        section["heading"],
        NATURES[Chapter(key)] if is_chapter else SupportNature.PROBLEM,
        begun,
        text,
    )


def asking_sections(reading: Reading, user: Any) -> set[str]:
    """Keys of the sections that tell of problems or suggestions, for whoever may raise them."""
    if reading.content is None or not raises_in(reading.report, user):
        return set()
    return {
        row["key"]
        for row in reading.content["sections"]
        if row["problems"].strip() or (row["key"] in NATURES and row["body"].strip())
    }
