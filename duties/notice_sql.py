"""The SQL behind the notices of deadlines.

`reached` holds the open assignments together with the newest stage that they have reached by the
day, unless that stage is dated before the programme was followed. Between the two readings of a
date in doubt the later one counts, and only after it is anything overdue (house.md §6.3).

A unit's clerks are its data officers; the leading bureau's own demands go to its officers too, for
a bureau has no data officer of its own.
"""

REACHED = """
WITH rule (programme_id, workday, before_start, cdo_from, desk_from) AS (VALUES {rules}),
bound (programme_id, stage, reached_on, before_on, missed) AS (VALUES {bounds}),
followed AS (
    SELECT assignment.number, assignment.obligation_id, assignment.due_on, assignment.latest_on,
           assignment.deadline_version, enrolment.programme_id, enrolment.unit_id,
           enrolment.liaison_id, enrolment.part = 'bureau' AS is_bureau,
           rule.workday, rule.before_start, rule.cdo_from, rule.desk_from, doubt.reading,
           CASE doubt.reading WHEN 'latest' THEN assignment.latest_workday_on
                              ELSE assignment.last_workday_on END AS workday_on
    FROM duties_assignment AS assignment
    -- OFFSET 0: asked of each task by its number. While the tables are newly filled the planner would
    -- look through all that is due for each unit.
    CROSS JOIN LATERAL (SELECT * FROM pilots_enrolment AS enrolment
                        WHERE enrolment.id = assignment.enrolment_id OFFSET 0) AS enrolment
    JOIN rule ON rule.programme_id = enrolment.programme_id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN assignment.latest_on > assignment.due_on AND assignment.due_on < %(on)s
                    THEN 'latest' ELSE 'due' END AS reading
    ) AS doubt
    -- What was handed in waits for the bureau: nobody is reminded of it (ux.md §8).
    WHERE assignment.status IN ('assigned', 'accepted', 'returned')
      AND assignment.last_workday_on <= %(horizon)s
      AND (enrolment.withdrawn_on IS NULL OR enrolment.withdrawn_on > %(on)s)
      AND (enrolment.starts_on IS NULL OR enrolment.starts_on <= %(on)s)
      AND (enrolment.ends_on IS NULL OR enrolment.ends_on >= %(on)s)
), reached AS (
    SELECT followed.*, stage.rank, stage.name AS stage, stage.weeks, stage.days_left, stage.late_by
    FROM followed CROSS JOIN LATERAL (
        (SELECT bound.stage AS rank, bound.stage::text AS name, NULL::int AS weeks,
                (SELECT count(*) FROM unnest(%(ahead)s::date[]) AS ahead (day)
                 WHERE ahead.day <= followed.workday_on) AS days_left,
                (SELECT count(*) FROM unnest(bound.missed) AS missed (reached_on)
                 WHERE followed.workday_on <= missed.reached_on) AS late_by
         FROM bound
         WHERE bound.programme_id = followed.programme_id
           AND followed.latest_on >= followed.workday
           AND followed.workday_on <= bound.reached_on AND followed.workday_on > bound.before_on
         ORDER BY bound.stage LIMIT 1)
        UNION ALL
        (SELECT -1, CASE WHEN weeks = 0 THEN 'overdue' ELSE 'overdue+' || weeks END, weeks, NULL,
                (SELECT count(*) FROM unnest(%(silence)s::date[]) AS silent (day)
                 WHERE silent.day > followed.latest_on
                   AND (silent.day - followed.latest_on) / 7 >= weeks)
         FROM (SELECT (followed.workday - followed.latest_on) / 7 AS weeks) AS passed
         WHERE followed.latest_on < followed.workday
           AND CASE WHEN weeks = 0 THEN followed.latest_on >= followed.before_start
                    ELSE followed.latest_on + weeks * 7 > followed.before_start END)
    ) AS stage
), recipient AS NOT MATERIALIZED (
    -- Asked of each unit by index. Asked of all the units in `reached` at once, each task looked through
    -- all the others (measured: eight seconds for twenty thousand).
    SELECT membership.unit_id, membership.user_id,
           bool_or(membership.role = 'data_officer') AS is_clerk,
           bool_or(membership.role = 'unit_cdo' AND membership.delegated_by_id IS NULL) AS is_cdo,
           bool_or(membership.role = 'bureau_officer') AS is_officer
    FROM pilots_membership AS membership
    JOIN accounts_user AS person ON person.id = membership.user_id
    WHERE membership.role IN ('data_officer', 'unit_cdo', 'bureau_officer') AND person.is_active
      AND membership.revoked_at IS NULL
      AND (membership.starts_on IS NULL OR membership.starts_on <= %(on)s)
      AND (membership.ends_on IS NULL OR membership.ends_on >= %(on)s)
    GROUP BY membership.unit_id, membership.user_id
)
"""

