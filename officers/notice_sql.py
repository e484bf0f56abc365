"""The SQL behind the notices of the register: who waits for what on a day, one SELECT a type.

Every SELECT starts with FOLLOWED: `part` is who takes part in a programme that is followed, `acting`
who acts for which body. What has stages has the newest one that it has reached by the last working
day, unless that is dated before its programme was followed (house.md §6.2, §6.4). A stage carries
its day in its name, so that a second vacancy of the same seat is told anew.
"""

FOLLOWED = """
WITH followed (programme_id, started_on, soon_floor) AS (VALUES {programmes}),
part AS (
    SELECT enrolment.id, enrolment.programme_id, enrolment.unit_id, enrolment.part,
           enrolment.starts_on, enrolment.position, enrolment.liaison_id, unit.code AS unit_code,
           coalesce(nullif(enrolment.kind, ''), unit.kind) AS kind,
           followed.started_on, followed.soon_floor
    FROM pilots_enrolment AS enrolment
    JOIN followed ON followed.programme_id = enrolment.programme_id
    JOIN pilots_unit AS unit ON unit.id = enrolment.unit_id
    WHERE NOT unit.is_slot
      AND (unit.established_on IS NULL OR unit.established_on <= %(on)s)
      AND (unit.ceased_on IS NULL OR unit.ceased_on >= %(on)s)
      AND (enrolment.withdrawn_on IS NULL OR enrolment.withdrawn_on > %(on)s)
      AND (enrolment.starts_on IS NULL OR enrolment.starts_on <= %(on)s)
      AND (enrolment.ends_on IS NULL OR enrolment.ends_on >= %(on)s)
), acting AS (
    SELECT membership.id, membership.unit_id, membership.user_id, membership.role
    FROM pilots_membership AS membership
    JOIN accounts_user AS person ON person.id = membership.user_id
    WHERE membership.role IN ('data_officer', 'unit_cdo', 'bureau_officer') AND person.is_active
      AND membership.revoked_at IS NULL
      AND (membership.starts_on IS NULL OR membership.starts_on <= %(on)s)
      AND (membership.ends_on IS NULL OR membership.ends_on >= %(on)s)
)"""

# The rule that governs a post in a body: the first that binds it, as in queries.seats.governing.
RULINGS = """, ruling AS (
    SELECT DISTINCT ON (part.programme_id, part.unit_id, rule.post_id)
           part.*, rule.post_id, rule.is_encouraged, rule.filed_at_id,
           coalesce(nullif(rule.count, 0), 1) AS seats,
           coalesce(rule.vacancy_days, rule.own_vacancy_days) AS vacancy_days,
           rule.vacancy_days IS NULL AS is_own_vacancy,
           coalesce(rule.filing_days, rule.own_filing_days) AS filing_days,
           rule.filing_days IS NULL AS is_own_filing
    FROM part
    JOIN officers_postrule AS rule
      ON rule.programme_id = part.programme_id AND rule.withdrawn_on IS NULL
     AND part.part = ANY (rule.parts)
     AND (cardinality(rule.kinds) = 0 OR part.kind = ANY (rule.kinds))
     AND (NOT EXISTS (SELECT FROM officers_postrule_units AS named
                      WHERE named.postrule_id = rule.id)
          OR EXISTS (SELECT FROM officers_postrule_units AS named
                     WHERE named.postrule_id = rule.id AND named.unit_id = part.unit_id))
    ORDER BY part.programme_id, part.unit_id, rule.post_id,
             part.position, part.id, rule.position, rule.code
)"""

