"""代录: a report that came as a letter is typed in by the bureau's officer, and then handed in on the
day of the letter."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import clock, document_numbers
from core.errors import MoveNotAllowed, Refused
from core.uploads import Received
from duties.models import Assignment
from pilots.models import Membership

from ..choices import WRITABLE, LetterOutcome
from ..models import IncomingLetter, Report, Section, SectionEvidence
from .drafting import start_report
from .files import attach, keep_evidence
from .handing_in import Letter, enter_letter
from .writing import lock, record


@transaction.atomic
def start_letter(
    assignment: Assignment, letter: Letter, *, received: Received, by: Any
) -> IncomingLetter:
    """来文登记: the report of the task, which from now on the bureau writes; the scan lies with its
    first section as evidence.

    Raises Refused when the unit has begun to write by itself, or reports are not due; ValidationError
    for a day to come, or while another letter is being entered; PeriodClosed.
    """
    if letter.came_on > clock.today():
        raise ValidationError({"came_on": _("来文日期不能晚于今天。")})
    row = lock(start_report(assignment, by=by), None)
    if row.status not in WRITABLE:
        words = {"number": row.number, "status": row.get_status_display()}
        raise Refused(_("报告%(number)s现在是“%(status)s”，不用代录。") % words)
    _refuse_draft(row)
    scan = keep_evidence(received, unit=row.unit, programme=row.programme, by=by)
    entry = IncomingLetter(
        report=row,
        came_from=letter.came_from.strip(),
        number=document_numbers.normalise(letter.number),
        came_on=letter.came_on,
        scan=scan,
        begun_at=clock.now(),
        begun_by=by,
    )
    entry.full_clean()
    entry.save()
    first = row.sections.standing().order_by("position", "id").first()
    if first is not None:
        attach(first, scan, by=by)
    after = {"came_from": entry.came_from, "came_on": entry.came_on, "number": entry.number}
    record("letter", row, by=by, after=after)
    return entry


@transaction.atomic
def finish_letter(report: Report, *, by: Any, version: int | None = None) -> Report:
    """The text is in: handed in as of the day of the letter. Raises what `enter_letter` raises,
    MoveNotAllowed where no letter is being entered."""
    entry = _open(report)
    letter = Letter(entry.came_from, entry.came_on, entry.number)
    row = enter_letter(report, letter, by=by, version=version)
    _close(entry, LetterOutcome.ENTERED)
    return row


@transaction.atomic
def drop_letter(report: Report, *, by: Any) -> Report:
    """取消代录: the unit writes again; what was typed stays in the draft. Raises MoveNotAllowed."""
    entry = _open(report)
    row = lock(report, None)
    _close(entry, LetterOutcome.DROPPED)
    record("drop_letter", row, by=by, after={"came_from": entry.came_from})
    return row


# --- parts ---------------------------------------------------------------------------------------


def _open(report: Report) -> IncomingLetter:
    rows = IncomingLetter.objects.select_for_update(of=("self",))
    found = rows.filter(report=report, closed_at=None).first()
    if found is None:
        raise MoveNotAllowed(_("这份报告没有在代录。刷新页面后再看。"))
    return found


def _close(entry: IncomingLetter, outcome: LetterOutcome) -> None:
    entry.outcome, entry.closed_at = outcome, clock.now()
    entry.full_clean()
    entry.save()


def _refuse_draft(row: Report) -> None:
    """What the unit's own people wrote, and the files they put beside it, are their matter until they
    hand it in."""
    uses = SectionEvidence.objects.filter(section__report=row)
    written = {each.updated_by_id for each in row.sections.all() if _holds(each)}
    written |= set(uses.values_list("evidence__uploaded_by_id", flat=True))
    people = [pk for pk in written if pk is not None]
    if Membership.rows.filter(unit=row.unit, user_id__in=people).exists():
        words = {"unit": row.unit.display_name, "number": row.number}
        raise Refused(
            _("%(unit)s已在网上填写%(number)s，由单位提交；单位可以登记纸质审签。") % words
        )


def _holds(section: Section) -> bool:
    """Whether anything stands in it: texts, choices, figures."""
    figures = section.figures.filter(value__isnull=False)
    return bool(
        not section.is_empty or section.completion or section.items.exists() or figures.exists()
    )
