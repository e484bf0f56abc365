"""Delivering: claim under a lease, commit `sending`, send, commit `sent` fenced by owner.

Whoever dies in between leaves a row whose lease runs out; the next worker takes it over and marks
it 可能已送达, for the peer may have had it (reliability.md §0.2, §3.1). No transaction is ever held
over the network call.
"""

import os
import secrets
import smtplib
import socket
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction

from core import audit

from ..choices import DeliveryState
from ..models import Delivery
from . import mail

log = structlog.get_logger("portal.reminders")

BATCH = 20
LEASE = timedelta(minutes=5)
# Three days of patience, as rows in the table: a worker that dies forgets nothing.
RETRY_AFTER = [
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
    timedelta(hours=40),
]
PERMANENT = range(500, 600)

CLAIM = """
UPDATE reminders_delivery SET owner = %(owner)s, lease_until = portal_now() + %(lease)s
WHERE id IN (
    SELECT id FROM reminders_delivery
    WHERE state IN ('planned', 'retry') AND next_at <= portal_now()
      AND (lease_until IS NULL OR lease_until < portal_now())
    ORDER BY next_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
RETURNING id
"""
BEGIN = """
UPDATE reminders_delivery
SET state = 'sending', tries = tries + 1, lease_until = portal_now() + %(lease)s
WHERE id = %(id)s AND owner = %(owner)s AND state IN ('planned', 'retry')
  AND lease_until > portal_now()
"""
FINISH = """
UPDATE reminders_delivery
SET state = %(state)s, last_error = %(error)s, lease_until = NULL, owner = '',
    sent_at = CASE WHEN %(state)s = 'sent' THEN portal_now() ELSE sent_at END,
    next_at = portal_now() + %(wait)s
WHERE id = %(id)s AND owner = %(owner)s
"""
RECOVER = """
UPDATE reminders_delivery
SET state = 'retry', is_uncertain = true, owner = '', lease_until = NULL, next_at = portal_now()
WHERE state = 'sending' AND lease_until < portal_now()
"""


@dataclass
class Outcome:
    """What one round did, in messages."""

    sent: int = 0
    retried: int = 0
    failed: int = 0
    cancelled: int = 0
    recovered: int = 0

    @property
    def settled(self) -> int:
        """Messages that left the queue: while there are any, another round is worth it."""
        return self.sent + self.failed + self.cancelled


def deliver(limit: int = BATCH) -> Outcome:
    """Send what is waiting, up to `limit` messages, over one kept connection."""
    owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"[:80]
    outcome = Outcome(recovered=_execute(RECOVER, {}))
    ids = _claim(owner, limit)
    if not ids:
        return outcome
    channel = get_connection()
    try:
        for delivery_id in ids:
            _deliver_one(delivery_id, owner, channel, outcome)
    finally:
        _close(channel)
    return outcome


def _claim(owner: str, limit: int) -> list[int]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(CLAIM, {"owner": owner, "lease": LEASE, "limit": limit})
        return [row[0] for row in cursor.fetchall()]


def _deliver_one(delivery_id: int, owner: str, channel: BaseEmailBackend, outcome: Outcome) -> None:
    delivery = Delivery.objects.select_related("endpoint__user").get(pk=delivery_id)
    notices = mail.still_holding(delivery)
    if not notices:
        _finish(delivery_id, owner, DeliveryState.CANCELLED)
        outcome.cancelled += 1
        return
    if not _execute(BEGIN, {"id": delivery_id, "owner": owner, "lease": LEASE}):
        return  # the lease ran out and somebody else has it
    try:
        channel.send_messages([mail.message(delivery, notices, channel)])
    except Exception as error:  # noqa: BLE001 - one bad row must not stop the others
        _close(channel)
        _after_error(delivery, owner, error, outcome)
        return
    _finish(delivery_id, owner, DeliveryState.SENT)
    outcome.sent += 1


def _after_error(delivery: Delivery, owner: str, error: Exception, outcome: Outcome) -> None:
    tries = delivery.tries + 1
    text = f"{type(error).__name__}: {error}"[:300]
    log.warning("delivery_failed", delivery=delivery.key, tries=tries, error=text)
    if _is_permanent(error) or tries > len(RETRY_AFTER):
        _finish(delivery.pk, owner, DeliveryState.FAILED, error=text)
        delivery.endpoint.last_error = text
        delivery.endpoint.save(update_fields=["last_error"])
        outcome.failed += 1
        return
    _finish(delivery.pk, owner, DeliveryState.RETRY, error=text, wait=RETRY_AFTER[tries - 1])
    outcome.retried += 1


def _is_permanent(error: Exception) -> bool:
    """The peer said that it will never take this message to this address."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code in PERMANENT for code, _text in error.recipients.values())
    return isinstance(error, smtplib.SMTPResponseException) and error.smtp_code in PERMANENT


def _finish(
    delivery_id: int,
    owner: str,
    state: str,
    *,
    error: str = "",
    wait: timedelta = timedelta(),
) -> None:
    facts = {"id": delivery_id, "owner": owner, "state": str(state), "error": error, "wait": wait}
    _execute(FINISH, facts)


def _execute(sql: str, params: dict) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


def _close(channel: BaseEmailBackend) -> None:
    try:
        channel.close()
    except OSError as error:
        log.info("mail_connection_close_failed", error=str(error))


@transaction.atomic
def resend(delivery: Delivery, *, by: object) -> Delivery:
    """Try a message that was not delivered once more, from the start of its patience."""
    row = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    if row.state == DeliveryState.FAILED:
        row.state, row.tries, row.last_error = DeliveryState.RETRY, 0, ""
        row.save(update_fields=["state", "tries", "last_error"])
        _execute(
            "UPDATE reminders_delivery SET next_at = portal_now() WHERE id = %(id)s", {"id": row.pk}
        )
        audit.record("delivery.resend", by=by, subject=row)
    return row