STAGED = "%(workday)s"  # what has stages asks for the last working day
# 「临期」 comes before the monthly word; of the others the newest. `waiting` has since, limit_on.
STAGES = """, staged AS (
    SELECT waiting.*, stage.name, stage.name || ' ' || stage.day AS stage
    FROM waiting
    CROSS JOIN LATERAL (
        SELECT extract(year FROM %(workday)s::date)::int * 12
                   + extract(month FROM %(workday)s::date)::int
                   - extract(year FROM since)::int * 12 - extract(month FROM since)::int AS count
    ) AS begun
    CROSS JOIN LATERAL (
        SELECT begun.count - CASE WHEN since + make_interval(months => begun.count)
                                       > %(workday)s::date THEN 1 ELSE 0 END AS count
    ) AS month
    CROSS JOIN LATERAL (
        SELECT name, day FROM (
            SELECT '{first}' AS name, since AS day WHERE '{first}' <> ''
            UNION ALL
            SELECT 'month', (since + make_interval(months => month.count))::date
            WHERE month.count > 0
            UNION ALL
            SELECT 'over', limit_on + 1 WHERE limit_on < %(workday)s::date
            UNION ALL
            SELECT 'soon', limit_on
            WHERE limit_on >= %(workday)s::date AND limit_on < %(soon_before)s::date
        ) AS reached
        WHERE CASE name WHEN 'soon' THEN limit_on >= soon_floor AND since <= %(workday)s::date
                        ELSE day BETWEEN started_on AND %(workday)s::date END
        ORDER BY name = 'soon' DESC, day DESC, name DESC LIMIT 1
    ) AS stage
)"""

# The bureau's desk of a body: its liaison there, else the officer who has been there longest.
DESK = """
SELECT acting.user_id FROM acting
JOIN part AS bureau ON bureau.unit_id = acting.unit_id AND bureau.part = 'bureau'
 AND bureau.programme_id = {body}.programme_id
WHERE acting.role = 'bureau_officer'
ORDER BY acting.user_id IS DISTINCT FROM {body}.liaison_id, acting.id LIMIT 1
"""
# A bureau has no data officer of its own: its officers are its clerks.
CLERKS = """
SELECT acting.user_id FROM acting
WHERE acting.unit_id = {body}.unit_id
  AND (acting.role = 'data_officer'
       OR (acting.role = 'bureau_officer' AND {body}.part = 'bureau'))
"""

# Nobody in the seat, no stand-in either, and nobody proposed.
_VACANT = """, waiting AS (
    SELECT ruling.*, post.code AS post_code, post.name AS post_name, post.name_en AS post_name_en,
           place.seat, gone.since, gone.since + ruling.vacancy_days AS limit_on
    FROM ruling
    JOIN officers_post AS post ON post.id = ruling.post_id AND post.code = %(post)s
    CROSS JOIN LATERAL generate_series(1, ruling.seats) AS place (seat)
    CROSS JOIN LATERAL (
        SELECT CASE WHEN max(former.ends_on) IS NULL
                    THEN greatest(ruling.starts_on, ruling.started_on)
                    ELSE greatest(max(former.ends_on) + 1, ruling.starts_on) END AS since
        FROM officers_appointment AS former
        WHERE former.unit_id = ruling.unit_id AND former.post_id = ruling.post_id
          AND former.seat = place.seat AND former.kind = 'substantive'
          AND former.status IN ('appointed', 'ended') AND former.since <= %(on)s
    ) AS gone
    WHERE NOT ruling.is_encouraged AND NOT EXISTS (
        SELECT FROM officers_appointment AS holder
        WHERE holder.unit_id = ruling.unit_id AND holder.post_id = ruling.post_id
          AND holder.seat = place.seat
          AND (holder.status = 'proposed'
               OR (holder.status IN ('appointed', 'ended') AND holder.since <= %(on)s
                   AND (holder.ends_on IS NULL OR holder.ends_on >= %(on)s))))
)"""
_VACANT_TOLD = """
SELECT concat_ws(':', 'seat', staged.unit_code, staged.post_code, staged.seat) AS subject,
       1 AS deadline_version, staged.stage, '' AS reading, told.user_id AS recipient_id,
       staged.programme_id, staged.unit_id,
       jsonb_build_object(
           'unit', staged.unit_code, 'post', staged.post_name, 'post_en', staged.post_name_en,
           'since', staged.since, 'limit_on', staged.limit_on,
           'is_own', staged.is_own_vacancy) AS facts
FROM staged
CROSS JOIN LATERAL (({clerks}) UNION ({desk})) AS told
"""

