"""What changes a message before it has left: a moved deadline, a person who decides about it."""

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core import audit, clock
from core.errors import MoveNotAllowed

from ..choices import FINAL, DeliveryState, Reason
from ..models import Delivery, DeliveryLine
from ..registry import get
from . import claiming, planning

UNSENT = [DeliveryState.PLANNED, DeliveryState.RETRY, DeliveryState.HELD]
EMPTY = """
UPDATE reminders_delivery AS delivery
SET state = 'cancelled', reason = %(reason)s, owner = '', lease_until = NULL
WHERE id = ANY (%(ids)s) AND state IN ('planned', 'retry', 'held')
  AND NOT EXISTS (SELECT FROM reminders_deliveryline AS line
                  WHERE line.delivery_id = delivery.id AND line.cancelled_at IS NULL)
"""


@transaction.atomic
def deadlines_moved(type_name: str, versions: Mapping[str, int]) -> int:
    """The deadlines of these subjects have new versions: lines of older ones that have not left are
    cancelled, and what the new ones already ask for is planned, all in the caller's transaction.

    Returns the number of lines cancelled. What is being sent this second is asked again by its worker.
    """
    if not versions:
        return 0
    planning.lock()
    lines = DeliveryLine.objects.filter(
        notice__type=type_name,
        notice__subject__in=versions,
        delivery__state__in=UNSENT,
        cancelled_at=None,
    ).values_list("pk", "delivery_id", "notice__subject", "notice__deadline_version")
    found = [
        (pk, delivery) for pk, delivery, subject, version in lines if version < versions[subject]
    ]
    rows = DeliveryLine.objects.filter(pk__in=[pk for pk, _delivery in found])
    rows.update(cancelled_at=clock.now(), reason=Reason.MOVED)
    emptied = sorted({delivery for _pk, delivery in found})
    claiming.execute(EMPTY, {"ids": emptied, "reason": str(Reason.MOVED)})
    on = clock.today()
    planning.insert(get(type_name), on, subjects=versions)
    planning.bundle_now(on)
    return len(found)


@transaction.atomic
def resend(delivery: Delivery, *, by: Any) -> Delivery:
    """Try a message once more, from the start of its patience.

    Raises MoveNotAllowed unless it failed or is held for a person's word.
    """
    row = Delivery.rows.select_for_update(of=("self",)).get(pk=delivery.pk)
    if row.state not in {DeliveryState.FAILED, DeliveryState.HELD}:
        raise MoveNotAllowed(_("只有未送达的可以重新发送。"))
    row.state, row.tries, row.last_error = DeliveryState.RETRY, 0, ""
    row.save(update_fields=["state", "tries", "last_error"])
    _due_now([row.pk])
    audit.record("delivery.resend", by=by, subject=row, after={"address": row.endpoint.address})
    return row


@transaction.atomic
def give_up(delivery: Delivery, *, by: Any) -> Delivery:
    """Do not send it any more: the person was told by other means, or has it already.

    Raises MoveNotAllowed when it has left, was cancelled, or is being sent.
    """
    row = Delivery.rows.select_for_update(of=("self",)).get(pk=delivery.pk)
    if row.state == DeliveryState.SENDING or row.state in FINAL - {DeliveryState.FAILED}:
        raise MoveNotAllowed(_("已发送、正在发送或已取消的不能取消。"))
    row.state, row.reason = DeliveryState.CANCELLED, Reason.GIVEN_UP
    row.owner, row.lease_until = "", None
    row.full_clean()
    row.save(update_fields=["state", "reason", "owner", "lease_until"])
    audit.record("delivery.give_up", by=by, subject=row, after={"address": row.endpoint.address})
    return row


def hasten() -> int:
    """Let what waits for a morning leave now, at whatever hour: at the end of the demonstration's story,
    and by hand (`deliver_notices --now`). Returns how many."""
    waiting = Delivery.rows.filter(state=DeliveryState.PLANNED, is_urgent=False)
    ids = list(waiting.values_list("pk", flat=True))
    _due_now(ids)
    return len(ids)


def _due_now(ids: list[int]) -> None:
    """Somebody wants them to leave at this hour, whatever it is."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE reminders_delivery SET next_at = portal_now(), is_urgent = true "
            "WHERE id = ANY (%s)",
            [ids],
        )
