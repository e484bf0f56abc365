"""The SQL behind the automatic facts: for each, the rows that it counts, one SELECT.

Every SELECT gives card_id, subject (the number of the row behind), happened_on, part and whole, for
the sheets in `place`; how they become one value is said in `facts.py`. `until` is the last day that
counts: the end of the period, or the day of reading when that comes first.

A date in doubt is never late (house.md §6.3): only `latest_on`, the last day that the words allow,
is compared. What was handed in waits for the bureau and is judged by the day of handing in. Nothing
here asks who logged in, when, or how often.
"""

PLACE = """
WITH place AS (
    SELECT card.id AS card_id, enrolment.id AS enrolment_id, enrolment.unit_id,
           enrolment.programme_id, enrolment.starts_on AS enrolled_on
    FROM evaluations_scorecard AS card
    JOIN pilots_enrolment AS enrolment ON enrolment.id = card.enrolment_id
    WHERE card.round_id = %(round)s AND card.dropped_on IS NULL
      AND (%(card)s::bigint IS NULL OR card.id = %(card)s::bigint)
)
"""
COUNTED = "('assigned', 'accepted', 'submitted', 'returned', 'done')"

_ON_TIME = f"""
SELECT place.card_id, task.number AS subject, least(task.handed, task.limit_on) AS happened_on,
       CASE WHEN task.handed <= task.limit_on THEN 1 ELSE 0 END AS part, 1 AS whole
FROM place
CROSS JOIN LATERAL (
    SELECT assignment.number, {{limit}} AS limit_on,
           CASE WHEN assignment.status = 'done' AND assignment.done_on <= %(on)s
                    THEN assignment.done_on
                WHEN assignment.status = 'submitted'
                    THEN coalesce(report.handed_in_on, assignment.latest_on) END AS handed
    FROM duties_assignment AS assignment
    JOIN duties_obligation AS obligation ON obligation.id = assignment.obligation_id
    LEFT JOIN reports_report AS report ON report.assignment_id = assignment.id
    WHERE assignment.enrolment_id = place.enrolment_id
      AND assignment.status IN {COUNTED} AND assignment.latest_on IS NOT NULL
) AS task
WHERE task.limit_on BETWEEN %(starts)s AND %(ends)s
  AND (task.handed IS NOT NULL OR task.limit_on < %(on)s)
"""  # noqa: S608 - constants of this file
# Before an extension the last day was the original one, or the later reading of the words.
_ORIGINAL = """CASE WHEN assignment.original_due_on IS NULL
                      OR assignment.original_due_on = assignment.due_on THEN assignment.latest_on
                ELSE greatest(assignment.original_due_on, obligation.latest_on) END"""
ON_TIME = _ON_TIME.format(limit="assignment.latest_on")
ON_TIME_ORIGINAL = _ON_TIME.format(limit=_ORIGINAL)

# Decided reports: passed without having come back.
FIRST_ROUND = """
SELECT place.card_id, report.number AS subject, report.handed_in_on AS happened_on,
       CASE WHEN report.returns = 0 THEN 1 ELSE 0 END AS part, 1 AS whole
FROM place
JOIN duties_assignment AS assignment ON assignment.enrolment_id = place.enrolment_id
JOIN reports_report AS report ON report.assignment_id = assignment.id
WHERE report.kind <> 'overall' AND (report.status = 'accepted' OR report.returns > 0)
  AND report.handed_in_on BETWEEN %(starts)s AND %(until)s
"""

EVIDENCE = """
SELECT place.card_id, report.number AS subject, report.handed_in_on AS happened_on,
       CASE WHEN EXISTS (
           SELECT FROM reports_submission AS edition
           JOIN reports_submissionevidence AS file ON file.submission_id = edition.id
           WHERE edition.report_id = report.id AND edition.edition = report.editions
       ) THEN 1 ELSE 0 END AS part, 1 AS whole
FROM place
JOIN duties_assignment AS assignment ON assignment.enrolment_id = place.enrolment_id
JOIN reports_report AS report ON report.assignment_id = assignment.id
WHERE report.kind <> 'overall' AND report.editions > 0
  AND report.handed_in_on BETWEEN %(starts)s AND %(until)s
"""

# What counts towards the tasks of that nature, and how much of it was asked for.
_HELD = f"""
SELECT place.card_id, assignment.number AS subject, mark.happened_on, 1 AS part, 0 AS whole
FROM place
JOIN duties_assignment AS assignment ON assignment.enrolment_id = place.enrolment_id
JOIN duties_obligation AS obligation ON obligation.id = assignment.obligation_id
JOIN duties_fulfilment AS mark ON mark.assignment_id = assignment.id AND mark.voided_at IS NULL
WHERE obligation.nature = '{{nature}}' AND assignment.status IN {COUNTED}
  AND mark.happened_on BETWEEN %(starts)s AND %(until)s
UNION ALL
SELECT place.card_id, assignment.number, NULL, 0, assignment.quantity
FROM place
JOIN duties_assignment AS assignment ON assignment.enrolment_id = place.enrolment_id
JOIN duties_obligation AS obligation ON obligation.id = assignment.obligation_id
WHERE obligation.nature = '{{nature}}' AND assignment.status IN {COUNTED}
  AND (assignment.latest_on IS NULL OR assignment.latest_on BETWEEN %(starts)s AND %(ends)s)
"""  # noqa: S608 - constants of this file
TRAININGS = _HELD.format(nature="training")
MEETINGS = _HELD.format(nature="exchange")