# In office and neither on record nor at the desk: what was returned is the unit's turn again.
_UNFILED = """, waiting AS (
    SELECT ruling.*, post.name AS post_name, post.name_en AS post_name_en, holder.number,
           begun.since, begun.since + ruling.filing_days AS limit_on
    FROM ruling
    JOIN officers_post AS post ON post.id = ruling.post_id
    JOIN officers_appointment AS holder
      ON holder.unit_id = ruling.unit_id AND holder.post_id = ruling.post_id
    CROSS JOIN LATERAL (SELECT coalesce(holder.signed_on, holder.since) AS since) AS begun
    WHERE ruling.filed_at_id IS NOT NULL AND holder.kind = 'substantive'
      AND holder.status IN ('appointed', 'ended') AND holder.since <= %(on)s
      AND (holder.ends_on IS NULL OR holder.ends_on >= %(on)s)
      AND NOT EXISTS (
        SELECT FROM officers_filing AS filing
        WHERE filing.appointment_id = holder.id AND filing.kind = 'appointment'
          AND filing.status IN ('submitted', 'accepted'))
)"""
_UNFILED_TOLD = """
SELECT 'appointment:' || staged.number AS subject, 1 AS deadline_version, staged.stage,
       '' AS reading, told.user_id AS recipient_id, staged.programme_id, staged.unit_id,
       jsonb_build_object(
           'unit', staged.unit_code, 'number', staged.number, 'post', staged.post_name,
           'post_en', staged.post_name_en, 'since', staged.since,
           'limit_on', staged.limit_on, 'is_own', staged.is_own_filing) AS facts
FROM staged
CROSS JOIN LATERAL (
    ({clerks}) UNION (SELECT desk.user_id FROM ({desk}) AS desk WHERE staged.name = 'over')
) AS told
"""

# One word a body, whichever of its programmes is followed longest: one click answers it.
_OLD = """, waiting AS (
    SELECT DISTINCT ON (part.unit_id) part.*, old.since, old.count, NULL::date AS limit_on
    FROM part
    CROSS JOIN LATERAL (
        SELECT count(*) AS count,
               min(CASE WHEN holder.confirmed_on IS NULL THEN holder.since
                        ELSE (holder.confirmed_on + interval '1 year')::date + 1 END) AS since
        FROM officers_appointment AS holder
        WHERE holder.unit_id = part.unit_id AND holder.status IN ('appointed', 'ended')
          AND holder.since <= %(on)s AND (holder.ends_on IS NULL OR holder.ends_on >= %(on)s)
          AND (holder.confirmed_on IS NULL OR holder.confirmed_on < %(confirmed_since)s)
    ) AS old
    WHERE old.count > 0 AND part.part <> 'superior'
    ORDER BY part.unit_id, part.started_on, part.programme_id, part.id
)"""
_OLD_TOLD = """
SELECT 'unit:' || staged.unit_code AS subject, 1 AS deadline_version, staged.stage, '' AS reading,
       told.user_id AS recipient_id, staged.programme_id, staged.unit_id,
       jsonb_build_object('unit', staged.unit_code, 'count', staged.count) AS facts
FROM staged
CROSS JOIN LATERAL ({clerks}) AS told
"""

