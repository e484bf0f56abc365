"""The SQL behind the notices of projects: who is told of a veto, and of a correction whose day nears or
has passed, one SELECT a type. `{programmes}` are (id, first day followed) of what is followed."""

PEOPLE = """
WITH followed (programme_id, started_on) AS (VALUES {programmes}),
acting AS (
    SELECT membership.id, membership.unit_id, membership.user_id, membership.role
    FROM pilots_membership AS membership
    JOIN accounts_user AS person ON person.id = membership.user_id
    WHERE membership.role IN ('data_officer', 'unit_cdo', 'bureau_officer') AND person.is_active
      AND membership.revoked_at IS NULL
      AND (membership.starts_on IS NULL OR membership.starts_on <= %(on)s)
      AND (membership.ends_on IS NULL OR membership.ends_on >= %(on)s)
), desk AS (
    SELECT acting.id, acting.user_id, bureau.programme_id
    FROM acting
    JOIN pilots_enrolment AS bureau ON bureau.unit_id = acting.unit_id AND bureau.part = 'bureau'
    WHERE acting.role = 'bureau_officer'
      AND (bureau.withdrawn_on IS NULL OR bureau.withdrawn_on > %(on)s)
      AND (bureau.starts_on IS NULL OR bureau.starts_on <= %(on)s)
      AND (bureau.ends_on IS NULL OR bureau.ends_on >= %(on)s)
)"""

# A veto is news for a month, while it stands; whoever entered it knows.
_VETOES = """
SELECT 'opinion:' || opinion.id AS subject, 1 AS deadline_version, opinion.gate AS stage,
       '' AS reading, told.user_id AS recipient_id, place.programme_id, place.unit_id,
       jsonb_build_object('number', project.number, 'name', project.name, 'gate', opinion.gate,
                          'given_on', opinion.given_on, 'reason', opinion.reason) AS facts
FROM projects_opinion AS opinion
JOIN projects_project AS project ON project.id = opinion.project_id
 AND project.withdrawn_on IS NULL
JOIN pilots_enrolment AS place ON place.id = project.enrolment_id
JOIN followed ON followed.programme_id = place.programme_id
CROSS JOIN LATERAL (
    SELECT (opinion.entered_at AT TIME ZONE 'Asia/Shanghai')::date AS day
) AS entered
CROSS JOIN LATERAL (
    SELECT acting.user_id FROM acting
    WHERE acting.unit_id = place.unit_id AND acting.role = 'data_officer'
    UNION
    SELECT desk.user_id FROM desk WHERE desk.programme_id = place.programme_id
) AS told
WHERE opinion.decision = 'veto' AND told.user_id IS DISTINCT FROM opinion.entered_by_id
  AND entered.day >= followed.started_on AND entered.day >= %(on)s::date - 31
  AND NOT EXISTS (
    SELECT FROM projects_opinion AS later
    WHERE later.project_id = opinion.project_id AND later.gate = opinion.gate
      AND (later.given_on, later.id) > (opinion.given_on, opinion.id))
"""

# `soon` from five working days before, `today` on the last working day, `over` from the first working
# day after it and each week again. Once it is over, the bureau's desk is told too.
_CORRECTIONS = """
SELECT 'finding:' || finding.number AS subject, finding.due_version AS deadline_version,
       reached.stage, '' AS reading, told.user_id AS recipient_id, place.programme_id,
       place.unit_id,
       jsonb_build_object('number', finding.number, 'title', finding.title,
                          'due_on', finding.due_on, 'measures', finding.measures) AS facts
FROM projects_finding AS finding
JOIN pilots_enrolment AS place ON place.id = finding.enrolment_id
JOIN followed ON followed.programme_id = place.programme_id
CROSS JOIN LATERAL (
    SELECT CASE WHEN finding.due_on >= %(next_workday)s::date THEN 'soon'
                WHEN finding.due_on >= %(workday)s::date THEN 'today'
                WHEN %(workday)s::date - finding.due_on < 7 THEN 'over'
                ELSE 'over+' || (%(workday)s::date - finding.due_on) / 7 END AS stage
) AS reached
CROSS JOIN LATERAL (
    SELECT acting.user_id FROM acting
    WHERE acting.unit_id = place.unit_id AND acting.role IN ('data_officer', 'unit_cdo')
    UNION
    SELECT desk.user_id FROM desk
    WHERE desk.programme_id = place.programme_id AND reached.stage LIKE 'over%%'
) AS told
WHERE finding.status = 'correcting' AND finding.due_on < %(soon_before)s::date
  AND finding.due_on >= followed.started_on
"""

VETOES = PEOPLE + _VETOES
CORRECTIONS = PEOPLE + _CORRECTIONS