# Whoever at the bureau's desk hears of a body: its liaison there, else the officer who has been at the
# desk longest.
_DESK = """
    SELECT membership.user_id
    FROM pilots_membership AS membership
    JOIN accounts_user AS person ON person.id = membership.user_id
    JOIN pilots_enrolment AS bureau
      ON bureau.unit_id = membership.unit_id AND bureau.part = 'bureau'
     AND bureau.programme_id = reached.programme_id
     AND (bureau.withdrawn_on IS NULL OR bureau.withdrawn_on > %(on)s)
    WHERE membership.role = 'bureau_officer' AND person.is_active
      AND membership.revoked_at IS NULL
      AND (membership.starts_on IS NULL OR membership.starts_on <= %(on)s)
      AND (membership.ends_on IS NULL OR membership.ends_on >= %(on)s)
    ORDER BY membership.user_id IS DISTINCT FROM reached.liaison_id, membership.id
    LIMIT 1
"""

# Every data officer of the unit at each stage, its CDO from the stage of the programme's rule on, and,
# where the rule says so, after some weeks the bureau's desk. What was missed in a silence says how late,
# and a task that came after a stage how many working days are left in truth.
_TOLD = """
SELECT 'assignment:' || reached.number AS subject, reached.deadline_version,
       reached.stage, reached.reading, recipient.user_id AS recipient_id, reached.programme_id,
       reached.unit_id,
       jsonb_build_object(
           'number', reached.number, 'title', obligation.title, 'wording', obligation.wording,
           'due_on', reached.due_on, 'latest_on', reached.latest_on,
           'workday_on', reached.workday_on, 'clause', clause.label,
           'document', document.title, 'document_number', document.number)
       || CASE WHEN reached.late_by > 0 THEN jsonb_build_object('late_by', reached.late_by)
               ELSE '{}'::jsonb END
       || CASE WHEN reached.days_left < reached.rank
               THEN jsonb_build_object('days_left', reached.days_left)
               ELSE '{}'::jsonb END AS facts
FROM reached
JOIN duties_obligation AS obligation ON obligation.id = reached.obligation_id
CROSS JOIN LATERAL (
    SELECT told.user_id FROM recipient AS told
    WHERE told.unit_id = reached.unit_id
      AND (told.is_clerk OR (told.is_officer AND reached.is_bureau)
           OR (told.is_cdo AND reached.rank <= reached.cdo_from))
    UNION
    SELECT desk.user_id FROM (SELECT 1 WHERE reached.weeks >= reached.desk_from) AS escalated
    CROSS JOIN LATERAL ({desk}) AS desk
) AS recipient
LEFT JOIN pilots_clause AS clause ON clause.id = obligation.clause_id
LEFT JOIN pilots_policydocument AS document ON document.id = clause.document_id
"""

# A unit in which nobody can log in: one notice a deadline to the bureau's desk, which is the unit's
# liaison there, else the officer who has been at the desk longest.
_UNTOLD = """
SELECT 'nobody:' || reached.programme_id || ':' || unit.code AS subject, 1 AS deadline_version,
       'due ' || min(reached.latest_on) AS stage, '' AS reading,
       desk.user_id AS recipient_id, reached.programme_id, reached.unit_id,
       jsonb_build_object('unit', unit.code, 'due_on', min(reached.latest_on),
                          'count', count(*)) AS facts
FROM reached
JOIN pilots_unit AS unit ON unit.id = reached.unit_id
CROSS JOIN LATERAL ({desk}) AS desk
WHERE NOT EXISTS (
    SELECT FROM recipient
    WHERE recipient.unit_id = reached.unit_id
      AND (recipient.is_clerk OR recipient.is_cdo OR (recipient.is_officer AND reached.is_bureau)))
GROUP BY unit.code, desk.user_id, reached.programme_id, reached.unit_id
"""

DEADLINES = REACHED + _TOLD.replace("{desk}", _DESK)
NOBODY = REACHED + _UNTOLD.replace("{desk}", _DESK)
