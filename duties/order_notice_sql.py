"""The SQL behind the notices of orders, helpers and remarks, one SELECT a type.

`acting` is who acts for which unit on the day; news is told for a month, so that whoever joins a
unit later is not told of all that once was, and never of what came before a programme was followed.
Each is told apart by its own columns, so that asking for one subject reads no other.
"""

ACTING = """
WITH acting AS (
    SELECT DISTINCT membership.unit_id, membership.user_id, membership.role
    FROM pilots_membership AS membership
    JOIN accounts_user AS person ON person.id = membership.user_id
    WHERE membership.role IN ('data_officer', 'unit_cdo') AND person.is_active
      AND membership.revoked_at IS NULL
      AND (membership.starts_on IS NULL OR membership.starts_on <= %(on)s)
      AND (membership.ends_on IS NULL OR membership.ends_on >= %(on)s)
), followed AS (
    SELECT id AS programme_id, started_on FROM pilots_programme
    WHERE phase = 'running' AND started_on <= %(on)s
)
"""

# The clerks of every unit that leads; its CDO too when the order is important or urgent. It is news from
# the day on which it was issued, or withdrawn, however long before it was issued.
_ORDER = """
SELECT DISTINCT ON (subject, recipient_id)
       'order:' || orders.number AS subject, 1 AS deadline_version, orders.state AS stage,
       '' AS reading, acting.user_id AS recipient_id, orders.programme_id, enrolment.unit_id,
       jsonb_build_object('number', orders.number, 'title', orders.title, 'level', orders.level,
                          'due_on', orders.due_on, 'task', assignment.number,
                          'reason', orders.withdraw_reason) AS facts
FROM duties_order AS orders
JOIN followed ON followed.programme_id = orders.programme_id
JOIN duties_obligation AS demand ON demand.id = orders.obligation_id
JOIN duties_assignment AS assignment ON assignment.obligation_id = demand.id
JOIN pilots_enrolment AS enrolment ON enrolment.id = assignment.enrolment_id
JOIN acting ON acting.unit_id = enrolment.unit_id
WHERE orders.state = %(state)s AND assignment.status = ANY (%(statuses)s)
  AND {day} BETWEEN greatest(followed.started_on, %(on)s::date - 31) AND %(on)s
  AND (acting.role = 'data_officer' OR orders.level <> 'normal')
ORDER BY subject, recipient_id, assignment.number
"""

# The version counts how often the unit was asked to help: taken off and put on again, it is told anew.
_HELPED = """
SELECT DISTINCT ON (subject, recipient_id)
       'assignment:' || assignment.number AS subject,
       1 + (SELECT count(*) FROM duties_helper AS before
            WHERE before.assignment_id = helper.assignment_id AND before.unit_id = helper.unit_id
              AND before.id < helper.id) AS deadline_version,
       'helper' AS stage, '' AS reading, acting.user_id AS recipient_id,
       enrolment.programme_id, helper.unit_id,
       jsonb_build_object('task', assignment.number, 'title', obligation.title,
                          'lead', lead.code, 'note', helper.note,
                          'due_on', assignment.due_on) AS facts
FROM duties_helper AS helper
JOIN duties_assignment AS assignment ON assignment.id = helper.assignment_id
JOIN duties_obligation AS obligation ON obligation.id = assignment.obligation_id
JOIN pilots_enrolment AS enrolment ON enrolment.id = assignment.enrolment_id
JOIN pilots_unit AS lead ON lead.id = enrolment.unit_id
JOIN followed ON followed.programme_id = enrolment.programme_id
JOIN acting ON acting.unit_id = helper.unit_id AND acting.role = 'data_officer'
CROSS JOIN LATERAL (
    SELECT (helper.added_at AT TIME ZONE 'Asia/Shanghai')::date AS day
) AS added
WHERE helper.removed_at IS NULL
  AND assignment.status IN ('assigned', 'accepted', 'submitted', 'returned')
  AND added.day >= greatest(followed.started_on, %(on)s::date - 31)
ORDER BY subject, recipient_id, helper.id
"""

# Everybody of the unit but whoever entered it.
_REMARKED = """
SELECT DISTINCT ON (subject, recipient_id)
       'remark:' || remark.number AS subject, 1 AS deadline_version, 'said' AS stage,
       '' AS reading, acting.user_id AS recipient_id, enrolment.programme_id, enrolment.unit_id,
       jsonb_build_object('number', remark.number, 'task', assignment.number,
                          'title', obligation.title) AS facts
FROM duties_remark AS remark
JOIN duties_assignment AS assignment ON assignment.id = remark.assignment_id
JOIN duties_obligation AS obligation ON obligation.id = assignment.obligation_id
JOIN pilots_enrolment AS enrolment ON enrolment.id = assignment.enrolment_id
JOIN followed ON followed.programme_id = enrolment.programme_id
JOIN acting ON acting.unit_id = enrolment.unit_id
CROSS JOIN LATERAL (
    SELECT (remark.entered_at AT TIME ZONE 'Asia/Shanghai')::date AS day
) AS entered
WHERE remark.struck_at IS NULL AND acting.user_id <> remark.entered_by_id
  AND entered.day >= greatest(followed.started_on, %(on)s::date - 31)
ORDER BY subject, recipient_id
"""

ORDERED = ACTING + _ORDER.format(day="orders.issued_on")
WITHDRAWN = ACTING + _ORDER.format(day="demand.withdrawn_on")
HELPED = ACTING + _HELPED
REMARKED = ACTING + _REMARKED
