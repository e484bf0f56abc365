"""The SQL behind the notices of requests for support, one SELECT a type.

What is raised again, answered again or promised for another day is told anew: the version counts what
was said of it, the stage names the day. Rewording it is no news. Only days of business are
compared; what was raised before a programme was followed is told to nobody.
"""

from .notice_sql import ACTING

_SUPPORT = """
SELECT DISTINCT 'support:' || request.number AS subject,
       1 + (SELECT count(*) FROM reports_supportreply AS reply
            WHERE reply.request_id = request.id) AS deadline_version,
       coalesce(request.answer_by::text, request.status) AS stage, '' AS reading,
       told.user_id AS recipient_id, place.programme_id, place.unit_id,
       jsonb_build_object('number', request.number, 'title', request.title,
                          'raised_on', request.raised_on, 'answer_by', request.answer_by,
                          'answered_on', request.answered_on) AS facts
FROM reports_supportrequest AS request
JOIN pilots_enrolment AS place ON place.id = request.enrolment_id
JOIN followed ON followed.programme_id = place.programme_id
             AND request.raised_on BETWEEN followed.started_on AND %(on)s
"""

_RAISED = """
JOIN desk AS told ON told.programme_id = place.programme_id
WHERE request.status IN ('raised', 'reopened')
"""

_PROMISED = """
JOIN acting AS told ON told.unit_id = place.unit_id AND told.role = 'data_officer'
WHERE request.status = 'promised' AND request.answer_by >= %(on)s
"""

_ANSWERED = """
JOIN acting AS told ON told.unit_id = place.unit_id AND told.role = 'data_officer'
WHERE request.status = 'answered' AND request.answered_on <= %(on)s
"""

_OVERDUE = """
JOIN desk AS told ON told.programme_id = place.programme_id
WHERE request.status = 'promised' AND request.answer_by < %(on)s
"""

RAISED = ACTING + _SUPPORT + _RAISED
PROMISED = ACTING + _SUPPORT + _PROMISED
ANSWERED = ACTING + _SUPPORT + _ANSWERED
OVERDUE = ACTING + _SUPPORT + _OVERDUE
