"""One digest a morning, also after mornings on which none could leave."""

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction

from ..choices import Reason

# Of the same address whatever else is due, untouched or ours; what another worker has in hand is its own.
TAKEN = """
UPDATE reminders_delivery AS other
SET state = 'cancelled', reason = %(reason)s, owner = '', lease_until = NULL
FROM (
    SELECT late.id, kept.id AS kept_id
    FROM unnest(%(endpoints)s::bigint[], %(kept)s::bigint[]) AS kept (endpoint_id, id)
    CROSS JOIN LATERAL (
        SELECT late.id FROM reminders_delivery AS late
        WHERE late.endpoint_id = kept.endpoint_id AND late.id <> kept.id
          AND late.state IN ('planned', 'retry') AND late.next_at <= portal_now()
          AND late.manner = 'digest' AND NOT late.is_uncertain
          AND (late.lease_until IS NULL OR late.lease_until < portal_now()
               OR late.owner = %(owner)s)
        ORDER BY late.id FOR UPDATE SKIP LOCKED
    ) AS late
) AS taken
WHERE other.id = taken.id
RETURNING taken.id, taken.kept_id
"""
MOVED = """
UPDATE reminders_deliveryline AS line SET delivery_id = taken.kept_id
FROM unnest(%(ids)s::bigint[], %(kept)s::bigint[]) AS taken (id, kept_id)
WHERE line.delivery_id = taken.id AND line.cancelled_at IS NULL
"""


@transaction.atomic
def merge(kept: Mapping[int, int], owner: str) -> set[int]:
    """Put what the other digests of these addresses carry into the one that `owner` has in hand
    (`kept`: its id by the address's); returns the ids of those that are cancelled for it."""
    if not kept:
        return set()
    facts: dict[str, Any] = {"owner": owner, "reason": str(Reason.MERGED)}
    facts |= {"endpoints": list(kept), "kept": list(kept.values())}
    with connection.cursor() as cursor:
        cursor.execute(TAKEN, facts)
        taken = dict(cursor.fetchall())
        if taken:
            cursor.execute(MOVED, {"ids": list(taken), "kept": list(taken.values())})
    return set(taken)
