"""What leaves the portal together: notices that no message carries yet are put into messages.

All set-wise: two statements, whatever there is to tell. A digest of a morning takes in what comes until
it is claimed; its row is locked meanwhile, so that nothing is added to one that is under way.

Thousands may have become news since the tables were last analysed, and a plan for the few that there were
compares all with all (measured: half a minute for twenty thousand). So what stands in a table is asked
for row by row through its index (LATERAL, EXISTS, both with OFFSET 0, which the planner leaves alone), and
two sets that the statement made itself meet in a hash.
"""

from datetime import date, timedelta
from typing import Any

from django.db import connection

from ..channels import adapters
from ..models import ChannelSetting
from ..registry import types
from . import manners

# A notice whose message could not be made that day (no address yet, written just before midnight)
# still gets one this long, unless it was read meanwhile. What services wrote while nothing was planned
# gets one however long that was.
TOLD_WITHIN = timedelta(days=3)

HASHED = "SET LOCAL enable_nestloop TO off;"
AS_EVER = "SET LOCAL enable_nestloop TO DEFAULT"
ENDPOINTS = """
INSERT INTO reminders_endpoint (channel, address, name, user_id, config, is_active, last_error)
SELECT DISTINCT 'email', person.email, '', person.id, '{}'::jsonb, true, ''
FROM reminders_notice AS notice
CROSS JOIN LATERAL (SELECT * FROM accounts_user AS person
                    WHERE person.id = notice.recipient_id OFFSET 0) AS person
WHERE notice.for_on BETWEEN %(since)s AND %(on)s AND notice.opened_at IS NULL
  AND person.email <> '' AND person.is_active
  AND NOT EXISTS (SELECT FROM reminders_endpoint AS known
                  WHERE known.user_id = person.id AND known.channel = 'email'
                    AND known.address = person.email OFFSET 0)
ON CONFLICT (channel, address, user_id) DO NOTHING
"""

