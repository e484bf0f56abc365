"""The bell of reminders: it only wakes up what `plan_notices` and `deliver_notices` do."""

import time

import structlog
from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded

from . import services

log = structlog.get_logger("portal.reminders")
LONGEST = 50.0  # seconds: then the bell of the next minute goes on, far from Celery's own limits


@shared_task(name="reminders.plan_and_deliver")
def plan_and_deliver() -> None:
    """What waits leaves also when planning failed; that error is raised at the end."""
    until, failure = time.monotonic() + LONGEST, None
    try:
        services.tick()
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, it must not keep back what is due
        log.error("planning_failed", error=f"{type(error).__name__}: {error}")
        failure = error
    services.beat("worker")
    while services.deliver().settled and time.monotonic() < until:
        pass
    if failure:
        raise failure
