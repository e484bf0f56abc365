"""The SQL behind the notices of signing, one SELECT a type: what waits for whose signature, and what
became of it. Days are those of business (`_on`); nothing from before its programme was followed."""

PEOPLE = """
WITH acting AS (
    SELECT membership.id, membership.unit_id, membership.user_id, membership.role,
           membership.delegated_by_id
    FROM pilots_membership AS membership
    JOIN accounts_user AS person ON person.id = membership.user_id
    LEFT JOIN accounts_user AS lender ON lender.id = membership.delegated_by_id
    WHERE membership.role IN ('data_officer', 'unit_cdo', 'bureau_officer', 'bureau_head')
      AND coalesce(lender.is_active, true)
      AND person.is_active AND membership.revoked_at IS NULL
      AND (membership.starts_on IS NULL OR membership.starts_on <= %(on)s)
      AND (membership.ends_on IS NULL OR membership.ends_on >= %(on)s)
), put_up AS (
    SELECT approval.*
    FROM approvals_approval AS approval
    JOIN pilots_programme AS programme ON programme.id = approval.programme_id
    WHERE programme.phase = 'running' AND programme.started_on <= approval.opened_on
      AND approval.opened_on <= %(on)s
)"""

# Who may decide the step that waits: queries.waiting.waiting_for.
_WAITING = """
SELECT 'approval:' || put_up.number AS subject, step.position AS deadline_version,
       'step ' || step.position AS stage, '' AS reading, told.user_id AS recipient_id,
       put_up.programme_id, put_up.unit_id,
       jsonb_build_object('number', put_up.number, 'subject', put_up.subject,
                          'purpose', put_up.purpose, 'title', put_up.title,
                          'length', put_up.length, 'due_on', put_up.due_on) AS facts
FROM put_up
CROSS JOIN LATERAL (
    SELECT * FROM approvals_approvalstep AS each
    WHERE each.approval_id = put_up.id AND each.decision = '' ORDER BY each.position LIMIT 1
) AS step
CROSS JOIN LATERAL (
    SELECT DISTINCT acting.user_id FROM acting
    WHERE acting.unit_id = put_up.unit_id AND CASE
        WHEN step.signer_id IS NOT NULL THEN
            acting.user_id = step.signer_id
            OR (step.kind = 'cdo' AND acting.delegated_by_id = step.signer_id)
        WHEN step.kind = 'cdo' THEN acting.role = 'unit_cdo'
        WHEN step.kind = 'bureau_head' THEN acting.role = 'bureau_head'
        WHEN acting.user_id IS NOT DISTINCT FROM put_up.opened_by_id THEN false
        WHEN step.kind = 'section' THEN acting.role IN ('data_officer', 'unit_cdo')
        ELSE acting.role IN ('bureau_officer', 'bureau_head') END
) AS told
WHERE put_up.state = 'open'
"""

# To whoever put it up; where he or she is gone, to those who draft at the unit. News for a month,
# and what was sent back only until it is put up again.
_DECIDED = """
SELECT 'approval:' || put_up.number AS subject, 1 AS deadline_version, put_up.state AS stage,
       '' AS reading, told.user_id AS recipient_id, put_up.programme_id, put_up.unit_id,
       jsonb_build_object('number', put_up.number, 'subject', put_up.subject,
                          'purpose', put_up.purpose, 'title', put_up.title,
                          'reason', step.remark, 'due_on', put_up.due_on) AS facts
FROM put_up
CROSS JOIN LATERAL (
    SELECT * FROM approvals_approvalstep AS each
    WHERE each.approval_id = put_up.id AND each.decision <> ''
    ORDER BY each.position DESC LIMIT 1
) AS step
CROSS JOIN LATERAL (
    SELECT DISTINCT acting.user_id FROM acting
    WHERE acting.unit_id = put_up.unit_id AND CASE
        WHEN EXISTS (SELECT FROM acting AS still WHERE still.unit_id = put_up.unit_id
                     AND still.user_id = put_up.opened_by_id)
        THEN acting.user_id = put_up.opened_by_id
        ELSE acting.role IN ('data_officer', 'bureau_officer') END
) AS told
WHERE put_up.state = %(state)s AND told.user_id IS DISTINCT FROM step.decided_by_id
  AND step.signed_on BETWEEN %(on)s::date - 31 AND %(on)s::date
  AND (put_up.state = 'signed' OR NOT EXISTS (
    SELECT FROM approvals_approval AS again
    WHERE again.subject = put_up.subject AND again.round > put_up.round))
"""

WAITING = PEOPLE + _WAITING
DECIDED = PEOPLE + _DECIDED
