"""Who sends what: claims under a lease, and the fence around each record of an end.

Everything is decided by PostgreSQL and its clock. No row is sent without a committed `sending`; nothing
is recorded by whom the lease has left (reliability.md §0.2, §3.1).
"""

import os
import secrets
import socket
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from ..channels import Adapter
from ..models import Delivery

LEASE = timedelta(seconds=getattr(settings, "REMINDER_LEASE_SECONDS", 300))
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

MAY_LEAVE = """
NOT EXISTS (SELECT FROM reminders_engine AS engine WHERE engine.held_by <> '')
AND NOT EXISTS (SELECT FROM reminders_channelsetting AS setting
                WHERE setting.channel = {channel} AND (setting.is_held OR NOT setting.is_enabled))
"""
# Thousands may have come since the tables were last analysed, and a plan for the few that there were
# before reads all of them for each sixty (measured: six seconds). So nothing here leaves the planner a
# choice: it walks `delivery_waiting` in order, where the channel's messages stand together.
# MATERIALIZED: planned as a join, the locking subquery could run twice and take more than its limit.
IN_ORDER = "".join(f"SET LOCAL enable_{way} TO off;" for way in ("sort", "seqscan", "bitmapscan"))
CLAIM = f"""
WITH picked AS MATERIALIZED (
    SELECT delivery.id FROM reminders_delivery AS delivery
    WHERE delivery.channel = %(channel)s
      AND delivery.state IN ('planned', 'retry') AND delivery.next_at <= portal_now()
      AND (delivery.lease_until IS NULL OR delivery.lease_until < portal_now())
      AND {MAY_LEAVE.format(channel="%(channel)s")}
    ORDER BY delivery.next_at, delivery.id LIMIT %(limit)s FOR UPDATE OF delivery SKIP LOCKED
)
UPDATE reminders_delivery AS delivery
SET owner = %(owner)s, lease_until = portal_now() + %(lease)s
WHERE delivery.id = ANY (ARRAY(SELECT picked.id FROM picked))
RETURNING delivery.id
"""  # noqa: S608 - MAY_LEAVE is a constant of this module
# Addresses whose provider counts: only one worker looks at each at a time, so that the count holds.
# OFFSET 0: asked of each address by the index of what waits there, never as a join of all with all.
COUNTED = f"""
SELECT endpoint.id FROM reminders_endpoint AS endpoint
WHERE endpoint.channel = %(channel)s AND {MAY_LEAVE.format(channel="%(channel)s")}
  AND EXISTS (SELECT FROM reminders_delivery AS delivery
              WHERE delivery.endpoint_id = endpoint.id AND delivery.state IN ('planned', 'retry')
                AND delivery.next_at <= portal_now()
                AND (delivery.lease_until IS NULL OR delivery.lease_until < portal_now())
              OFFSET 0)
ORDER BY endpoint.id LIMIT %(limit)s FOR UPDATE OF endpoint SKIP LOCKED
"""  # noqa: S608 - MAY_LEAVE is a constant of this module
# What was handed over lately and what somebody has in hand: together never more than the provider allows.
ROOM = """
WITH room AS (
    SELECT counted.id, greatest(0, %(most)s - (
        SELECT count(*) FROM unnest(counted.recent_sends) AS sent (at)
        WHERE sent.at > portal_now() - %(per)s
    ) - (
        SELECT count(*) FROM reminders_delivery AS delivery
        WHERE delivery.endpoint_id = counted.id
          AND delivery.owner <> '' AND delivery.lease_until > portal_now())) AS free
    FROM reminders_endpoint AS counted WHERE counted.id = ANY (%(ids)s)
), picked AS MATERIALIZED (
    SELECT chosen.id FROM room CROSS JOIN LATERAL (
        SELECT delivery.id FROM reminders_delivery AS delivery
        WHERE delivery.endpoint_id = room.id
          AND delivery.state IN ('planned', 'retry') AND delivery.next_at <= portal_now()
          AND (delivery.lease_until IS NULL OR delivery.lease_until < portal_now())
        ORDER BY delivery.next_at, delivery.id LIMIT room.free
        FOR UPDATE OF delivery SKIP LOCKED
    ) AS chosen
)
UPDATE reminders_delivery AS delivery
SET owner = %(owner)s, lease_until = portal_now() + %(lease)s
WHERE delivery.id = ANY (ARRAY(SELECT picked.id FROM picked))
RETURNING delivery.id
"""
HANDED_OVER = """
UPDATE reminders_endpoint SET recent_sends = portal_now() || ARRAY(
    SELECT sent.at FROM unnest(recent_sends) AS sent (at) WHERE sent.at > portal_now() - %(per)s)
WHERE id = %(id)s
"""
BEGIN = f"""
UPDATE reminders_delivery AS delivery
SET state = 'sending', tries = tries + 1, started_at = portal_now(),
    lease_until = portal_now() + %(lease)s
WHERE delivery.id = ANY (%(ids)s) AND delivery.owner = %(owner)s
  AND delivery.state IN ('planned', 'retry') AND delivery.lease_until > portal_now()
  AND EXISTS (SELECT FROM reminders_endpoint AS endpoint
              WHERE endpoint.id = delivery.endpoint_id AND endpoint.is_active OFFSET 0)
  AND {MAY_LEAVE.format(channel="delivery.channel")}
RETURNING delivery.id
"""  # noqa: S608 - MAY_LEAVE is a constant of this module
FINISH = """
UPDATE reminders_delivery
SET state = %(state)s, tries = %(tries)s, last_error = %(error)s, lease_until = NULL, owner = '',
    is_uncertain = is_uncertain OR %(uncertain)s, reason = %(reason)s,
    peer_ref = CASE WHEN %(ref)s = '' THEN peer_ref ELSE %(ref)s END,
    sent_at = CASE WHEN %(state)s = 'sent' THEN portal_now() ELSE sent_at END,
    next_at = portal_now() + %(wait)s
WHERE id = %(id)s AND owner = %(owner)s AND lease_until > portal_now()
"""
# The commit need not reach the disk before the next message: what a power cut takes from it leaves the
# row in `sending`, and that is taken over as 可能已送达.
SENT = "SET LOCAL synchronous_commit TO off;" + FINISH
# Claimed but not begun, or begun and not come to: free again, as if nothing had been.
PUT_BACK = """
UPDATE reminders_delivery
SET owner = '', lease_until = NULL,
    tries = tries - CASE state WHEN 'sending' THEN 1 ELSE 0 END,
    state = CASE state WHEN 'sending' THEN CASE WHEN tries > 1 THEN 'retry' ELSE 'planned' END
                       ELSE state END
WHERE id = ANY (%(ids)s) AND owner = %(owner)s
"""
# A message that keeps killing its worker waits longer each time, and is given up like any other that
# cannot be sent.
RECOVER = """
UPDATE reminders_delivery AS delivery
SET state = CASE WHEN delivery.tries > %(most)s THEN 'failed'
                 WHEN setting.on_uncertain = 'hold' THEN 'held' ELSE 'retry' END,
    is_uncertain = true, owner = '', lease_until = NULL, last_error = %(error)s,
    next_at = portal_now() + (%(pauses)s)[least(delivery.tries, %(most)s)]
FROM reminders_endpoint AS endpoint
LEFT JOIN reminders_channelsetting AS setting ON setting.channel = endpoint.channel
WHERE endpoint.id = delivery.endpoint_id
  AND delivery.state = 'sending' AND delivery.lease_until < portal_now()
"""
# What failed while nothing got through the channel need not wait out what its own tries would cost it.
WAKE = """
UPDATE reminders_delivery
SET next_at = portal_now() + (abs(hashtext(id::text)) %% 60) * interval '1 second'
WHERE channel = %(channel)s AND state = 'retry' AND next_at > portal_now() + interval '1 minute'
  AND started_at >= %(since)s - %(lease)s
"""


