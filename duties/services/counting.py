"""What counts towards an assignment, and accepted progress in the items of an area.

The apps above call `fulfil`/`void` and `record_progress`/`void_progress` in their own transaction;
quotas then count themselves.
"""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, clock, moves
from core.errors import Refused
from pilots.models import Enrolment

from ..choices import MOVES, OPEN, Move, Status
from ..models import Assignment, DutyItem, Fulfilment, ItemProgress
from .sync import follow_decision
from .writing import FACTS, lock, save


@transaction.atomic
def fulfil(
    assignment: Assignment,
    *,
    source_key: str,
    happened_on: date,
    by: Any,
    note: str = "",
    version: int | None = None,
) -> Fulfilment:
    """Count one thing done towards an assignment; the same `source_key` counts once.

    Takes the assignment to 已完成 when the quantity is reached. Raises Refused when the assignment
    was taken off the table or `happened_on` lies in the future, StaleVersion (never for a key that
    counts already: that is the same form sent twice).
    """
    row = lock(assignment, None)
    known = Fulfilment.objects.filter(source_key=source_key).first()
    if known is not None:
        if known.assignment_id != row.pk:
            raise Refused(_("这条完成记录已计入另一项任务。"))
        return known
    row.require_version(version)
    if row.status in {Status.WITHDRAWN, Status.NOT_APPLICABLE}:
        raise Refused(_("这项任务已撤销或不适用，先恢复再登记。"))
    if happened_on > clock.today():
        raise Refused(_("完成日期%(day)s还没有到。") % {"day": happened_on})
    mark = Fulfilment(
        assignment=row,
        source_key=source_key,
        happened_on=happened_on,
        note=note,
        created_at=clock.now(),
        created_by=by,
    )
    mark.full_clean(exclude=["created_by"])
    mark.save()
    after = {"source_key": source_key, "happened_on": happened_on, "note": note}
    _count("assignment.fulfil", row, by=by, after=after)
    return mark


@transaction.atomic
def void(mark: Fulfilment, *, by: Any, reason: str, version: int | None = None) -> Fulfilment:
    """Stop counting one thing; the record stays. Reopens the assignment when it falls short.

    Raises Refused without a reason, StaleVersion.
    """
    if not reason.strip():
        raise Refused(_("写明作废原因。"))
    row = lock(mark.assignment, version)
    mark = Fulfilment.objects.select_for_update().get(pk=mark.pk)
    if mark.voided_at is None:
        mark.voided_at, mark.voided_by, mark.void_reason = clock.now(), by, reason.strip()
        mark.full_clean(exclude=["created_by"])
        mark.save(update_fields=["voided_at", "voided_by", "void_reason"])
        after = {"source_key": mark.source_key, "reason": mark.void_reason}
        _count("assignment.void", row, by=by, after=after)
    return mark


def _count(verb: str, row: Assignment, *, by: Any, after: dict[str, Any]) -> None:
    """Record what counts now, let the version rise, and see whether it is enough."""
    row.version += 1
    row.updated_at = clock.now()
    row.save(update_fields=["version", "updated_at"])
    audit.record(verb, by=by, subject=row, unit=row.unit, programme=row.programme, after=after)
    recount(row, by=by)


def recount(row: Assignment, *, by: Any) -> Assignment:
    """Done exactly when the live fulfilments reach the quantity; the day is that of the last one
    needed."""
    days = list(
        row.fulfilments.filter(voided_at=None)
        .order_by("happened_on", "id")
        .values_list("happened_on", flat=True)
    )
    reached = days[row.quantity - 1] if len(days) >= row.quantity else None
    before = audit.facts(row, FACTS)
    if reached and row.status in OPEN:
        row.status = moves.target(MOVES, row.status, Move.COMPLETE)
        row.closed_at, row.closed_by, row.done_on = clock.now(), by, reached
        return save(row, Move.COMPLETE, by=by, before=before)
    if not reached and row.status == Status.DONE:
        row.status = moves.target(MOVES, row.status, Move.REOPEN)
        row.accepted_at = row.accepted_at or clock.now()
        row.closed_at, row.closed_by, row.done_on = None, None, None
        follow_decision(row)
        return save(row, Move.REOPEN, by=by, before=before)
    if reached and row.status == Status.DONE and row.done_on != reached:
        row.done_on = reached
        return save(row, "redate", by=by, before=before)
    return row


@transaction.atomic
def record_progress(
    item: DutyItem,
    enrolment: Enrolment,
    *,
    source_key: str,
    happened_on: date,
    summary: str,
    by: Any,
) -> ItemProgress:
    """Note accepted progress of a body in an item of an area; the same `source_key` counts once.

    Raises Refused when the item does not apply to the body or the day lies in the future.
    """
    if not DutyItem.rows.applying_to(enrolment).filter(pk=item.pk).exists():
        raise Refused(_("“%(item)s”不适用于%(unit)s。") % {"item": item, "unit": enrolment.unit})
    if happened_on > clock.today():
        raise Refused(_("发生日期%(day)s还没有到。") % {"day": happened_on})
    if not summary.strip():
        raise Refused(_("写明进展，一两句即可。"))
    row, created = ItemProgress.rows.get_or_create(
        source_key=source_key,
        defaults={
            "item": item,
            "enrolment": enrolment,
            "happened_on": happened_on,
            "summary": summary.strip(),
            "created_at": clock.now(),
            "created_by": by,
        },
    )
    if created:
        after = {"item": item, "happened_on": happened_on, "summary": row.summary}
        _record_progress("progress.record", row, by=by, after=after)
    return row


@transaction.atomic
def void_progress(progress: ItemProgress, *, by: Any) -> ItemProgress:
    """Stop counting a progress entry; the record stays."""
    row = ItemProgress.rows.select_for_update(of=("self",)).get(pk=progress.pk)
    if row.voided_at is None:
        row.voided_at, row.voided_by = clock.now(), by
        row.save(update_fields=["voided_at", "voided_by"])
        _record_progress("progress.void", row, by=by, after={"summary": row.summary})
    return row


def _record_progress(verb: str, row: ItemProgress, *, by: Any, after: dict[str, Any]) -> None:
    audit.record(
        verb,
        by=by,
        subject=row,
        unit=row.enrolment.unit,
        programme=row.enrolment.programme,
        after=after,
    )
