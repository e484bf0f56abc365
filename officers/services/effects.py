"""What an appointment sets going elsewhere: tasks done or opened, rights given; and taken back."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core import audit, clock
from core.errors import Refused
from core.models import Versioned
from duties import services as duties
from duties.choices import OPEN, Move, Nature
from duties.choices import Status as TaskStatus
from duties.models import Assignment, Fulfilment, Obligation

from ..choices import FilingMove, FilingStatus, Kind, Status
from ..models import Appointment
from ..models.posts import CDO
from ..queries.allowed import manages
from ..queries.rules import Ruling
from .filing_moves import take_off_desk
from .rights import give_rights


def take_effect(row: Appointment, ruling: Ruling | None, *, by: Any) -> None:
    """A CDO appointed where nothing is filed fulfils 「设立首席数据官」; where it is filed, the
    filing's task is set and its acceptance fulfils both. Rights begin on its first day."""
    if ruling is not None and row.kind == Kind.SUBSTANTIVE and row.post.code == CDO:
        if ruling.rule.needs_filing:
            set_filing_task(row, ruling, by=by)
        else:
            fulfil_post(row, ruling, by=by, cause=row)
    give_rights(row.person, by=by)


def fulfil_post(row: Appointment, ruling: Ruling, *, by: Any, cause: Versioned) -> None:
    """Count the appointment towards the unit's demand to set up its CDO, if that is still open.
    `cause` is what made it count, the appointment itself or its accepted filing: what takes that
    back takes this back (`uncount`)."""
    happened_on = min(row.signed_on or row.since or clock.today(), clock.today())
    for task in _tasks(ruling, Nature.POST).filter(status__in=OPEN):
        duties.fulfil(
            task,
            source_key=f"{audit.label(cause)}:{task.number}:{cause.version}",
            happened_on=happened_on,
            by=by,
            note=f"{row.person} {row.document_number}".strip(),
        )


def set_filing_task(row: Appointment, ruling: Ruling, *, by: Any) -> None:
    """The task that this appointment's filing fulfils: the unit's first one, then for each change
    of the holder the next occurrence (OB-6: 「again at each change」)."""
    first = _tasks(ruling, Nature.FILING).filter(occurrence="").first()
    if first is None or row.filing_task_id is not None:
        return
    used = set(
        Appointment.rows.filter(filing_task__enrolment=ruling.enrolment)
        .exclude(status=Status.VOIDED)
        .values_list("filing_task__occurrence", flat=True)
    )
    row.filing_task = first if "" not in used else _next(first.obligation, ruling, used, by=by)
    Appointment.rows.filter(pk=row.pk).update(filing_task=row.filing_task)


def _next(obligation: Obligation, ruling: Ruling, used: set[str], *, by: Any) -> Assignment:
    change = next(n for n in range(2, len(used) + 3) if f"change-{n}" not in used)
    task = duties.open_occurrence(
        obligation, ruling.enrolment, occurrence=f"change-{change}", by=by
    )
    # Withdrawn together with an entry that was voided, and asked for again.
    return duties.restore(task, by=by) if task.status == TaskStatus.WITHDRAWN else task


def _tasks(ruling: Ruling, nature: str) -> "QuerySet[Assignment]":
    return (
        Assignment.rows.filter(enrolment=ruling.enrolment, obligation__nature=nature)
        .select_related("obligation")
        .order_by("number")
    )


def uncount(prefix: str, *, by: Any, reason: str) -> None:
    """What was counted under keys that begin so counts no more."""
    for mark in Fulfilment.objects.filter(source_key__startswith=prefix, voided_at=None):
        duties.void(mark, by=by, reason=reason)


def refuse_on_record(row: Appointment, kind: str, *, by: Any) -> None:
    """What the desk has put on record a unit does not take back alone: raise Refused, naming the
    filing, until the desk has reopened it. The bureau may."""
    if by is None or manages(by, row.unit):
        return
    filing = row.filings.filter(kind=kind, status=FilingStatus.ACCEPTED).first()
    if filing is not None:
        words = {"number": filing.number, "desk": filing.desk}
        message = _("这项登记已由%(desk)s备案（%(number)s），先请%(desk)s撤销备案，再来办理。")
        raise Refused(message % words)


def take_back(row: Appointment, *, by: Any, reason: str) -> None:
    """What a voided appointment had counted for, and the filing that told of it."""
    for filing in row.filings.live():
        take_off_desk(filing, FilingMove.CANCEL, by=by, reason=reason)
    keys = [f"appointment:{row.number}:", *(f"filing:{f.number}:" for f in row.filings.all())]
    for key in keys:
        uncount(key, by=by, reason=reason)
    task = row.filing_task
    if task is not None and task.occurrence and task.status in OPEN:
        duties.take_off(task, Move.WITHDRAW, by=by, reason=reason)
