"""The SQL behind the notices of evaluations, one SELECT a type.

Nothing here gives a score: mails leave the portal. A step is told when it opens, again three days
before its day and once it is over, as long as the reader has not done what is asked. Only days of
business are compared (`_on`), never moments.
"""

from reports.notice_sql import ACTING

_CARD = """
SELECT DISTINCT 'scorecard:' || round.number || '.' || unit.code AS subject,
       1 AS deadline_version, {stage} AS stage, '' AS reading,
       told.user_id AS recipient_id, place.programme_id, place.unit_id,
       jsonb_build_object('number', round.number, 'title', round.title, 'unit', unit.code,
                          'by', {by}, 'until', round.objections_until) AS facts
FROM evaluations_round AS round
JOIN followed ON followed.programme_id = round.programme_id AND round.moved_on <= %(on)s
JOIN evaluations_scorecard AS card ON card.round_id = round.id AND card.dropped_on IS NULL
JOIN pilots_enrolment AS place ON place.id = card.enrolment_id
JOIN pilots_unit AS unit ON unit.id = place.unit_id
"""
_STAGE = (
    "CASE WHEN {by} < %(on)s THEN 'late' WHEN {by} <= %(on)s::date + 3 THEN 'soon' "
    "ELSE 'opened' END"
)


def _asked(by: str) -> str:
    return _CARD.format(stage=_STAGE.format(by=by), by=by)


_UNIT_PEOPLE = """
JOIN acting AS told ON told.unit_id = place.unit_id AND told.role IN ('data_officer', 'unit_cdo')
"""

_SELF = """
WHERE round.state = 'self_scoring' AND card.self_done_on IS NULL
"""

# The CDO does not evaluate himself or herself.
_UNIT = """
JOIN acting AS told ON told.unit_id = place.unit_id AND told.role = 'data_officer'
WHERE round.state = 'unit_scoring' AND card.unit_done_on IS NULL
"""

_REVIEW = """
JOIN evaluations_reviewseat AS told ON told.scorecard_id = card.id AND told.ended_at IS NULL
                                   AND told.done_on IS NULL
JOIN accounts_user AS person ON person.id = told.user_id AND person.is_active
WHERE round.state = 'review'
"""

_TOLD = """
WHERE round.state = 'objections' AND round.objections_on BETWEEN %(on)s::date - 31 AND %(on)s
  AND (round.objections_until IS NULL OR round.objections_until >= %(on)s)
"""

_PUBLISHED = """
WHERE round.state = 'published' AND round.published_on BETWEEN %(on)s::date - 31 AND %(on)s
"""

_OBJECTION = """
SELECT DISTINCT 'objection:' || objection.number AS subject, 1 AS deadline_version,
       objection.state AS stage, '' AS reading, told.user_id AS recipient_id,
       place.programme_id, place.unit_id,
       jsonb_build_object('number', objection.number, 'title', round.title,
                          'indicator', leaf.name, 'raised_on', objection.raised_on) AS facts
FROM evaluations_objection AS objection
JOIN evaluations_scorecard AS card ON card.id = objection.scorecard_id
JOIN evaluations_round AS round ON round.id = card.round_id
JOIN evaluations_indicator AS leaf ON leaf.id = objection.indicator_id
JOIN pilots_enrolment AS place ON place.id = card.enrolment_id
JOIN followed ON followed.programme_id = place.programme_id
"""

_RAISED = """
JOIN desk AS told ON told.programme_id = place.programme_id
WHERE objection.state = 'asked' AND objection.raised_on <= %(on)s
"""

_DECIDED = """
WHERE objection.state IN ('upheld', 'partly', 'refused')
  AND objection.decided_on BETWEEN %(on)s::date - 31 AND %(on)s
"""

SELF = ACTING + _asked("round.self_by") + _UNIT_PEOPLE + _SELF
UNIT = ACTING + _asked("round.unit_by") + _UNIT
REVIEW = ACTING + _asked("round.review_by") + _REVIEW
TOLD = ACTING + _CARD.format(stage="'told'", by="NULL") + _UNIT_PEOPLE + _TOLD
PUBLISHED = (
    ACTING
    + _CARD.format(stage="'published-' || round.editions", by="NULL")
    + _UNIT_PEOPLE
    + _PUBLISHED
)
RAISED = ACTING + _OBJECTION + _RAISED
DECIDED = ACTING + _OBJECTION + _UNIT_PEOPLE + _DECIDED
