"""The engine says that it lives: a row for the portal's own pages, a ping for whoever watches from
outside. When the ping stays away, somebody there raises the alarm (reliability.md §2 A16)."""

from datetime import timedelta

import structlog
from django.conf import settings
from django.db.models import Q

from core import clock, heartbeats, outbound
from core.models import Heartbeat
from core.models.outbound import Purpose

log = structlog.get_logger("portal.reminders")
PING_EVERY = timedelta(seconds=50)
NAME = "ping"


def beat(kind: str) -> None:
    """Write that the process `kind` of this instance lives now, and tell the outside once a minute."""
    heartbeats.beat(kind)
    if settings.HEARTBEAT_PING_URL and _is_my_turn():
        _ping(settings.HEARTBEAT_PING_URL)


def _is_my_turn() -> bool:
    """One of all processes, once a minute: whoever moves the row."""
    now = clock.now()
    Heartbeat.objects.get_or_create(name=NAME, defaults={"at": now - timedelta(days=1)})
    due = Heartbeat.objects.filter(Q(at__lt=now - PING_EVERY) | Q(at__gt=now), name=NAME)
    return bool(due.update(at=now))


def _ping(url: str) -> None:
    try:
        answer = outbound.call(url, purpose=Purpose.HEARTBEAT, method="GET")
    except outbound.OutboundError as error:
        log.warning("heartbeat_ping_failed", error=str(error))
        return
    if answer.status >= 400:
        log.warning("heartbeat_ping_refused", status=answer.status)
