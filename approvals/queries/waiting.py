"""What waits for whose signature, and who may give it."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts.roles import Role
from core import clock
from pilots.access import memberships_of
from pilots.models import Membership

from ..choices import StepKind
from ..models import Approval, ApprovalQuerySet

# Who signs a step for which nobody is named: the roles, and whether the drafter may do it too.
SIGNERS: dict[str, tuple[tuple[str, ...], bool]] = {
    StepKind.SECTION: ((Role.DATA_OFFICER, Role.UNIT_CDO), False),
    StepKind.CDO: ((Role.UNIT_CDO,), True),
    StepKind.BUREAU_SECTION: ((Role.BUREAU_OFFICER, Role.BUREAU_HEAD), False),
    StepKind.BUREAU_HEAD: ((Role.BUREAU_HEAD,), True),
}


def may_sign(approval: Approval, user: Any) -> bool:
    """Whether the user may decide the step that waits: the named person as long as he or she acts
    for the unit, else whoever holds the step's role there. Only the CDO and the head in charge may
    sign what they have drafted themselves."""
    step = approval.current
    if step is None:
        return False
    held = {row.role for row in memberships_of(user) if row.unit_id == approval.unit_id}
    if step.signer_id is not None:
        return bool(held) and step.signer_id == user.pk
    roles, drafter_too = SIGNERS[step.kind]
    return bool(held & set(roles)) and (drafter_too or approval.opened_by_id != user.pk)


def waiting_for(user: Any) -> ApprovalQuerySet:
    """The open rounds whose next step the user may decide, in SQL: the same rule as `may_sign`."""
    today = clock.today()
    mine = Membership.rows.live(today).filter(user=user, unit_id=OuterRef("unit_id"))
    rule = Q(current_signer_id=user.pk) & Exists(mine)
    for kind, (roles, drafter_too) in SIGNERS.items():
        case = Q(Exists(mine.filter(role__in=roles)), current_kind=kind, current_signer_id=None)
        rule |= case if drafter_too else case & ~Q(opened_by=user)
    return Approval.rows.open().with_current_step().filter(rule).order_by("opened_at", "id")


def rounds_of(subject: str) -> list[Approval]:
    """Every round of the thing with that number, with its steps, the first one first."""
    return list(Approval.rows.of(subject).for_lists())


def last_round(subject: str) -> Approval | None:
    return Approval.rows.of(subject).for_lists().last()


def deputies_of(unit_id: int) -> Any:
    """Live memberships that a CDO lent (授权) at the unit, now or later."""
    lasting = Q(ends_on=None) | Q(ends_on__gte=clock.today())
    rows = Membership.rows.filter(
        lasting, unit_id=unit_id, role=Role.UNIT_CDO, revoked_at=None, delegated_by__isnull=False
    )
    return rows.select_related("user", "delegated_by").order_by("starts_on", "id")
