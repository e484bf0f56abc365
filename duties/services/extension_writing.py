"""How a request for a later day is changed and checked, and how it moves the deadline."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override

from approvals import services as approvals
from approvals.choices import Purpose
from approvals.models import Approval
from core import audit, clock
from core.errors import Refused
from core.models import StoredFile

from ..choices import Verdict
from ..models import Assignment, Extension
from ..queries.extensions import bureau_of
from .retelling import retell
from .sync import calendar_around, deadline
from .writing import FACTS, save

LEAST, MOST = 50, 300  # characters of a reason, white space not counted
FACTS_OF_EXTENSION = (
    "state",
    "wanted_on",
    "reason",
    "done_so_far",
    "file_name",
    "letter_from",
    "letter_number",
    "letter_on",
    "verdict",
    "granted_on",
    "answer",
    "state_note",
)


@dataclass(frozen=True)
class Request:
    """What the unit writes: the day wanted, why (50 to 300 characters), what was done so far, and a
    file that shows it."""

    wanted_on: date
    reason: str
    done_so_far: str = ""
    file: StoredFile | None = None
    file_name: str = ""


@dataclass(frozen=True)
class Letter:
    """来文: from whom a request came to the bureau, on which day, by which number ('' where it has
    none)."""

    came_from: str
    came_on: date
    number: str = ""


def facts_of(row: Extension) -> dict[str, Any]:
    return audit.facts(row, FACTS_OF_EXTENSION)


def lock_extension(extension: Extension, version: int | None) -> Extension:
    """The row under lock; raises StaleVersion."""
    rows = Extension.rows.select_for_update(of=("self",)).for_lists()
    row = rows.select_related("file").get(pk=extension.pk)
    row.require_version(version)
    return row


def save_extension(
    row: Extension, verb: str, *, by: Any, before: dict[str, Any] | None
) -> Extension:
    """Check, save and audit; raises ValidationError."""
    row.updated_at = clock.now()
    if row.pk is not None:
        row.version += 1
    row.full_clean()
    row.save()
    audit.record(
        f"extension.{verb}",
        by=by,
        subject=row,
        unit=row.unit,
        programme=row.programme,
        before=before,
        after=facts_of(row),
    )
    return row


def written(text: str) -> int:
    """Characters without white space."""
    return len("".join(text.split()))


def check_request(request: Request, task: Assignment) -> None:
    """Raise ValidationError by field for a day that is not later, and a reason too short or long."""
    faults: dict[str, str] = {}
    if task.latest_on is not None and request.wanted_on <= task.latest_on:
        faults["wanted_on"] = not_later(task)
    count = written(request.reason)
    if count < LEAST:
        facts = {"least": LEAST, "now": count}
        faults["reason"] = _("“理由”至少%(least)s字，现在%(now)s字") % facts
    elif count > MOST:
        facts = {"most": MOST, "over": count - MOST}
        faults["reason"] = _("“理由”超出上限%(over)s字，压缩到%(most)s字以内") % facts
    over = written(request.done_so_far) - MOST
    if over > 0:
        facts = {"most": MOST, "over": over}
        faults["done_so_far"] = _("“已做工作”超出上限%(over)s字，压缩到%(most)s字以内") % facts
    if faults:
        raise ValidationError(faults)


def not_later(task: Assignment) -> str:
    """「延期日期要晚于原定的2022-04-30」; 现定的 where it was extended before."""
    if task.was_extended:
        return _("延期日期要晚于现定的%(day)s") % {"day": task.latest_on}
    return _("延期日期要晚于原定的%(day)s") % {"day": task.latest_on}


def check_day(row: Extension, task: Assignment) -> None:
    """Raise ValidationError for an answer without its day or its reason."""
    if row.verdict == Verdict.REFUSE:
        if not row.answer:
            raise ValidationError({"answer": _("写明不同意的理由，单位会看到。")})
        return
    day: date | None = row.granted_on
    if day is None:
        raise ValidationError({"granted_on": _("填写“同意延至”的日期")})
    if task.latest_on is not None and day <= task.latest_on:
        raise ValidationError({"granted_on": not_later(task)})
    if row.verdict == Verdict.PARTLY and day >= row.wanted_on:
        facts = {"day": row.wanted_on}
        message = _("部分同意的日期要早于申请的%(day)s；就是这一天的，选“同意”")
        raise ValidationError({"granted_on": message % facts})


def move_deadline(row: Extension, task: Assignment, *, by: Any) -> int:
    """Move the task to the day granted; the first day stays. Gives the new version."""
    before = audit.facts(task, FACTS)
    task.original_due_on = task.original_due_on or task.due_on
    _set_dates(task, row.granted_on, row.granted_on)
    version = save(task, "extend", by=by, before=before).deadline_version
    retell([task])
    return version


def restore_deadline(row: Extension, task: Assignment, *, by: Any) -> None:
    """Back to the dates from which it had been moved."""
    before = audit.facts(task, FACTS)
    _set_dates(task, row.due_on, row.latest_on)
    save(task, "unextend", by=by, before=before)
    retell([task])


def _set_dates(task: Assignment, due_on: date | None, latest_on: date | None) -> None:
    for name, value in deadline(due_on, latest_on, calendar_around(latest_on)).items():
        setattr(task, name, value)
    task.deadline_version += 1


def read_deadline(row: Extension, task: Assignment) -> None:
    """Note the deadline that is to be moved: it may have been decided anew since it was asked."""
    if task.due_on is not None and task.latest_on is not None:
        row.due_on, row.latest_on = task.due_on, task.latest_on


def require_open(task: Assignment) -> None:
    if not task.is_open():
        facts = {"number": task.number, "status": task.get_status_display()}
        raise Refused(_("%(number)s%(status)s，不用再延期。") % facts)


def open_round(row: Extension, purpose: Purpose, *, by: Any) -> Approval:
    day = row.granted_on or row.wanted_on
    facts = {"task": row.assignment.obligation.short_title, "day": day}
    with override(settings.LANGUAGE_CODE):  # a title is kept, and read by others
        title = _("%(task)s延期至%(day)s") % facts
    is_unit = purpose == Purpose.EXTENSION
    return approvals.open_approval(
        purpose,
        row.number,
        title=title,
        unit=row.unit if is_unit else bureau_of(row.programme),
        programme=row.programme,
        by=by,
        length=len(row.reason) + len(row.done_so_far),
        due_on=row.latest_on if is_unit else None,
    )


def clear_verdict(row: Extension) -> None:
    row.verdict, row.granted_on, row.answer = "", None, ""
    row.decided_at = row.decided_by = None
