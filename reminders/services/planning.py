"""Planning: one INSERT … SELECT … ON CONFLICT DO NOTHING a type.

The question is always «due by that day and not yet told», so a run that was missed is caught up
once, and a run that comes twice adds nothing.
"""

from datetime import date, timedelta

from django.db import connection, transaction

from ..registry import types

# A notice whose mail could not be made that day (no address yet, written just before midnight)
# still gets one this long, unless it was read meanwhile.
MAILED_WITHIN = timedelta(days=3)

# The anti-join spares the keys that exist: without it every minute's run would use up a number of
# the sequence for each of them. ON CONFLICT stays for a run at the same time elsewhere.
NOTICES = """
INSERT INTO reminders_notice
    (key, type, subject, stage, reading, deadline_version, recipient_id, programme_id, unit_id,
     for_on, facts, created_at)
SELECT named.key, %(type)s, due.subject, due.stage, due.reading, due.deadline_version,
       due.recipient_id, due.programme_id, due.unit_id, %(on)s, due.facts, portal_now()
FROM ({select}) AS due
CROSS JOIN LATERAL (
    SELECT concat_ws(':', %(type)s::text, due.subject, due.deadline_version,
                     concat_ws('.', nullif(due.reading, ''), due.stage), due.recipient_id) AS key
) AS named
WHERE NOT EXISTS (SELECT FROM reminders_notice AS told WHERE told.key = named.key)
ON CONFLICT (key) DO NOTHING
"""

ENDPOINTS = """
INSERT INTO reminders_endpoint (channel, address, name, user_id, config, is_active, last_error)
SELECT DISTINCT 'email', person.email, '', person.id, '{}'::jsonb, true, ''
FROM reminders_notice AS notice
JOIN accounts_user AS person ON person.id = notice.recipient_id
WHERE notice.for_on BETWEEN %(since)s AND %(on)s AND notice.opened_at IS NULL
  AND person.email <> '' AND person.is_active
  AND NOT EXISTS (SELECT FROM reminders_endpoint AS known
                  WHERE known.user_id = person.id AND known.channel = 'email'
                    AND known.address = person.email)
ON CONFLICT (channel, address, user_id) DO NOTHING
"""

# What one person is told on one day goes into one message; a later run of that day makes a second.
DELIVERIES = """
WITH untold AS (
    SELECT notice.id, notice.recipient_id, endpoint.id AS endpoint_id
    FROM reminders_notice AS notice
    JOIN accounts_user AS person ON person.id = notice.recipient_id AND person.is_active
    JOIN reminders_endpoint AS endpoint
      ON endpoint.user_id = person.id AND endpoint.channel = 'email'
     AND endpoint.address = person.email AND endpoint.is_active
    WHERE notice.for_on BETWEEN %(since)s AND %(on)s AND notice.opened_at IS NULL
      AND NOT EXISTS (SELECT FROM reminders_deliveryline AS line
                      WHERE line.notice_id = notice.id AND line.channel = 'email')
), bundle AS (
    SELECT endpoint_id, array_agg(id ORDER BY id) AS notice_ids,
           concat_ws(':', 'email', recipient_id, %(on)s::text, min(id)) AS key
    FROM untold GROUP BY recipient_id, endpoint_id
), message AS (
    INSERT INTO reminders_delivery
        (key, endpoint_id, state, manner, next_at, owner, tries, is_uncertain, last_error, reason,
         peer_ref, created_at)
    SELECT key, endpoint_id, 'planned', 'digest', portal_now(), '', 0, false, '', '', '', portal_now()
    FROM bundle ORDER BY key
    ON CONFLICT (key) DO NOTHING
    RETURNING id, key
)
INSERT INTO reminders_deliveryline (delivery_id, notice_id, channel, reason)
SELECT message.id, line.notice_id, 'email', ''
FROM message
JOIN bundle ON bundle.key = message.key
CROSS JOIN LATERAL unnest(bundle.notice_ids) AS line (notice_id)
ON CONFLICT (notice_id, channel) DO NOTHING
"""


@transaction.atomic
def plan(on: date) -> dict[str, int]:
    """Write the notices that are due by `on` and not yet told, with their e-mail deliveries.

    Returns the number of new notices a type. May run at any time, any number of times, at once.
    """
    planned = {}
    with connection.cursor() as cursor:
        # Two runs at once would insert the same keys in different orders and could block each other.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('reminders.plan'))")
        for notice_type in types():
            select = notice_type.select(on)
            if select is None:
                planned[notice_type.name] = 0
                continue
            params = {**select.params, "type": notice_type.name, "on": on}
            cursor.execute(NOTICES.format(select=select.sql), params)
            planned[notice_type.name] = cursor.rowcount
        window = {"on": on, "since": on - MAILED_WITHIN}
        cursor.execute(ENDPOINTS, window)
        cursor.execute(DELIVERIES, window)
    return planned
