"""单位申报: a unit says who of it attended; the bureau confirms it or returns it."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, clock
from core.errors import MoveNotAllowed, PermissionRefused, Refused
from pilots.models import Enrolment

from ..choices import DeclarationMove, EventStatus, Route
from ..models import Attendance, Declaration, Event
from ..queries.allowed import may_report
from .attendance import Seat, put
from .counting import settle
from .writing import (
    DECLARATION_FACTS,
    declared_target,
    lock_event,
    require_bureau,
    require_held_day,
    require_text,
)


@transaction.atomic
def declare(
    event: Event,
    enrolment: Enrolment,
    *,
    headcount: int | None,
    by: Any,
    people: Sequence[Seat] = (),
    note: str = "",
) -> Declaration:
    """Say for one body how many of it attended, and who by name where that is known.

    Raises ValidationError by field; Refused for a body that neither organises nor is invited, or has
    declared already; MoveNotAllowed for a cancelled event; PermissionRefused.
    """
    row = lock_event(event)
    _require_own(enrolment, by)
    if row.status == EventStatus.CANCELLED:
        raise MoveNotAllowed(_("%(number)s已取消，不能申报。") % {"number": row.number})
    require_held_day(row)
    _require_part(row, enrolment)
    known = Declaration.rows.live().filter(event=row, enrolment=enrolment).first()
    if known is not None:
        facts = {"unit": enrolment.unit, "state": known.get_state_display()}
        raise Refused(_("%(unit)s已经申报过这次活动（%(state)s），不重复申报。") % facts)
    heads = _heads(headcount, people)
    found = Declaration(event=row, enrolment=enrolment, headcount=heads, note=note.strip())
    found.declared_at, found.declared_by = clock.now(), by
    found.declared_on = clock.today()
    _save(found, "declare", by=by, before=None)
    if people:
        put(row, people, route=Route.DECLARED, by=by, declaration=found)
    return found


@transaction.atomic
def resubmit_declaration(
    declaration: Declaration,
    *,
    headcount: int | None,
    by: Any,
    people: Sequence[Seat] = (),
    note: str = "",
    version: int | None = None,
) -> Declaration:
    """修改后再申报: the names given replace those that were. Raises as `declare`, StaleVersion."""
    row = _lock(declaration, version)
    _require_own(row.enrolment, by)
    before = audit.facts(row, DECLARATION_FACTS)
    row.state = declared_target(row, DeclarationMove.RESUBMIT)
    row.headcount, row.note = _heads(headcount, people), note.strip()
    row.declared_at, row.declared_by, row.declared_on = clock.now(), by, clock.today()
    _undecide(row)
    _strike_names(row, _("修改后再申报"))
    _save(row, DeclarationMove.RESUBMIT, by=by, before=before)
    if people:
        put(row.event, people, route=Route.DECLARED, by=by, declaration=row)
    return row


@transaction.atomic
def confirm_declaration(
    declaration: Declaration, *, by: Any, version: int | None = None
) -> Declaration:
    """确认: its names count, and an organiser's stands for a sign-in sheet. Raises MoveNotAllowed,
    StaleVersion, PermissionRefused."""
    row = _lock(declaration, version)
    require_bureau(row.event, by)
    before = audit.facts(row, DECLARATION_FACTS)
    row.state = declared_target(row, DeclarationMove.CONFIRM)
    _decide(row, by)
    _save(row, DeclarationMove.CONFIRM, by=by, before=before)
    settle(row.event, by=by, reason=_("%(unit)s的申报已确认") % {"unit": row.unit})
    return row


@transaction.atomic
def return_declaration(
    declaration: Declaration, *, by: Any, reason: str, version: int | None = None
) -> Declaration:
    """退回修改, with what is to be mended. Raises ValidationError without a reason, MoveNotAllowed,
    StaleVersion, PermissionRefused."""
    row = _lock(declaration, version)
    require_bureau(row.event, by)
    before = audit.facts(row, DECLARATION_FACTS)
    said = require_text(reason, "reason", _("写明退回原因，单位会看到"))
    row.state = declared_target(row, DeclarationMove.RETURN)
    row.reason = said
    _decide(row, by)
    return _save(row, DeclarationMove.RETURN, by=by, before=before)


@transaction.atomic
def withdraw_declaration(
    declaration: Declaration, *, by: Any, version: int | None = None
) -> Declaration:
    """撤回申报: its names leave the list. Raises MoveNotAllowed, StaleVersion, PermissionRefused."""
    row = _lock(declaration, version)
    _require_own(row.enrolment, by)
    before = audit.facts(row, DECLARATION_FACTS)
    row.state = declared_target(row, DeclarationMove.WITHDRAW)
    _undecide(row)
    _strike_names(row, _("撤回申报"))
    return _save(row, DeclarationMove.WITHDRAW, by=by, before=before)


@transaction.atomic
def undo_confirmation(
    declaration: Declaration, *, by: Any, version: int | None = None
) -> Declaration:
    """撤销确认: it waits again, and counts no more. Raises MoveNotAllowed, StaleVersion,
    PermissionRefused."""
    row = _lock(declaration, version)
    require_bureau(row.event, by)
    before = audit.facts(row, DECLARATION_FACTS)
    row.state = declared_target(row, DeclarationMove.UNDO)
    _undecide(row)
    _save(row, DeclarationMove.UNDO, by=by, before=before)
    settle(row.event, by=by, reason=_("%(unit)s的申报撤销确认") % {"unit": row.unit})
    return row


# --- parts ---------------------------------------------------------------------------------------


def _lock(declaration: Declaration, version: int | None) -> Declaration:
    """Event first, then the declaration: the order in which everybody locks them."""
    event = lock_event(declaration.event)
    rows = Declaration.rows.select_for_update(of=("self",)).select_related("enrolment__unit")
    row: Declaration = rows.get(pk=declaration.pk)
    row.require_version(version)
    row.event = event
    return row


def _save(row: Declaration, verb: str, *, by: Any, before: dict[str, Any] | None) -> Declaration:
    row.version += 1 if row.pk else 0
    row.full_clean()
    row.save()
    audit.record(
        f"declaration.{verb}",
        by=by,
        subject=row,
        unit=row.unit,
        programme=row.event.programme,
        before=before,
        after=audit.facts(row, DECLARATION_FACTS),
    )
    return row


def _decide(row: Declaration, by: Any) -> None:
    row.decided_at, row.decided_by, row.decided_on = clock.now(), by, clock.today()


def _undecide(row: Declaration) -> None:
    row.decided_at, row.decided_by, row.decided_on, row.reason = None, None, None, ""


def _strike_names(row: Declaration, reason: str) -> None:
    Attendance.rows.live().filter(declaration=row).update(
        removed_at=clock.now(), remove_reason=reason
    )


def _require_own(enrolment: Enrolment, by: Any) -> None:
    if by is not None and not may_report(by, enrolment.unit):
        text = _("由%(unit)s的经办人申报，当前账号不能申报。")
        raise PermissionRefused(text % {"unit": enrolment.unit})


def _require_part(row: Event, enrolment: Enrolment) -> None:
    invited = row.participants.filter(enrolment=enrolment).exists()
    if not invited and not row.organisers.filter(enrolment=enrolment).exists():
        text = _("%(unit)s不是%(number)s的举办单位或参加单位，不能申报。")
        raise Refused(text % {"unit": enrolment.unit, "number": row.number})


def _heads(headcount: int | None, people: Sequence[Seat]) -> int:
    """How many there were, no fewer than are named; raises ValidationError."""
    if headcount is None or headcount < 1:
        raise ValidationError({"headcount": _("填写“参加人数”，至少1人")})
    if headcount < len(people):
        text = _("名单有%(names)s人，参加人数填的是%(count)s人，核对后再提交")
        facts = {"names": len(people), "count": headcount}
        raise ValidationError({"headcount": text % facts})
    return headcount
