"""Reads across deliveries."""

from datetime import datetime

from .choices import WAITING
from .models import Delivery


def count_waiting_since(moment: datetime) -> int:
    """How many messages should have left before the moment and still wait."""
    return Delivery.rows.filter(state__in=WAITING, next_at__lt=moment).count()
