"""备案: reported by the unit or entered by the desk, accepted with number and date. Accepting fulfils
the matching tasks in the same transaction."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import audit, clock, moves
from core.errors import Refused
from core.models import StoredFile
from core.numbers import next_numbers
from duties import services as duties
from duties.choices import CLOSED, OPEN, Nature
from duties.models import Assignment
from pilots.models import Enrolment, Unit

from ..choices import FILING_MOVES, STANDING, FilingKind, FilingMove, FilingStatus, Kind, Route
from ..models import Appointment, Filing
from ..queries.plans import plan_desk
from ..queries.rules import Ruling, ruling_for
from .effects import fulfil_post, set_filing_task, uncount
from .filing_moves import refuse_own, tell_task
from .writing import FILING_FACTS, lock_filing, save_filing, tidy_number


@dataclass(frozen=True)
class Letter:
    """What was handed in: the letter's number, a note, a scan, and the day it was reported (来文日期
    when it came on paper; today when None)."""

    document_number: str = ""
    note: str = ""
    file: StoredFile | None = None
    file_name: str = ""
    reported_on: date | None = None


@transaction.atomic
def file_appointment(
    appointment: Appointment,
    *,
    by: Any,
    letter: Letter | None = None,
    kind: str = FilingKind.APPOINTMENT,
    route: str = Route.ONLINE,
) -> Filing:
    """Report an appointment, or with `kind` its removal, to the desk that the rule names.

    Raises Refused when the rule asks for no filing, the appointment is only proposed, the holder
    has not left (for a removal) or it was filed already; ValidationError.
    """
    row = Appointment.rows.select_for_update(of=("self",)).select_related(
        "person", "post", "unit", "filing_task"
    ).get(pk=appointment.pk)  # fmt: skip
    ruling = _desk_of(row, kind)
    if row.filing_task_id is None and row.kind == Kind.SUBSTANTIVE:
        set_filing_task(row, ruling, by=by)
    task = row.filing_task if kind == FilingKind.APPOINTMENT else None
    filing = Filing(
        kind=kind,
        programme=ruling.enrolment.programme,
        unit=row.unit,
        desk=ruling.rule.filed_at,
        appointment=row,
        assignment=task,
        title=_title(row, kind),
    )
    return _submit(filing, letter or Letter(row.document_number), route, by=by)


@transaction.atomic
def file_plan(
    enrolment: Enrolment,
    *,
    title: str,
    by: Any,
    letter: Letter | None = None,
    route: str = Route.ONLINE,
) -> Filing:
    """Report an implementation plan (实施方案) to the city's bureau (OB-5).

    Raises Refused when the programme asks this unit for none, has no bureau or the plan was filed
    already; ValidationError.
    """
    task = (
        Assignment.rows.select_for_update(of=("self",))
        .filter(enrolment=enrolment, obligation__nature=Nature.PLAN)
        .exclude(status__in=CLOSED)
        .order_by("number")
        .first()
    )
    words = {"unit": enrolment.unit}
    if task is None:
        raise Refused(_("%(unit)s没有要报备的实施方案，或已备案。") % words)
    known = task.filings.live().first()
    if known is not None:
        words |= {"number": known.number, "status": known.get_status_display()}
        raise Refused(_("%(unit)s的实施方案已报备：%(number)s（%(status)s），不用再报。") % words)
    desk = plan_desk(task)
    if desk is None:
        raise Refused(_("这个方案还没有登记牵头单位，先登记再报备。"))
    filing = Filing(
        kind=FilingKind.PLAN,
        programme=enrolment.programme,
        unit=enrolment.unit,
        desk=desk,
        assignment=task,
        title=title.strip() or plan_title(enrolment.unit),
    )
    return _submit(filing, letter or Letter(), route, by=by)


@transaction.atomic
def accept_filing(
    filing: Filing,
    *,
    by: Any,
    receipt_number: str = "",
    on: date | None = None,
    version: int | None = None,
) -> Filing:
    """准予备案 with number (the filing's own when none is given) and date. Fulfils the filing's task
    and, for a CDO's appointment, 「设立首席数据官」, on the days on which the unit did them.

    Raises MoveNotAllowed, StaleVersion, Refused for one's own filing, ValidationError for a number
    given twice or a day ahead or before the report.
    """
    row = lock_filing(filing, version)
    before = audit.facts(row, FILING_FACTS)
    row.status = moves.target(FILING_MOVES, row.status, FilingMove.ACCEPT)
    refuse_own(row, by)
    row.accepted_on = on or clock.today()
    _check_day(row)
    row.receipt_number = receipt_number.strip() or row.number
    row.return_reason = ""
    row.decided_at, row.decided_by = clock.now(), by
    try:
        with transaction.atomic():
            row = _with_free_number(row, by=by, before=before)
    except (IntegrityError, ValidationError):
        _refuse_taken(row)  # given at the same moment to another filing
        raise
    _fulfil(row, by=by)
    return row


@transaction.atomic
def reopen_filing(filing: Filing, *, by: Any, reason: str, version: int | None = None) -> Filing:
    """The acceptance was an error: back to 退回补正, what it had fulfilled counts no more.

    Raises MoveNotAllowed, StaleVersion, Refused without a reason.
    """
    if not reason.strip():
        raise Refused(_("写明撤销备案的原因，单位会看到。"))
    row = lock_filing(filing, version)
    before = audit.facts(row, FILING_FACTS)
    row.status = moves.target(FILING_MOVES, row.status, FilingMove.REOPEN)
    row.return_reason = reason.strip()
    row.returns += 1
    row.accepted_on, row.receipt_number = None, ""
    row.decided_at, row.decided_by = clock.now(), by
    row = save_filing(row, FilingMove.REOPEN, by=by, before=before)
    uncount(f"filing:{row.number}:", by=by, reason=row.return_reason)
    tell_task(row, by=by)
    return row


# --- parts ---------------------------------------------------------------------------------------


def plan_title(unit: Unit) -> str:
    """What a plan is called unless its letter says otherwise; kept in Chinese."""
    with override(settings.LANGUAGE_CODE):
        return _("%(unit)s首席数据官实施方案") % {"unit": unit}


def _title(row: Appointment, kind: str) -> str:
    # Whoever files it may read English; the record is kept in Chinese.
    with override(settings.LANGUAGE_CODE):
        words = {"person": row.person, "post": row.post, "kind": FilingKind(kind).label}
        return _("%(person)s%(post)s%(kind)s") % words


def _with_free_number(row: Filing, *, by: Any, before: dict[str, Any]) -> Filing:
    _refuse_taken(row)
    return save_filing(row, FilingMove.ACCEPT, by=by, before=before)


def _refuse_taken(row: Filing) -> None:
    """A 备案编号 stands for one filing of the desk: raise ValidationError with that one's number."""
    others = Filing.rows.filter(desk=row.desk, receipt_number=row.receipt_number)
    other = others.exclude(pk=row.pk).select_related("unit").first()
    if other is not None:
        words = {"typed": row.receipt_number, "number": other.number, "unit": other.unit}
        message = _("备案编号“%(typed)s”已用于另一件备案（%(unit)s，%(number)s），换一个编号。")
        raise ValidationError({"receipt_number": message % words})


def _desk_of(row: Appointment, kind: str) -> Ruling:
    ruling = ruling_for(row.unit, row.post, row.since or clock.today())
    words = {"unit": row.unit, "post": row.post, "person": row.person}
    if ruling is None or not ruling.rule.needs_filing:
        raise Refused(_("%(unit)s的%(post)s不用备案：文件没有这项要求。") % words)
    if row.status not in STANDING:
        raise Refused(_("%(person)s的任命还没有确认，或已作废，不能备案。") % words)
    if kind == FilingKind.REMOVAL and row.ends_on is None:
        raise Refused(_("%(person)s还在任，先登记离任再报免职备案。") % words)
    known = row.filings.live().filter(kind=kind).first()
    if known is not None:
        words |= {"number": known.number, "status": known.get_status_display()}
        raise Refused(_("这项任命已报备：%(number)s（%(status)s），不用再报。") % words)
    return ruling


def _submit(filing: Filing, letter: Letter, route: str, *, by: Any) -> Filing:
    filing.document_number = tidy_number(letter.document_number, "document_number")
    filing.note, filing.file, filing.file_name = letter.note.strip(), letter.file, letter.file_name
    filing.route, filing.reported_on = route, letter.reported_on or clock.today()
    if filing.reported_on > clock.today():
        raise ValidationError({"reported_on": _("报备日期不能晚于今天。")})
    filing.number = next_numbers(Filing.rows, "BA")[0]
    filing.submitted_at, filing.submitted_by = clock.now(), by
    filing.status = FilingStatus.SUBMITTED
    filing = save_filing(filing, "submit", by=by, before=None)
    tell_task(filing, by=by)
    return filing


def _check_day(row: Filing) -> None:
    if row.accepted_on is None or row.accepted_on > clock.today():
        raise ValidationError({"accepted_on": _("备案日期不能晚于今天。")})
    if row.accepted_on < row.reported_on:
        message = _("备案日期不能早于报备日期%(day)s。")
        raise ValidationError({"accepted_on": message % {"day": row.reported_on}})


def _fulfil(row: Filing, *, by: Any) -> None:
    if row.assignment is not None and row.assignment.status in OPEN:
        duties.fulfil(
            row.assignment,
            source_key=f"filing:{row.number}:{row.version}",
            happened_on=row.reported_on,
            by=by,
            note=f"{row.title} {row.receipt_number}",
        )
    if row.appointment is not None and row.kind == FilingKind.APPOINTMENT:
        appointment = row.appointment
        ruling = ruling_for(row.unit, appointment.post, appointment.since or row.reported_on)
        if ruling is not None and appointment.kind == Kind.SUBSTANTIVE:
            fulfil_post(appointment, ruling, by=by, cause=row)