# `fresh` is what is still news, `target` where it goes: to each address of the person, who may have
# switched it off, and to the groups of the bodies for which the person hears it. A slip that was ticked
# 即时 carries `at_once`. What came to a person over several channels carries the same news and counts once.
MESSAGES = """
WITH declared (type, manner, topic) AS MATERIALIZED (
    SELECT * FROM unnest(%(types)s::text[], %(manners)s::text[], %(topics)s::text[])
), fresh AS MATERIALIZED (
    SELECT notice.id, notice.subject, notice.recipient_id, notice.unit_id, notice.programme_id,
           person.email, declared.manner,
           declared.topic = 'slips' AND coalesce(notice.facts ->> 'at_once' = 'true', false)
               AS at_once,
           coalesce(declared.topic = ANY (wish.muted), false) AS is_muted
    FROM reminders_notice AS notice
    JOIN declared ON declared.type = notice.type AND declared.manner <> 'inbox'
    CROSS JOIN LATERAL (SELECT person.email FROM accounts_user AS person
                        WHERE person.id = notice.recipient_id AND person.is_active
                        OFFSET 0) AS person
    LEFT JOIN LATERAL (SELECT wish.muted FROM reminders_preference AS wish
                       WHERE wish.user_id = notice.recipient_id OFFSET 0) AS wish ON true
    WHERE notice.for_on BETWEEN %(since)s AND %(on)s AND notice.opened_at IS NULL
      AND (%(programme)s::bigint IS NULL OR notice.programme_id = %(programme)s)
), target AS (
    SELECT fresh.*, endpoint.id AS endpoint_id, endpoint.channel, true AS is_person
    FROM fresh
    CROSS JOIN LATERAL (SELECT * FROM reminders_endpoint AS endpoint
                        WHERE endpoint.user_id = fresh.recipient_id OFFSET 0) AS endpoint
    WHERE NOT fresh.is_muted
      AND endpoint.is_active AND endpoint.channel = ANY (%(channels)s)
      AND (endpoint.channel <> 'email' OR endpoint.address = fresh.email)
    UNION ALL
    SELECT DISTINCT ON (fresh.id, endpoint.channel)
           fresh.*, endpoint.id, endpoint.channel, false
    FROM fresh
    CROSS JOIN LATERAL (SELECT membership.unit_id FROM pilots_membership AS membership
                        WHERE membership.user_id = fresh.recipient_id
                          AND membership.revoked_at IS NULL
                          AND (membership.starts_on IS NULL OR membership.starts_on <= %(on)s)
                          AND (membership.ends_on IS NULL OR membership.ends_on >= %(on)s)
                        OFFSET 0) AS membership
    CROSS JOIN LATERAL (SELECT * FROM reminders_endpoint AS endpoint
                        WHERE endpoint.unit_id = membership.unit_id OFFSET 0) AS endpoint
    WHERE endpoint.is_active AND endpoint.channel = ANY (%(channels)s)
      AND (endpoint.unit_id = fresh.unit_id
           OR EXISTS (SELECT FROM pilots_enrolment AS bureau
                      WHERE bureau.unit_id = endpoint.unit_id AND bureau.part = 'bureau'
                        AND bureau.programme_id = fresh.programme_id))
), untold AS (
    SELECT target.* FROM target
    WHERE NOT EXISTS (SELECT FROM reminders_deliveryline AS line
                      WHERE line.notice_id = target.id AND line.channel = target.channel
                      OFFSET 0)
), mannered AS (
    SELECT untold.*,
           CASE WHEN at_once THEN 'immediate'
                WHEN manner = 'immediate' AND %(is_open)s
                 AND NOT EXISTS (
                     SELECT FROM reminders_delivery AS earlier
                     CROSS JOIN LATERAL (SELECT line.notice_id FROM reminders_deliveryline AS line
                                         WHERE line.delivery_id = earlier.id OFFSET 0) AS line
                     CROSS JOIN LATERAL (SELECT told.subject FROM reminders_notice AS told
                                         WHERE told.id = line.notice_id OFFSET 0) AS told
                     WHERE earlier.endpoint_id = untold.endpoint_id
                       AND earlier.manner = 'immediate' AND earlier.for_on = %(on)s
                       AND earlier.created_at > portal_now() - %(same_object)s
                       AND told.subject = untold.subject)
                 AND (NOT is_person OR %(most)s > (
                     SELECT count(DISTINCT news.first_id) FROM reminders_endpoint AS own
                     CROSS JOIN LATERAL (SELECT earlier.id FROM reminders_delivery AS earlier
                                         WHERE earlier.endpoint_id = own.id
                                           AND earlier.manner = 'immediate'
                                           AND earlier.for_on = %(on)s
                                           AND earlier.state <> 'cancelled' OFFSET 0) AS sent
                     CROSS JOIN LATERAL (SELECT min(line.notice_id) AS first_id
                                         FROM reminders_deliveryline AS line
                                         WHERE line.delivery_id = sent.id OFFSET 0) AS news
                     WHERE own.user_id = untold.recipient_id))
                THEN 'immediate' ELSE 'digest' END AS way
    FROM untold
), bundle AS (
    SELECT endpoint_id, channel, way, bool_or(at_once) AS is_urgent,
           array_agg(id ORDER BY id) AS notice_ids,
           concat_ws(':', channel, coalesce((min(recipient_id) FILTER (WHERE is_person))::text,
                                            'group' || endpoint_id), way,
                     CASE way WHEN 'digest' THEN %(digest_on)s::date ELSE %(on)s::date END,
                     min(id)) AS key
    FROM mannered GROUP BY endpoint_id, channel, way
), joined AS MATERIALIZED (
    -- A key that is taken belongs to a message whose lines went missing.
    SELECT endpoint_id, channel, way, is_urgent, notice_ids,
           key || CASE WHEN EXISTS (SELECT FROM reminders_delivery AS known
                                    WHERE known.key = bundle.key)
                       THEN ':' || extract(epoch FROM portal_now())::bigint ELSE '' END AS key,
           open_digest.id AS digest_id
    FROM bundle
    LEFT JOIN LATERAL (
        SELECT delivery.id FROM reminders_delivery AS delivery
        WHERE delivery.endpoint_id = bundle.endpoint_id AND bundle.way = 'digest'
          AND delivery.manner = 'digest' AND delivery.for_on = %(digest_on)s
          AND delivery.state = 'planned' AND delivery.owner = ''
        ORDER BY delivery.id LIMIT 1 FOR UPDATE SKIP LOCKED
    ) AS open_digest ON true
), message AS (
    INSERT INTO reminders_delivery
        (key, endpoint_id, channel, is_urgent, state, manner, for_on, next_at, owner, tries,
         is_uncertain, last_error, reason, peer_ref, created_at)
    SELECT key, endpoint_id, channel, is_urgent, 'planned', way,
           CASE way WHEN 'digest' THEN %(digest_on)s::date ELSE %(on)s::date END,
           CASE way WHEN 'digest' THEN greatest(portal_now(), portal_now() + %(wait)s
               + (abs(hashtext(endpoint_id::text)) %% %(spread)s) * interval '1 second')
               ELSE portal_now() END,
           '', 0, false, '', '', '', portal_now()
    FROM joined WHERE digest_id IS NULL ORDER BY key
    ON CONFLICT (key) DO NOTHING
    RETURNING id, key
)
INSERT INTO reminders_deliveryline (delivery_id, notice_id, channel, reason)
SELECT coalesce(joined.digest_id, message.id), line.notice_id, joined.channel, ''
FROM joined
LEFT JOIN message ON message.key = joined.key
CROSS JOIN LATERAL unnest(joined.notice_ids) AS line (notice_id)
WHERE coalesce(joined.digest_id, message.id) IS NOT NULL
ON CONFLICT (notice_id, channel) DO NOTHING
"""