_PROPOSED = """
SELECT 'appointment:' || proposal.number AS subject, 1 AS deadline_version, 'proposed' AS stage,
       '' AS reading, told.user_id AS recipient_id, part.programme_id, part.unit_id,
       jsonb_build_object('unit', part.unit_code, 'number', proposal.number, 'post', post.name,
                          'post_en', post.name_en) AS facts
FROM officers_appointment AS proposal
JOIN officers_post AS post ON post.id = proposal.post_id
JOIN part ON part.unit_id = proposal.unit_id AND part.part <> 'superior'
CROSS JOIN LATERAL ({desk}) AS told
WHERE proposal.status = 'proposed'
  AND (proposal.created_at AT TIME ZONE 'Asia/Shanghai')::date >= part.started_on
"""

# By whom a filing is decided: queries.desks.deciders, without whoever reported it.
_SUBMITTED = """, decider AS (
    SELECT part.programme_id, part.unit_id, part.part, acting.user_id
    FROM acting JOIN part ON part.unit_id = acting.unit_id
    WHERE acting.role = 'bureau_officer' AND part.part IN ('bureau', 'leading_group_office')
)
SELECT 'filing:' || filing.number AS subject, filing.returns + 1 AS deadline_version,
       'submitted' AS stage, '' AS reading, told.user_id AS recipient_id, filing.programme_id,
       filing.unit_id,
       jsonb_build_object('number', filing.number, 'kind', filing.kind,
                          'reported_on', filing.reported_on) AS facts
FROM officers_filing AS filing
JOIN followed ON followed.programme_id = filing.programme_id
CROSS JOIN LATERAL (
    SELECT decider.user_id FROM decider
    WHERE decider.programme_id = filing.programme_id
      AND CASE WHEN filing.kind <> 'plan' AND EXISTS (
                   SELECT FROM decider AS there
                   WHERE there.programme_id = filing.programme_id
                     AND there.unit_id = filing.desk_id)
               THEN decider.unit_id = filing.desk_id ELSE decider.part = 'bureau' END
) AS told
WHERE filing.status = 'submitted' AND told.user_id IS DISTINCT FROM filing.submitted_by_id
  AND (filing.submitted_at AT TIME ZONE 'Asia/Shanghai')::date >= followed.started_on
"""

# An answer is news for a month: whoever joins the unit later is not told of all that once was.
_DECIDED = """
SELECT 'filing:' || filing.number AS subject,
       filing.returns + CASE filing.status WHEN 'accepted' THEN 1 ELSE 0 END AS deadline_version,
       filing.status AS stage, '' AS reading, acting.user_id AS recipient_id, filing.programme_id,
       filing.unit_id,
       jsonb_build_object('number', filing.number, 'kind', filing.kind,
                          'reason', filing.return_reason,
                          'receipt_number', filing.receipt_number,
                          'accepted_on', filing.accepted_on) AS facts
FROM officers_filing AS filing
JOIN followed ON followed.programme_id = filing.programme_id
JOIN acting ON acting.unit_id = filing.unit_id AND acting.role IN ('data_officer', 'unit_cdo')
CROSS JOIN LATERAL (
    SELECT (filing.decided_at AT TIME ZONE 'Asia/Shanghai')::date AS day
) AS decided
WHERE filing.status = %(status)s AND decided.day >= followed.started_on
  AND (filing.status = 'returned' OR decided.day >= %(on)s::date - 31)
"""


def _staged(waiting: str, told: str, *, first: str = "") -> str:
    said = told.replace("{clerks}", CLERKS).replace("{desk}", DESK).replace("{body}", "staged")
    return waiting + STAGES.replace("{first}", first) + said


VACANT = FOLLOWED + RULINGS + _staged(_VACANT, _VACANT_TOLD, first="vacant")
UNFILED = FOLLOWED + RULINGS + _staged(_UNFILED, _UNFILED_TOLD)
UNCONFIRMED = FOLLOWED + _staged(_OLD, _OLD_TOLD, first="old")
PROPOSED = FOLLOWED + _PROPOSED.replace("{desk}", DESK).replace("{body}", "part")
SUBMITTED = FOLLOWED + _SUBMITTED
DECIDED = FOLLOWED + _DECIDED