def new_owner() -> str:
    """A name for one batch of this worker."""
    return f"{socket.gethostname()[:50]}:{os.getpid()}:{secrets.token_hex(4)}"


def recover() -> int:
    """Take over what a dead worker left in `sending`; returns how many."""
    facts = {"most": len(RETRY_AFTER), "pauses": [timedelta(), *RETRY_AFTER[:-1]]}
    return execute(RECOVER, facts | {"error": _("发送中断，不知对方是否已经收到。")})


def note_handed_over(delivery: Delivery, adapter: Adapter) -> None:
    """Count a message where the provider does, before it leaves: also one of which nobody hears again."""
    if adapter.most is not None:
        execute(HANDED_OVER, {"id": delivery.endpoint_id, "per": adapter.per})


def wake(channel: str, since: datetime) -> int:
    """Let what the channel failed at since that moment leave within a minute; returns how many."""
    return execute(WAKE, {"channel": channel, "since": since, "lease": LEASE})


def claim(owner: str, adapter: type[Adapter], limit: int) -> list[int]:
    """Ids of up to `limit` messages of the channel that are due, now leased to `owner`; to an address
    whose provider counts no more than it may have within its time."""
    facts: dict[str, Any] = {"owner": owner, "lease": LEASE, "limit": limit}
    facts |= {"channel": str(adapter.channel), "most": adapter.most, "per": adapter.per}
    with transaction.atomic(), connection.cursor() as cursor:
        if adapter.most is None:
            cursor.execute(IN_ORDER + CLAIM, facts)
        else:
            cursor.execute(COUNTED, facts)
            facts["ids"] = [row[0] for row in cursor.fetchall()]
            # Another statement: it sees what was claimed by whoever held the addresses before.
            cursor.execute(ROOM, facts)
        return sorted(row[0] for row in cursor.fetchall())


def begin(ids: Iterable[int], owner: str) -> set[int]:
    """Commit `sending`; the ids of those that are still the owner's and may leave."""
    with transaction.atomic(), connection.cursor() as cursor:
        params: dict[str, Any] = {"ids": list(ids), "owner": owner, "lease": LEASE}
        cursor.execute(BEGIN, params)
        return {row[0] for row in cursor.fetchall()}


def finish(
    delivery: Delivery,
    state: str,
    *,
    error: str = "",
    wait: timedelta = timedelta(),
    uncertain: bool = False,
    reason: str = "",
    ref: str = "",
) -> int:
    """Record how it ended, unless the lease ran out or went to somebody else; 1 when recorded, else 0."""
    facts: dict[str, Any] = {"id": delivery.pk, "owner": delivery.owner, "tries": delivery.tries}
    facts |= {"state": str(state), "error": error[:300], "wait": wait, "uncertain": uncertain}
    facts |= {"reason": str(reason), "ref": ref[:200]}
    return execute(SENT if state == "sent" else FINISH, facts)


def put_back(ids: Sequence[int], owner: str) -> int:
    return execute(PUT_BACK, {"ids": list(ids), "owner": owner}) if ids else 0


def execute(sql: str, params: Any) -> int:
    """One trip to the database: what it is sent at once is one transaction of its own."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount
