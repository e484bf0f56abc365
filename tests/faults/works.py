"""What a worker of the fault suite does, and the switches that break a mechanism: the same run with one
of them must be found guilty, or the run proves nothing."""

import time
from collections.abc import Callable

from django.core.management import call_command
from django.db import transaction
from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation

from cdo_portal.celery import app
from core import faults
from reminders import services
from reminders.choices import Manner, Topic
from reminders.models import Notice
from reminders.registry import NoticeType, Rendered, Select, register
from reminders.services import claiming, delivering
from reminders.tasks import plan_and_deliver
from tests.faults.laying import TYPE
from tests.second_process import live_at

SLOW = 0.2  # seconds
# Whoever is called plan1000001 … is to be told once, at whatever hour.
DUE = """
SELECT username AS subject, 1 AS deadline_version, '' AS stage, '' AS reading,
       person.id AS recipient_id, NULL::bigint AS programme_id, membership.unit_id,
       jsonb_build_object('token', 'N' || substr(username, 5), 'at_once', true) AS facts
FROM accounts_user AS person JOIN pilots_membership AS membership ON membership.user_id = person.id
WHERE username LIKE 'plan%%'
"""


def do(work: str, arm: dict[str, int], control: str, offset: float) -> None:
    live_at(offset)
    for point, nth in arm.items():
        faults.arm(point, nth)
    if control:
        CONTROLS[control]()
    WORKS[work]()


def warm_up() -> None:
    get_template("reminders/mail/message.txt")
    reverse("reminders:inbox")
    with translation.override("zh-hans"):
        translation.gettext("待办")


def _render(notice: Notice) -> Rendered:
    """The token in every text of every channel. A row of poison cannot be put into words, a slow one
    takes its time."""
    if notice.facts["token"].endswith("P"):
        raise ValueError("poison")
    if notice.facts["token"].endswith("S"):
        time.sleep(SLOW)
    return Rendered(notice.facts["token"], [], "/inbox/", to_do=True)


register(
    NoticeType(
        TYPE,
        TYPE,
        lambda _on: Select(DUE, {}),
        _render,
        lambda notices: {notice.pk for notice in notices},
        Manner.IMMEDIATE,
        Topic.SLIPS,
    )
)


def drain() -> None:
    """Deliver until killed."""
    while True:
        if not services.deliver().settled:
            time.sleep(0.05)


def loop() -> None:
    """The delivery loop that stands beside the bell."""
    call_command("deliver_notices", loop=True, pause=0.2)


def worker() -> None:
    app.worker_main(
        ["worker", "--pool=solo", "--without-gossip", "--without-mingle", "-l", "ERROR"]
    )


def beat() -> None:
    """As the real one, and every half second."""
    app.conf.beat_schedule["plan-and-deliver"]["schedule"] = 0.5
    app.Beat(scheduler="celery.beat:Scheduler", loglevel="ERROR", quiet=True).run()


def ring() -> None:
    """Once; a worker that hears it delivers."""
    app.send_task("reminders.plan_and_deliver")


def ring_other() -> None:
    """For something else, so that one sees that the worker listens."""
    app.send_task("core.beat_heartbeat")


WORKS: dict[str, Callable[[], object]] = {
    "plan": services.tick,
    "deliver": services.deliver,
    "bell": plan_and_deliver,
    "drain": drain,
    "loop": loop,
    "worker": worker,
    "beat": beat,
    "ring": ring,
    "ring_other": ring_other,
}


def mark_first() -> None:
    """Mark sent, then send, as a script does that knows no better."""
    claiming.BEGIN = claiming.BEGIN.replace(
        "SET state = 'sending'", "SET sent_at = portal_now(), state = 'sent'"
    )


def batch_in_transaction() -> None:
    """Send a batch inside the transaction that locks its rows."""
    deliver = services.deliver

    def whole() -> object:
        with transaction.atomic():
            return deliver()

    services.deliver = whole  # type: ignore[assignment]


def no_fence() -> None:
    """Take whatever is not sent yet, whoever has it in hand."""
    claiming.CLAIM = (
        "UPDATE reminders_delivery SET owner = %(owner)s, lease_until = portal_now() + %(lease)s "
        "WHERE state <> 'sent' AND endpoint_id IN "
        "(SELECT id FROM reminders_endpoint WHERE channel = %(channel)s) RETURNING id"
    )
    claiming.BEGIN = (
        "UPDATE reminders_delivery SET state = 'sending', lease_until = portal_now() + %(lease)s "
        "WHERE id = ANY (%(ids)s) AND %(owner)s <> '' RETURNING id"
    )


def no_recovery() -> None:
    """Leave alone what a dead worker left."""
    claiming.recover = lambda: 0


def no_care() -> None:
    """Ask and write for a whole batch, and let one that raises end it."""

    def poisoned(_run: object, _row: object, error: Exception) -> None:
        raise error

    delivering._Run._poisoned = poisoned  # type: ignore[method-assign, assignment]


def no_return() -> None:
    """Give up when the line to Redis breaks."""
    app.conf.broker_connection_retry = False
    app.conf.broker_connection_max_retries = 0


CONTROLS: dict[str, Callable[[], None]] = {
    "mark_first": mark_first,
    "batch_in_transaction": batch_in_transaction,
    "no_fence": no_fence,
    "no_recovery": no_recovery,
    "no_care": no_care,
    "no_return": no_return,
}
