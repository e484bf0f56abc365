"""Who signs what, as SQL that PostgreSQL reads as it stands: the frame of every page counts what waits for
the reader's signature, and put together by the ORM that was a third of a page."""

import re
from typing import Any

from django.db.models import BigIntegerField, BooleanField, Func
from django.db.models.expressions import RawSQL

from accounts.roles import Role
from core import clock

from ..choices import FOUR_EYES, StepKind

# Who signs a step for which nobody is named: the roles, and whether the drafter may do it too.
SIGNERS: dict[str, tuple[tuple[str, ...], bool]] = {
    StepKind.SECTION: ((Role.DATA_OFFICER, Role.UNIT_CDO), False),
    StepKind.CDO: ((Role.UNIT_CDO,), True),
    StepKind.BUREAU_SECTION: ((Role.BUREAU_OFFICER, Role.BUREAU_HEAD), False),
    StepKind.BUREAU_HEAD: ((Role.BUREAU_HEAD,), True),
}
# Steps that stand for a post: a name on them never gives more than the post does.
POSTS = frozenset({StepKind.CDO, StepKind.BUREAU_HEAD})

_NAMED = re.compile(r"%\((\w+)\)s")
_LIVE = """held.user_id = %(user)s AND held.revoked_at IS NULL
    AND (held.starts_on IS NULL OR held.starts_on <= %(on)s)
    AND (held.ends_on IS NULL OR held.ends_on >= %(on)s)"""
_ACTS_FOR = f"SELECT held.unit_id FROM pilots_membership held WHERE {_LIVE}"  # noqa: S608 - a constant of this file
# The first step that nobody has decided, and the memberships by which the user may decide it.
_MAY_SIGN = f"""EXISTS (
    SELECT FROM (SELECT waiting.kind, waiting.signer_id FROM approvals_approvalstep waiting
                 WHERE waiting.approval_id = {{round}} AND waiting.decision = ''
                 ORDER BY waiting.position LIMIT 1) step
    JOIN pilots_membership held ON held.unit_id = {{unit}} AND {_LIVE}
    LEFT JOIN accounts_user lender ON lender.id = held.delegated_by_id
    WHERE (held.delegated_by_id IS NULL OR lender.is_active)
      AND CASE WHEN step.signer_id IS NULL THEN
                   (step.kind, held.role) IN %(signers)s
                   AND ({{drafter}} IS DISTINCT FROM %(user)s OR step.kind IN %(drafter_too)s)
               WHEN held.delegated_by_id IS NULL THEN
                   step.signer_id = %(user)s
                   AND (step.kind NOT IN %(posts)s OR (step.kind, held.role) IN %(signers)s)
                   AND ({{drafter}} IS DISTINCT FROM %(user)s OR step.kind NOT IN %(four_eyes)s)
               ELSE step.kind = 'cdo' AND step.signer_id = held.delegated_by_id END
)"""  # noqa: S608 - constants of this file
_FACTS: dict[str, Any] = {
    "signers": tuple(
        (str(kind), str(role)) for kind, (roles, _too) in SIGNERS.items() for role in roles
    ),
    "drafter_too": tuple(str(kind) for kind, (_roles, too) in SIGNERS.items() if too),
    "posts": tuple(map(str, POSTS)),
    "four_eyes": tuple(map(str, FOUR_EYES)),
}


class MaySign(Func):
    """True for a round whose next step the user may decide: the rule of `waiting.may_sign`."""

    output_field = BooleanField()

    def __init__(self, user: Any, **extra: Any) -> None:
        super().__init__("pk", "unit_id", "opened_by_id", user=user, **extra)

    def as_sql(  # type: ignore[override]
        self, compiler: Any, _connection: Any, **_context: Any
    ) -> tuple[str, list[Any]]:
        names = ("round", "unit", "drafter")
        columns = {
            name: compiler.compile(source)[0]
            for name, source in zip(names, self.source_expressions, strict=True)
        }
        return _placed(_MAY_SIGN.format(**columns), self.extra["user"])


def acts_for(user: Any) -> RawSQL:
    """Ids of the units at which the user holds any role today, lent ones too."""
    sql, params = _placed(_ACTS_FOR, user)
    return RawSQL(sql, params, output_field=BigIntegerField())  # noqa: S611 - a constant of this file


def _placed(sql: str, user: Any) -> tuple[str, list[Any]]:
    """The SQL with its named parameters in their places, for Django counts them by place."""
    facts = _FACTS | {"user": user.pk, "on": clock.today()}
    parts = _NAMED.split(sql)
    return "%s".join(parts[::2]), [facts[name] for name in parts[1::2]]
