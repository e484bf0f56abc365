"""What could not be delivered by one channel goes by another of the same person."""

from django.db import transaction

from core import clock

from ..channels import adapters
from ..choices import DeliveryState
from ..models import ChannelSetting, Delivery, DeliveryLine, Endpoint


@transaction.atomic
def fall_back(delivery: Delivery) -> Delivery | None:
    """Plan the lines of a failed message for the first of the person's other channels by which none of
    them went; None for a group, or when there is no such channel."""
    lines = list(delivery.lines.filter(cancelled_at=None).values_list("notice_id", flat=True))
    endpoint = _other_endpoint(delivery, lines)
    if endpoint is None or not lines:
        return None
    now = clock.now()
    row = Delivery.rows.create(
        key=f"{endpoint.channel}:for:{delivery.pk}:{delivery.tries}",
        endpoint=endpoint,
        state=DeliveryState.PLANNED,
        manner=delivery.manner,
        is_urgent=delivery.is_urgent,
        for_on=delivery.for_on,
        next_at=now,
        created_at=now,
        fallback_of=delivery,
    )
    # Two messages of one person may fail at once: what the other has taken along is left to it.
    DeliveryLine.objects.bulk_create(
        [DeliveryLine(delivery=row, notice_id=pk, channel=endpoint.channel) for pk in lines],
        ignore_conflicts=True,
    )
    return row


def _other_endpoint(delivery: Delivery, notices: list[int]) -> Endpoint | None:
    user_id = delivery.endpoint.user_id
    if user_id is None:
        return None
    used = DeliveryLine.objects.filter(notice__in=notices).values_list("channel", flat=True)
    open_ = [adapter.channel for adapter in adapters() if adapter.channel not in set(used)]
    settings = [ChannelSetting.of(channel) for channel in open_]
    order = [row.channel for row in settings if row.is_enabled and not row.missing]
    rows = Endpoint.rows.filter(user=user_id, is_active=True, channel__in=order)
    return min(rows, key=lambda row: (order.index(row.channel), row.pk), default=None)
