"""Reads across notices and deliveries."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from pilots.choices import Part
from pilots.models import Enrolment, Unit

from .choices import WAITING, FeedbackState
from .models import Delivery, Endpoint, Feedback, Notice


def count_waiting_since(moment: datetime) -> int:
    """How many messages should have left before the moment and still wait."""
    return Delivery.rows.filter(state__in=WAITING, next_at__lt=moment).count()


def unread_at(user: Any, unit: Unit, *, by: Any) -> QuerySet:
    """What a person has not read of a body and of the programmes it leads, as far as `by` sees it."""
    led = Enrolment.rows.filter(unit=unit, part=Part.BUREAU, withdrawn_on=None)
    about = Q(unit=unit) | Q(programme__in=led.values("programme"))
    rows = Notice.objects.visible_to(by).filter(about, recipient=user).unread()
    return rows.select_related("programme", "unit").prefetch_related("unit__names")


def open_feedback_of(user: Any, *, by: Any) -> QuerySet:
    return Feedback.objects.visible_to(by).filter(user=user, state=FeedbackState.OPEN)


def addresses_of(user: Any) -> QuerySet:
    return Endpoint.rows.filter(user=user, is_active=True)


def still_without_liaison(keys: Iterable[int]) -> set[int]:
    """Those of the enrolments that have no contact."""
    rows = Enrolment.rows.filter(pk__in=keys, liaison=None, withdrawn_on=None)
    return set(rows.values_list("pk", flat=True))