PLAN_FILED = f"""
SELECT place.card_id, assignment.number AS subject, assignment.done_on AS happened_on,
       CASE WHEN assignment.done_on <= %(until)s THEN 1 ELSE 0 END AS part, 1 AS whole
FROM place
JOIN duties_assignment AS assignment ON assignment.enrolment_id = place.enrolment_id
JOIN duties_obligation AS obligation ON obligation.id = assignment.obligation_id
WHERE obligation.nature = 'plan' AND assignment.status IN {COUNTED}
"""  # noqa: S608 - constants of this file

# Days from the appointment to its report for the record; one that is still to be filed goes on
# counting. A term whose first day nobody knows is not counted.
FILING_DAYS = """
SELECT place.card_id, appointment.number AS subject, filing.reported_on AS happened_on,
       greatest(
           coalesce(filing.reported_on, %(until)s::date)
           - coalesce(appointment.signed_on, appointment.starts_on), 0
       ) AS part, 1 AS whole
FROM place
JOIN officers_appointment AS appointment ON appointment.unit_id = place.unit_id
JOIN duties_assignment AS task ON task.id = appointment.filing_task_id
                              AND task.enrolment_id = place.enrolment_id
LEFT JOIN LATERAL (
    SELECT min(filing.reported_on) AS reported_on FROM officers_filing AS filing
    WHERE filing.appointment_id = appointment.id AND filing.kind = 'appointment'
      AND filing.status IN ('submitted', 'returned', 'accepted')
) AS filing ON true
WHERE appointment.status IN ('appointed', 'ended')
  AND coalesce(appointment.signed_on, appointment.starts_on) BETWEEN %(starts)s AND %(until)s
"""

# Spans of the period on which nobody held the post for good. A term known only since some day may be
# older: nothing before it is called vacant.
VACANCY_DAYS = """
, span AS (
    SELECT place.card_id, place.unit_id,
           greatest(%(starts)s::date, coalesce(place.enrolled_on, %(starts)s::date)) AS first_on
    FROM place
), term AS (
    SELECT span.card_id, span.first_on,
           CASE WHEN appointment.starts_on IS NULL THEN span.first_on
                ELSE greatest(appointment.starts_on, span.first_on) END AS since,
           least(coalesce(appointment.ends_on, %(until)s::date), %(until)s::date) AS till
    FROM span
    JOIN officers_appointment AS appointment ON appointment.unit_id = span.unit_id
    JOIN officers_post AS post ON post.id = appointment.post_id AND post.code = 'cdo'
    WHERE appointment.status IN ('appointed', 'ended') AND appointment.kind = 'substantive'
      AND (appointment.starts_on IS NULL OR appointment.starts_on <= %(until)s)
      AND (appointment.ends_on IS NULL OR appointment.ends_on >= span.first_on)
), ordered AS (
    SELECT card_id, since, till,
           coalesce(max(till) OVER (PARTITION BY card_id ORDER BY since, till
                                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
                    first_on - 1) AS covered
    FROM term
    UNION ALL
    SELECT span.card_id, %(until)s::date + 1, %(until)s::date + 1,
           coalesce(last.till, span.first_on - 1)
    FROM span
    LEFT JOIN (SELECT card_id, max(till) AS till FROM term GROUP BY card_id) AS last
           ON last.card_id = span.card_id
)
SELECT card_id, to_char(covered + 1, 'YYYY-MM-DD') AS subject, covered + 1 AS happened_on,
       greatest(since - covered - 1, 0) AS part, 0 AS whole
FROM ordered WHERE since - covered > 1
UNION ALL
SELECT card_id, '', NULL, 0, greatest(%(until)s::date - first_on + 1, 0) FROM span
"""

PROJECTS_GATED = """
SELECT place.card_id, project.number AS subject, project.started_on AS happened_on,
       CASE WHEN EXISTS (
           SELECT FROM projects_opinion AS opinion
           WHERE opinion.project_id = project.id AND opinion.gate = 'approval'
             AND opinion.given_on <= %(until)s
       ) THEN 1 ELSE 0 END AS part, 1 AS whole
FROM place
JOIN projects_project AS project ON project.enrolment_id = place.enrolment_id
WHERE project.withdrawn_on IS NULL AND project.started_on BETWEEN %(starts)s AND %(until)s
"""

# How the rows of a body become one value, NULL where nothing applies.
RATE = "round(sum(found.part)::numeric / nullif(sum(found.whole), 0), 6)"
COUNT = "CASE WHEN sum(found.whole) > 0 OR sum(found.part) > 0 THEN sum(found.part) END"
LONGEST = "max(found.part)"
SUM = "CASE WHEN sum(found.whole) > 0 THEN sum(found.part) END"

# A body with nothing to count has an empty row of its own. Joining the rows back to `place` instead
# would be planned by the size that evaluations_scorecard had when it was last analysed, and a round
# whose sheets are new looks empty then (measured: minutes for a thousand bodies).
STORE = """
INSERT INTO evaluations_factvalue (scorecard_id, fact, value, part, whole, read_on)
SELECT found.card_id, %(fact)s, {value}, coalesce(sum(found.part), 0),
       coalesce(sum(found.whole), 0), %(on)s
FROM ({rows} UNION ALL SELECT card_id, NULL, NULL, NULL, NULL FROM place) AS found
GROUP BY found.card_id
ON CONFLICT (scorecard_id, fact) DO UPDATE
SET value = excluded.value, part = excluded.part, whole = excluded.whole,
    read_on = excluded.read_on
"""
