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
from typing import Any

import structlog
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import MoveNotAllowed

from ..choices import Channel, DeliveryState
from ..models import Delivery, Endpoint
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

# MATERIALIZED: planned as a join, the locking subquery could run twice and take more than its limit.
CLAIM = """
WITH picked AS MATERIALIZED (
    SELECT id FROM reminders_delivery
    WHERE state IN ('planned', 'retry') AND next_at <= portal_now()
      AND (lease_until IS NULL OR lease_until < portal_now())
    ORDER BY next_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
UPDATE reminders_delivery AS delivery
SET owner = %(owner)s, lease_until = portal_now() + %(lease)s
FROM picked WHERE delivery.id = picked.id
RETURNING delivery.id
"""
BEGIN = """
UPDATE reminders_delivery
SET state = 'sending', tries = tries + 1, lease_until = portal_now() + %(lease)s
WHERE id = %(id)s AND owner = %(owner)s AND state IN ('planned', 'retry')
  AND lease_until > portal_now()
"""
FINISH = """
UPDATE reminders_delivery
SET state = %(state)s, tries = %(tries)s, last_error = %(error)s, lease_until = NULL, owner = '',
    is_uncertain = is_uncertain OR %(uncertain)s,
    sent_at = CASE WHEN %(state)s = 'sent' THEN portal_now() ELSE sent_at END,
    next_at = portal_now() + %(wait)s
WHERE id = %(id)s AND owner = %(owner)s
"""
# A message that keeps killing its worker is given up like any other that cannot be sent.
RECOVER = """
UPDATE reminders_delivery
SET state = CASE WHEN tries > %(most)s THEN 'failed' ELSE 'retry' END, is_uncertain = true,
    owner = '', lease_until = NULL, next_at = portal_now()
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
    outcome = Outcome(recovered=_execute(RECOVER, {"most": len(RETRY_AFTER)}))
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
        params: dict[str, Any] = {"owner": owner, "lease": LEASE, "limit": limit}
        cursor.execute(CLAIM, params)
        return sorted(row[0] for row in cursor.fetchall())


def _deliver_one(delivery_id: int, owner: str, channel: BaseEmailBackend, outcome: Outcome) -> None:
    delivery = Delivery.rows.select_related("endpoint__user").get(pk=delivery_id)
    delivery.owner, delivery.tries = owner, delivery.tries + 1
    try:
        letter = _prepare(delivery, channel)
    except Exception as error:  # noqa: BLE001 - a row that cannot be written must not stop the others
        _after_error(delivery, error, outcome)
        return
    if letter is None:
        delivery.tries -= 1
        outcome.cancelled += _finish(delivery, DeliveryState.CANCELLED)
        return
    if not _execute(BEGIN, {"id": delivery_id, "owner": owner, "lease": LEASE}):
        return  # the lease ran out and somebody else has it
    connected = False
    try:
        channel.open()
        connected = True
        channel.send_messages([letter])
    except Exception as error:  # noqa: BLE001 - one bad row must not stop the others
        _close(channel)
        # A line that broke after the text may have left does not tell whether it arrived.
        _after_error(delivery, error, outcome, uncertain=connected and not _was_refused(error))
        return
    outcome.sent += _finish(delivery, DeliveryState.SENT)
    _note_error(delivery.endpoint, "")


def _prepare(delivery: Delivery, channel: BaseEmailBackend) -> EmailMessage | None:
    """The mail as of now; None when nothing in it holds any more."""
    _follow_address(delivery)
    notices = mail.still_holding(delivery)
    return mail.message(delivery, notices, channel) if notices else None


def _follow_address(delivery: Delivery) -> None:
    """A mail still waiting goes to the address that the account holds now."""
    user = delivery.endpoint.user
    if user is None or user.email in {"", delivery.endpoint.address}:
        return
    delivery.endpoint, _created = Endpoint.objects.get_or_create(
        channel=Channel.EMAIL, address=user.email, user=user
    )
    delivery.save(update_fields=["endpoint"])


def _after_error(
    delivery: Delivery, error: Exception, outcome: Outcome, *, uncertain: bool = False
) -> None:
    text = f"{type(error).__name__}: {error}"[:300]
    log.warning("delivery_failed", delivery=delivery.key, tries=delivery.tries, error=text)
    if _is_permanent(error) or delivery.tries > len(RETRY_AFTER):
        done = _finish(delivery, DeliveryState.FAILED, error=text, uncertain=uncertain)
        outcome.failed += done
        _note_error(delivery.endpoint, text)
        return
    wait = RETRY_AFTER[delivery.tries - 1]
    outcome.retried += _finish(
        delivery, DeliveryState.RETRY, error=text, wait=wait, uncertain=uncertain
    )


def _was_refused(error: Exception) -> bool:
    """The peer answered, and did not take the message."""
    return isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused)


def _is_permanent(error: Exception) -> bool:
    """The peer said that it will never take this message to this address. A refused log-in or
    sender is a fault of our settings: it is tried again, for somebody will mend them."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code in PERMANENT for code, _text in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code in PERMANENT


def _finish(
    delivery: Delivery,
    state: str,
    *,
    error: str = "",
    wait: timedelta = timedelta(),
    uncertain: bool = False,
) -> int:
    """Record how it ended, unless the lease went to somebody else; 1 when recorded, else 0."""
    facts = {"id": delivery.pk, "owner": delivery.owner, "tries": delivery.tries}
    facts |= {"state": str(state), "error": error, "wait": wait, "uncertain": uncertain}
    recorded = _execute(FINISH, facts)
    if not recorded:
        log.warning("delivery_taken_over", delivery=delivery.key, state=str(state))
    return recorded


def _note_error(endpoint: Endpoint, text: str) -> None:
    if endpoint.last_error != text:
        endpoint.last_error = text
        endpoint.save(update_fields=["last_error"])


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
    """Try a message that was not delivered once more, from the start of its patience.

    Raises MoveNotAllowed unless it is a failed one.
    """
    row = Delivery.rows.select_for_update(of=("self",)).get(pk=delivery.pk)
    if row.state != DeliveryState.FAILED:
        raise MoveNotAllowed(_("只有未送达的可以重新发送。"))
    row.state, row.tries, row.last_error = DeliveryState.RETRY, 0, ""
    row.save(update_fields=["state", "tries", "last_error"])
    _execute(
        "UPDATE reminders_delivery SET next_at = portal_now() WHERE id = %(id)s", {"id": row.pk}
    )
    audit.record("delivery.resend", by=by, subject=row, after={"address": row.endpoint.address})
    return row
