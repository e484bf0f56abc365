"""批示: written by a leader, transcribed by a clerk, struck out with a reason; never changed."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, clock
from core.document_numbers import normalise
from core.errors import MoveNotAllowed, PermissionRefused, Refused
from core.models import StoredFile
from core.numbers import next_numbers

from ..choices import RemarkRoute
from ..models import Assignment, Remark
from ..queries.remarks import leads_at, writes_at


@transaction.atomic
def write_remark(assignment: Assignment, *, text: str, by: Any) -> Remark:
    """The leader's own words. Raises PermissionRefused for whoever leads neither the bureau nor the
    unit, ValidationError."""
    unit = leads_at(by, assignment)
    if unit is None:
        raise PermissionRefused(_("批示由市政数局领导或本单位首席数据官作出，经办人可以转录。"))
    row = Remark(
        unit=unit,
        said_by=str(by.display_name or by)[:60],
        said_on=clock.today(),
        route=RemarkRoute.ONLINE,
    )
    return _add(row, assignment, text, by=by)


@transaction.atomic
def transcribe_remark(
    assignment: Assignment,
    *,
    text: str,
    said_by: str,
    said_on: date,
    document_title: str,
    by: Any,
    document_number: str = "",
    scan: StoredFile | None = None,
    scan_name: str = "",
) -> Remark:
    """批示转录: who of `by`'s own body said it, on which day, on which document. Raises
    PermissionRefused, ValidationError."""
    unit = writes_at(by, assignment)
    if unit is None:
        raise PermissionRefused(_("批示由市政数局或本单位的经办人转录，当前账号不能转录。"))
    if said_on > clock.today():
        raise ValidationError({"said_on": _("批示日期%(day)s还没有到。") % {"day": said_on}})
    row = Remark(
        unit=unit,
        said_by=said_by.strip(),
        said_on=said_on,
        route=RemarkRoute.TRANSCRIBED,
        document_title=document_title.strip(),
        document_number=normalise(document_number),
        scan=scan,
        scan_name=scan_name if scan else "",
    )
    return _add(row, assignment, text, by=by)


@transaction.atomic
def strike_remark(remark: Remark, *, by: Any, reason: str, version: int | None = None) -> Remark:
    """划去 a mistaken one; it stays readable with the reason. Raises MoveNotAllowed for one struck
    already, StaleVersion, Refused without a reason, PermissionRefused for another body's."""
    row = Remark.rows.select_for_update(of=("self",)).for_lists().get(pk=remark.pk)
    row.require_version(version)
    unit = writes_at(by, row.assignment)
    if unit is None or unit.pk != row.unit_id:
        facts = {"unit": row.unit.display_name}
        raise PermissionRefused(_("这条批示由%(unit)s划去。") % facts)
    if not reason.strip():
        raise Refused(_("写明划去的原因。"))
    if row.is_struck:
        raise MoveNotAllowed(_("%(number)s已划去。") % {"number": row.number})
    row.struck_at, row.struck_by, row.strike_reason = clock.now(), by, reason.strip()
    row.version += 1
    row.full_clean()
    row.save(update_fields=["struck_at", "struck_by", "strike_reason", "version"])
    _record("strike", row, by=by, after={"number": row.number, "reason": row.strike_reason})
    return row


def _add(row: Remark, assignment: Assignment, text: str, *, by: Any) -> Remark:
    row.number = next_numbers(Remark.rows, "PS")[0]
    row.assignment, row.text = assignment, text.strip()
    row.entered_at, row.entered_by = clock.now(), by
    row.full_clean()
    row.save()
    names = ("number", "said_by", "said_on", "text", "document_title")
    _record(row.route, row, by=by, after=audit.facts(row, names))
    return row


def _record(verb: str, row: Remark, *, by: Any, after: dict[str, Any]) -> None:
    task = row.assignment
    audit.record(
        f"remark.{verb}",
        by=by,
        subject=task,
        unit=task.unit,
        programme=task.programme,
        after=after,
    )
