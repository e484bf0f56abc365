"""问题建议与支持事项: raised by a unit, promised and answered by the bureau, closed by the unit."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, clock, moves
from core.errors import Refused
from core.models import StoredFile
from core.numbers import next_numbers
from pilots.models import Enrolment

from ..choices import SUPPORT_MOVES, SupportMove
from ..models import Report, SupportReply, SupportRequest

FACTS = ("status", "nature", "kind", "title", "text", "answer_by", "answered_on", "closed_on")


@dataclass(frozen=True)
class Asked:
    """What a unit asks: `nature` problem, suggestion or support; `kind` only with support."""

    nature: str
    title: str
    text: str
    kind: str = ""


@dataclass(frozen=True)
class Enclosure:
    """A file that comes with a reply."""

    file: StoredFile
    name: str


@transaction.atomic
def raise_support(
    enrolment: Enrolment,
    asked: Asked,
    *,
    by: Any,
    report: Report | None = None,
    section_key: str = "",
) -> SupportRequest:
    """Raise it, alone or out of a section of one of the unit's reports.

    Raises ValidationError by field, Refused for a report of another unit.
    """
    if report is not None and report.assignment.enrolment_id != enrolment.pk:
        raise Refused(_("%(number)s不是本单位的报告。") % {"number": report.number})
    now = clock.now()
    row = SupportRequest(
        number=next_numbers(SupportRequest.rows, "ZC")[0],
        enrolment=enrolment,
        report=report,
        section_key=section_key,
        raised_on=clock.today(),
        raised_at=now,
        raised_by=by,
        updated_at=now,
    )
    _write(row, asked)
    row.full_clean()
    row.save()
    _record("raise", row, by=by, before=None)
    return row


@transaction.atomic
def mend_support(
    request: SupportRequest, asked: Asked, *, by: Any, version: int | None = None
) -> SupportRequest:
    """Reword it, as long as nothing was answered. Raises MoveNotAllowed, StaleVersion,
    ValidationError."""
    row, before = _lock(request, version)
    moves.target(SUPPORT_MOVES, row.status, SupportMove.MEND)
    _write(row, asked)
    return _save(row, SupportMove.MEND, by=by, before=before)


@transaction.atomic
def promise_support(
    request: SupportRequest, *, answer_by: date, by: Any, version: int | None = None
) -> SupportRequest:
    """The bureau says by when it answers. Raises MoveNotAllowed, StaleVersion, ValidationError for a
    day gone by."""
    row, before = _lock(request, version)
    row.status = moves.target(SUPPORT_MOVES, row.status, SupportMove.PROMISE)
    if answer_by < clock.today():
        raise ValidationError({"answer_by": _("答复期限不能早于今天。")})
    row.answer_by = answer_by
    return _save(row, SupportMove.PROMISE, by=by, before=before)


@transaction.atomic
def answer_support(
    request: SupportRequest,
    text: str,
    *,
    by: Any,
    enclosure: Enclosure | None = None,
    version: int | None = None,
) -> SupportRequest:
    """The bureau answers. Raises MoveNotAllowed, StaleVersion, Refused without a text."""
    return _say(request, SupportMove.ANSWER, text, enclosure, by=by, version=version)


@transaction.atomic
def reopen_support(
    request: SupportRequest, text: str, *, by: Any, version: int | None = None
) -> SupportRequest:
    """The unit is not helped yet, and says why; the bureau sets a new day."""
    return _say(request, SupportMove.REOPEN, text, None, by=by, version=version)


@transaction.atomic
def close_support(
    request: SupportRequest, *, by: Any, version: int | None = None
) -> SupportRequest:
    """The unit confirms that it is settled."""
    return _end(request, SupportMove.CLOSE, "", by=by, version=version)


@transaction.atomic
def withdraw_support(
    request: SupportRequest, reason: str, *, by: Any, version: int | None = None
) -> SupportRequest:
    """The unit takes it back, with the reason."""
    if not reason.strip():
        raise Refused(_("写明撤回的原因。"))
    return _end(request, SupportMove.WITHDRAW, reason, by=by, version=version)


# --- parts ---------------------------------------------------------------------------------------


def _lock(request: SupportRequest, version: int | None) -> tuple[SupportRequest, dict[str, Any]]:
    rows = SupportRequest.rows.select_for_update(of=("self",)).for_lists()
    row = rows.get(pk=request.pk)
    row.require_version(version)
    return row, audit.facts(row, FACTS)


def _write(row: SupportRequest, asked: Asked) -> None:
    row.nature, row.kind = asked.nature, asked.kind if asked.nature == "support" else ""
    row.title, row.text = asked.title.strip(), asked.text.strip()


def _say(
    request: SupportRequest,
    move: SupportMove,
    text: str,
    enclosure: Enclosure | None,
    *,
    by: Any,
    version: int | None,
) -> SupportRequest:
    if not text.strip():
        raise Refused(_("填写内容，对方会看到。"))
    row, before = _lock(request, version)
    row.status = moves.target(SUPPORT_MOVES, row.status, move)
    if move == SupportMove.ANSWER:
        row.answered_on = clock.today()
    else:
        row.answer_by = None  # an old promise must not be overdue at once
    _reply(row, move, text, enclosure, by=by)
    return _save(row, move, by=by, before=before)


def _end(
    request: SupportRequest, move: SupportMove, text: str, *, by: Any, version: int | None
) -> SupportRequest:
    row, before = _lock(request, version)
    row.status = moves.target(SUPPORT_MOVES, row.status, move)
    row.closed_on = clock.today()
    if text.strip():
        _reply(row, move, text, None, by=by)
    return _save(row, move, by=by, before=before)


def _reply(
    row: SupportRequest, move: SupportMove, text: str, enclosure: Enclosure | None, *, by: Any
) -> None:
    SupportReply.objects.create(
        request=row,
        move=move,
        text=text.strip(),
        file=enclosure.file if enclosure else None,
        file_name=enclosure.name if enclosure else "",
        said_on=clock.today(),
        said_at=clock.now(),
        said_by=by,
    )


def _save(row: SupportRequest, verb: str, *, by: Any, before: dict[str, Any]) -> SupportRequest:
    row.version += 1
    row.updated_at = clock.now()
    row.full_clean()
    row.save()
    _record(verb, row, by=by, before=before)
    return row


def _record(verb: str, row: SupportRequest, *, by: Any, before: dict[str, Any] | None) -> None:
    audit.record(
        f"support.{verb}",
        by=by,
        subject=row,
        unit=row.unit,
        programme=row.programme,
        before=before,
        after=audit.facts(row, FACTS),
    )
