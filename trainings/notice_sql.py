"""The SQL behind the notices of events, one SELECT a type. `{programmes}` are (id, first day followed)
of what is followed. Nobody is told again of what he did himself."""

PEOPLE = """
WITH followed (programme_id, started_on) AS (VALUES {programmes}),
acting AS (
    SELECT membership.unit_id, membership.user_id, membership.role
    FROM pilots_membership AS membership
    JOIN accounts_user AS person ON person.id = membership.user_id
    WHERE membership.role IN ('data_officer', 'bureau_officer') AND person.is_active
      AND membership.revoked_at IS NULL
      AND (membership.starts_on IS NULL OR membership.starts_on <= %(on)s)
      AND (membership.ends_on IS NULL OR membership.ends_on >= %(on)s)
), desk AS (
    SELECT acting.user_id, bureau.programme_id
    FROM acting
    JOIN pilots_enrolment AS bureau ON bureau.unit_id = acting.unit_id AND bureau.part = 'bureau'
    WHERE acting.role = 'bureau_officer'
      AND (bureau.withdrawn_on IS NULL OR bureau.withdrawn_on > %(on)s)
      AND (bureau.starts_on IS NULL OR bureau.starts_on <= %(on)s)
      AND (bureau.ends_on IS NULL OR bureau.ends_on >= %(on)s)
)"""

# A declaration that waits: told on the day it came, and once more when it has waited a week.
_WAITING = """
SELECT 'declaration:' || told.id AS subject, told.version AS deadline_version,
       CASE WHEN told.declared_on <= %(on)s::date - 7 THEN 'week' ELSE 'new' END AS stage,
       '' AS reading, desk.user_id AS recipient_id, event.programme_id, place.unit_id,
       jsonb_build_object('number', event.number, 'title', event.title,
                          'headcount', told.headcount, 'declared_on', told.declared_on) AS facts
FROM trainings_declaration AS told
JOIN trainings_event AS event ON event.id = told.event_id
JOIN pilots_enrolment AS place ON place.id = told.enrolment_id
JOIN followed ON followed.programme_id = event.programme_id
JOIN desk ON desk.programme_id = event.programme_id
WHERE told.state = 'waiting' AND told.declared_on <= %(on)s
  AND told.declared_on >= followed.started_on
"""

_RETURNED = """
SELECT 'declaration:' || told.id AS subject, told.version AS deadline_version,
       'returned' AS stage, '' AS reading, acting.user_id AS recipient_id, event.programme_id,
       place.unit_id,
       jsonb_build_object('number', event.number, 'title', event.title,
                          'reason', told.reason) AS facts
FROM trainings_declaration AS told
JOIN trainings_event AS event ON event.id = told.event_id
JOIN pilots_enrolment AS place ON place.id = told.enrolment_id
JOIN followed ON followed.programme_id = event.programme_id
JOIN acting ON acting.unit_id = place.unit_id AND acting.role = 'data_officer'
WHERE told.state = 'returned' AND told.decided_on <= %(on)s
  AND told.decided_on >= followed.started_on
"""

# An invitation when the bureau made it, and again on the last two working days for the answer.
_INVITED = """
SELECT 'participant:' || asked.id AS subject, 1 AS deadline_version,
       CASE WHEN event.reply_by_on < %(soon_before)s::date THEN 'due' ELSE 'new' END AS stage,
       '' AS reading, acting.user_id AS recipient_id, event.programme_id, place.unit_id,
       jsonb_build_object('number', event.number, 'title', event.title, 'kind', event.kind,
                          'starts_on', event.starts_on, 'reply_by_on', event.reply_by_on) AS facts
FROM trainings_participant AS asked
JOIN trainings_event AS event ON event.id = asked.event_id
JOIN pilots_enrolment AS place ON place.id = asked.enrolment_id
JOIN followed ON followed.programme_id = event.programme_id
JOIN acting ON acting.unit_id = place.unit_id AND acting.role = 'data_officer'
WHERE asked.answer = '' AND event.status = 'planned'
  AND COALESCE(event.reply_by_on, event.starts_on) >= %(on)s::date
  AND event.starts_on >= followed.started_on
"""

WAITING = PEOPLE + _WAITING
RETURNED = PEOPLE + _RETURNED
INVITED = PEOPLE + _INVITED
