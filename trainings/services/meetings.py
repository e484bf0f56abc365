"""What belongs to a meeting: 回执, 纪要, 议定事项."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, clock
from core.errors import MoveNotAllowed, PermissionRefused, Refused
from duties import services as duties
from duties.models import Order
from pilots.models import Enrolment

from ..choices import Answer, EventStatus
from ..models import Event, Participant, Resolution
from ..queries.allowed import may_report
from .events import checked_parties
from .writing import EVENT_FACTS, lock_event, require_right, require_text, save_event, touch


@transaction.atomic
def answer_invitation(
    participant: Participant,
    *,
    answer: str,
    by: Any,
    people: str = "",
    headcount: int | None = None,
    note: str = "",
) -> Participant:
    """参会回执 of an invited body; a later answer replaces an earlier one until the day of the event.

    Raises ValidationError by field, MoveNotAllowed for an event that is not planned any more,
    PermissionRefused.
    """
    event = lock_event(participant.event)
    row: Participant = Participant.rows.select_related("enrolment__unit").get(pk=participant.pk)
    if by is not None and not may_report(by, row.unit):
        raise PermissionRefused(_("由%(unit)s的经办人回执。") % {"unit": row.unit})
    if event.status != EventStatus.PLANNED or event.ends_on < clock.today():
        raise MoveNotAllowed(_("%(number)s已经举办或取消，不再收回执。") % {"number": event.number})
    if answer not in Answer.values:
        raise ValidationError({"answer": _("选择“参加”或“不参加”")})
    row.answer, row.answer_note = answer, note.strip()
    row.people, row.headcount = people.strip(), headcount
    if answer == Answer.COMING and not row.headcount:
        raise ValidationError({"headcount": _("填写“参加人数”，至少1人")})
    if answer == Answer.AWAY:
        row.people, row.headcount = "", None
        require_text(note, "note", _("不参加的，写明原因"))
    row.answered_at, row.answered_by = clock.now(), by
    row.full_clean()
    row.save()
    after = {"answer": answer, "headcount": row.headcount, "people": row.people}
    touch(event, "answer", by=by, unit=row.unit, **after)
    return row


@transaction.atomic
def write_minutes(event: Event, text: str, *, by: Any, version: int | None = None) -> Event:
    """Keep the 纪要 in words. Raises MoveNotAllowed for one that was cancelled, StaleVersion,
    PermissionRefused, ValidationError."""
    row = lock_event(event, version)
    require_right(row, by)
    if row.status == EventStatus.CANCELLED:
        raise MoveNotAllowed(_("%(number)s已取消，没有纪要。") % {"number": row.number})
    before = audit.facts(row, EVENT_FACTS)
    row.minutes = text.strip()
    return save_event(row, "minutes", by=by, before=before)


@transaction.atomic
def add_resolution(
    event: Event,
    *,
    text: str,
    by: Any,
    leads: Iterable[Enrolment] = (),
    due_on: date | None = None,
    version: int | None = None,
) -> Resolution:
    """Note one thing that the meeting agreed on. Raises ValidationError by field, MoveNotAllowed for a
    cancelled event, StaleVersion, PermissionRefused."""
    row = lock_event(event, version)
    require_right(row, by)
    if row.status == EventStatus.CANCELLED:
        raise MoveNotAllowed(_("%(number)s已取消，没有议定事项。") % {"number": row.number})
    said = require_text(text, "text", _("填写“议定事项”"))
    if due_on is not None and due_on < row.starts_on:
        facts = {"day": row.starts_on}
        raise ValidationError({"due_on": _("完成期限不能早于会议日期%(day)s") % facts})
    chosen = checked_parties(row.programme, leads, "leads")
    found = Resolution(
        event=row,
        position=Resolution.rows.filter(event=row).count() + 1,
        text=said,
        due_on=due_on,
        created_at=clock.now(),
    )
    found.full_clean()
    found.save()
    found.leads.set(chosen)
    touch(row, "resolve", by=by, text=said, due_on=due_on)
    return found


@transaction.atomic
def drop_resolution(resolution: Resolution, *, by: Any) -> Resolution:
    """Take back one that no order was made of. Raises Refused where there is one, PermissionRefused."""
    event = lock_event(resolution.event)
    require_right(event, by)
    row: Resolution = Resolution.rows.select_for_update(of=("self",)).get(pk=resolution.pk)
    if row.order is not None:
        text = _("这一项已转为%(number)s，先撤销通知。")
        raise Refused(text % {"number": row.order.number})
    if row.dropped_at is None:
        row.dropped_at = clock.now()
        row.save(update_fields=["dropped_at"])
        touch(event, "drop_resolution", by=by, text=row.text)
    return row


@transaction.atomic
def turn_into_order(resolution: Resolution, *, by: Any) -> Order:
    """One click: the order with its units, day and words, put up for the bureau's signature; with the
    last signature each unit has its assignment. What is already one comes back.

    Raises Refused while units or the day are missing, and whatever the duties say of the order.
    """
    event = lock_event(resolution.event)
    row: Resolution = Resolution.rows.select_for_update(of=("self",)).get(pk=resolution.pk)
    if row.order is not None:
        return row.order
    leads = list(row.leads.select_related("unit"))
    if row.dropped_at is not None or not leads or row.due_on is None:
        raise Refused(_("先写明议定事项的责任单位和完成期限，再转为任务。"))
    order = duties.draft_order(
        event.programme,
        by=by,
        leads=leads,
        title=_shortened(row.text),
        source_title=f"{event.title}（{event.number}）"[:200],
        wanted=row.text,
        acceptance=_("按会议议定事项完成，写明完成情况。"),
        due_on=row.due_on,
    )
    row.order = duties.submit_order(order, by=by)
    row.save(update_fields=["order"])
    touch(event, "order", by=by, text=row.text, order=row.order.number)
    return row.order


def _shortened(text: str, most: int = 120) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