def bundle(
    on: date, slot: manners.Slot, *, programme: int | None = None, last_on: date | None = None
) -> int:
    """Put what nobody was told yet outside the portal (of one programme, when given) into messages;
    returns the number of lines. `last_on` is the day of the plan before, where there was one. Called
    inside the transaction of a plan."""
    params = _params(on, slot, programme, last_on)
    with connection.cursor() as cursor:
        cursor.execute(ENDPOINTS, params)
        cursor.execute(HASHED + MESSAGES, params)
        written = cursor.rowcount
        cursor.execute(AS_EVER)
    return written


def _params(
    on: date, slot: manners.Slot, programme: int | None = None, last_on: date | None = None
) -> dict[str, Any]:
    declared = types()
    return {
        "on": on,
        "since": min(on - TOLD_WITHIN, last_on or on),
        "programme": programme,
        "types": [notice_type.name for notice_type in declared],
        "manners": [str(notice_type.manner) for notice_type in declared],
        "topics": [str(notice_type.topic) for notice_type in declared],
        "channels": planned_channels(),
        "is_open": slot.is_open,
        "digest_on": slot.digest_on,
        "wait": slot.wait,
        "spread": manners.SPREAD,
        "most": manners.MOST_IMMEDIATE,
        "same_object": manners.SAME_OBJECT,
    }


def planned_channels() -> list[str]:
    """Channels that messages are planned for: they have an adapter, all that it needs is entered, they
    are on, and are no mere fallback."""
    rows = {row.channel: row for row in ChannelSetting.objects.all()}
    found = [str(adapter.channel) for adapter in adapters()]
    return [name for name in found if _is_planned(rows.get(name) or ChannelSetting.fresh(name))]


def _is_planned(row: ChannelSetting) -> bool:
    return row.is_enabled and not row.is_fallback and not row.missing
