"""The SQL behind the notices of requests for a later day and of slips, one SELECT a type.

`acting` is who acts for which body on the day, `desk` the officers of each programme's bureau. What
was decided or sent is news for a month, and nothing is told of before a programme was followed.
A version rises with every move, so that the same state is told anew when it comes again. Of what
waits for a signature, and of what was sent back, approvals tells.
"""

ACTING = """
WITH acting AS (
    SELECT DISTINCT membership.unit_id, membership.user_id, membership.role
    FROM pilots_membership AS membership
    JOIN accounts_user AS person ON person.id = membership.user_id
    WHERE membership.role IN ('data_officer', 'unit_cdo', 'bureau_officer') AND person.is_active
      AND membership.revoked_at IS NULL
      AND (membership.starts_on IS NULL OR membership.starts_on <= %(on)s)
      AND (membership.ends_on IS NULL OR membership.ends_on >= %(on)s)
), followed AS (
    SELECT id AS programme_id, started_on FROM pilots_programme
    WHERE phase = 'running' AND started_on <= %(on)s
), desk AS (
    SELECT DISTINCT bureau.programme_id, acting.user_id
    FROM pilots_enrolment AS bureau
    JOIN acting ON acting.unit_id = bureau.unit_id AND acting.role = 'bureau_officer'
    WHERE bureau.part = 'bureau'
      AND (bureau.withdrawn_on IS NULL OR bureau.withdrawn_on > %(on)s)
      AND (bureau.starts_on IS NULL OR bureau.starts_on <= %(on)s)
      AND (bureau.ends_on IS NULL OR bureau.ends_on >= %(on)s)
)
"""

_EXTENSION = """
SELECT DISTINCT 'extension:' || extension.number AS subject,
       extension.version AS deadline_version, extension.state AS stage, '' AS reading,
       told.user_id AS recipient_id, enrolment.programme_id, enrolment.unit_id,
       jsonb_build_object('number', extension.number, 'state', extension.state,
                          'task', assignment.number, 'title', obligation.title,
                          'latest_on', extension.latest_on, 'wanted_on', extension.wanted_on,
                          'granted_on', extension.granted_on, 'answer', extension.answer,
                          'note', extension.state_note) AS facts
FROM duties_extension AS extension
JOIN duties_assignment AS assignment ON assignment.id = extension.assignment_id
JOIN duties_obligation AS obligation ON obligation.id = assignment.obligation_id
JOIN pilots_enrolment AS enrolment ON enrolment.id = assignment.enrolment_id
JOIN followed ON followed.programme_id = enrolment.programme_id
"""

_ASKED = """
JOIN desk AS told ON told.programme_id = enrolment.programme_id
WHERE extension.state = 'asked' AND extension.asked_on BETWEEN followed.started_on AND %(on)s
  AND told.user_id IS DISTINCT FROM extension.asked_by_id
"""

_ANSWERED = """
JOIN acting AS told ON told.unit_id = enrolment.unit_id
 AND told.role IN ('data_officer', 'unit_cdo')
WHERE extension.state IN ('granted', 'partly', 'refused')
  AND extension.closed_on BETWEEN greatest(followed.started_on, %(on)s::date - 31) AND %(on)s
"""

_SLIP = """
SELECT DISTINCT 'slip:' || slip.number AS subject, 1 AS deadline_version, slip.state AS stage,
       '' AS reading, told.user_id AS recipient_id, enrolment.programme_id, enrolment.unit_id,
       jsonb_build_object('number', slip.number, 'label', slip.label, 'task', assignment.number,
                          'title', obligation.title, 'sent_on', slip.sent_on,
                          'reply_by', slip.reply_by, 'replied_on', slip.replied_on,
                          'at_once', slip.is_at_once) AS facts
FROM duties_slip AS slip
JOIN duties_assignment AS assignment ON assignment.id = slip.assignment_id
JOIN duties_obligation AS obligation ON obligation.id = assignment.obligation_id
JOIN pilots_enrolment AS enrolment ON enrolment.id = assignment.enrolment_id
JOIN followed ON followed.programme_id = enrolment.programme_id
"""

_SENT = """
JOIN acting AS told ON told.unit_id = enrolment.unit_id
 AND told.role IN ('data_officer', 'unit_cdo')
WHERE slip.state = 'sent'
  AND slip.sent_on BETWEEN greatest(followed.started_on, %(on)s::date - 31) AND %(on)s
"""

_REPLIED = """
JOIN desk AS told ON told.programme_id = enrolment.programme_id
WHERE slip.state = 'replied'
  AND slip.replied_on BETWEEN greatest(followed.started_on, %(on)s::date - 31) AND %(on)s
"""

ASKED = ACTING + _EXTENSION + _ASKED
ANSWERED = ACTING + _EXTENSION + _ANSWERED
SENT = ACTING + _SLIP + _SENT
REPLIED = ACTING + _SLIP + _REPLIED
