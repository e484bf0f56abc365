"""The SQL behind the notices of reports, one SELECT a type.

`acting` is who acts for which body on the day, `desk` the officers of a programme's bureau. Only days
of business are compared (`_on`), never moments.
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
    SELECT DISTINCT acting.user_id, bureau.programme_id
    FROM acting
    JOIN pilots_enrolment AS bureau ON bureau.unit_id = acting.unit_id AND bureau.part = 'bureau'
    WHERE acting.role = 'bureau_officer'
      AND (bureau.withdrawn_on IS NULL OR bureau.withdrawn_on > %(on)s)
      AND (bureau.starts_on IS NULL OR bureau.starts_on <= %(on)s)
      AND (bureau.ends_on IS NULL OR bureau.ends_on >= %(on)s)
)
"""

# Told as long as the unit has not reported and the period takes reports; a month after the due day
# it is no news: the reminders of deadlines go on.
_OPENED = """
SELECT 'assignment:' || task.number AS subject, 1 AS deadline_version, 'opened' AS stage,
       '' AS reading, told.user_id AS recipient_id, place.programme_id, place.unit_id,
       jsonb_build_object('task', task.number, 'period', period.title, 'due_on', task.due_on,
                          'basis', period.basis_title, 'number', period.basis_number) AS facts
FROM reports_period AS period
JOIN duties_assignment AS task
  ON task.obligation_id = period.obligation_id AND task.occurrence = period.code
JOIN pilots_enrolment AS place ON place.id = task.enrolment_id
JOIN followed ON followed.programme_id = place.programme_id
JOIN acting AS told ON told.unit_id = place.unit_id AND told.role = 'data_officer'
WHERE period.closed_on IS NULL AND task.status IN ('assigned', 'accepted')
  AND period.due_on >= greatest(followed.started_on, %(on)s::date - 31)
  AND NOT EXISTS (SELECT FROM reports_report AS report
                  WHERE report.assignment_id = task.id AND report.status <> 'draft')
"""

_REPORT = """
SELECT DISTINCT 'report:' || report.number AS subject, report.editions AS deadline_version,
       report.status AS stage, '' AS reading, told.user_id AS recipient_id, place.programme_id,
       place.unit_id,
       jsonb_build_object('number', report.number, 'title', report.title, 'task', task.number,
                          'due_on', task.due_on, 'handed_in_on', report.handed_in_on,
                          'decided_on', report.decided_on, 'remarks', (
                              SELECT count(*) FROM reports_reviewremark AS remark
                              JOIN reports_review AS review ON review.id = remark.review_id
                              JOIN reports_submission AS edition
                                ON edition.id = review.submission_id
                              WHERE edition.report_id = report.id
                                AND edition.edition = report.editions
                                AND review.undone_at IS NULL)) AS facts
FROM reports_report AS report
JOIN duties_assignment AS task ON task.id = report.assignment_id
JOIN pilots_enrolment AS place ON place.id = task.enrolment_id
JOIN followed ON followed.programme_id = place.programme_id
"""

_RETURNED = """
JOIN acting AS told ON told.unit_id = place.unit_id AND told.role IN ('data_officer', 'unit_cdo')
WHERE report.status = 'returned' AND report.decided_on BETWEEN followed.started_on AND %(on)s
"""

_ACCEPTED = """
JOIN acting AS told ON told.unit_id = place.unit_id AND told.role = 'data_officer'
WHERE report.status = 'accepted' AND report.kind <> 'overall'
  AND report.decided_on BETWEEN greatest(followed.started_on, %(on)s::date - 31) AND %(on)s
"""

# `waited` is the last day that lies more than three working days back.
_WAITING = """
JOIN desk AS told ON told.programme_id = place.programme_id
WHERE report.status = 'submitted' AND report.kind <> 'overall'
  AND report.handed_in_on BETWEEN followed.started_on AND %(waited)s
"""

OPENED = ACTING + _OPENED
RETURNED = ACTING + _REPORT + _RETURNED
ACCEPTED = ACTING + _REPORT + _ACCEPTED
WAITING = ACTING + _REPORT + _WAITING
