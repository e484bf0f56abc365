"""What waits for whose signature, and who may give it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.roles import ROLE_PERMISSIONS, Permission, Role
from core import clock
from core.errors import PermissionRefused
from core.words import listed
from pilots.access import memberships_of
from pilots.models import Membership

from ..choices import BUREAU_PURPOSES, FOUR_EYES, Route, StepKind
from ..models import Approval, ApprovalQuerySet, ApprovalStep
from ..models.approvals import SIGNING_ROLES
from .signing_sql import POSTS, SIGNERS, MaySign, acts_for


def may_sign(approval: Approval, user: Any) -> bool:
    """Whether the user may decide the step that waits: the named person as long as he or she acts
    for the unit (in a step of POSTS: holds that post), or whom the named CDO has authorised; else
    whoever holds the step's role there. Only the CDO and the head in charge may sign what they have
    drafted themselves."""
    step = approval.current
    if step is None:
        return False
    held = [
        row
        for row in memberships_of(user)
        if row.unit_id == approval.unit_id and _lender_is_there(row)
    ]
    if step.signer_id is not None:
        lent = step.kind == StepKind.CDO and step.signer_id in {row.delegated_by_id for row in held}
        drafted = step.kind in FOUR_EYES and approval.opened_by_id == user.pk
        return lent or (step.signer_id == user.pk and _stands(step.kind, held) and not drafted)
    roles, drafter_too = SIGNERS[step.kind]
    is_theirs = any(row.role in roles for row in held)
    return is_theirs and (drafter_too or approval.opened_by_id != user.pk)


def _stands(kind: str, held: Iterable[Membership]) -> bool:
    """Whether somebody with these memberships of a unit may be the one a step is reserved for."""
    own = [row.role for row in held if row.delegated_by_id is None]
    return any(kind not in POSTS or role in SIGNERS[kind][0] for role in own)


def may_be_named(kind: str, user: Any, unit_id: int) -> bool:
    """Whether a step of that kind may be reserved for the user at the unit."""
    rows = Membership.rows.live(clock.today()).filter(unit_id=unit_id, user=user)
    return _stands(kind, rows.filter(role__in=SIGNING_ROLES))


def _lender_is_there(row: Membership) -> bool:
    """Nobody signs for somebody whose account is closed; an own right has no lender."""
    return row.delegated_by is None or row.delegated_by.is_active


def require_signer(approval: Approval, user: Any) -> ApprovalStep:
    """The step that waits, if `may_sign`; else raises PermissionRefused, naming it and who can."""
    step = approval.current
    if step is not None and may_sign(approval, user):
        return step
    who = signer_of(approval)
    facts = {"step": StepKind(step.kind).label if step else "", "who": who}
    if not who:
        raise PermissionRefused(_("这一步是“%(step)s”，当前账号不能签署。") % facts)
    if step is not None and step.kind == StepKind.CDO:
        raise PermissionRefused(
            _("这一步是“%(step)s”，由%(who)s签署。要代签的，先由本人授权。") % facts
        )
    raise PermissionRefused(_("这一步是“%(step)s”，由%(who)s签署。") % facts)


def may_enter(approval: Approval, user: Any) -> bool:
    """Whether the user may take the round back, or enter what was signed on paper: those who write
    for the unit, and in a bureau those who draft what it issues."""
    is_bureaus = approval.purpose in BUREAU_PURPOSES
    needed = Permission.ISSUE_DOCUMENTS if is_bureaus else Permission.WRITE_REPORTS
    return any(
        needed in ROLE_PERMISSIONS[row.role]
        for row in memberships_of(user)
        if row.unit_id == approval.unit_id
    )


def require_writer(approval: Approval, user: Any) -> None:
    """Raise PermissionRefused unless `may_enter`."""
    if not may_enter(approval, user):
        words = {"unit": approval.unit.display_name}
        raise PermissionRefused(
            _("撤回和登记纸质审签由%(unit)s的经办人办理，当前账号不能办理。") % words
        )


def lender_of(step: ApprovalStep | None, user: Any) -> str:
    """Whose signature it is when the user signs this step by a right that was lent (授权代签); '' for
    one's own."""
    if step is None or step.kind != StepKind.CDO or step.signer_id == user.pk:
        return ""
    held = [
        row
        for row in memberships_of(user)
        if row.role == Role.UNIT_CDO and row.unit_id == step.approval.unit_id
    ]
    if any(row.delegated_by_id is None for row in held):
        return ""
    lent = [row for row in held if step.signer_id in {None, row.delegated_by_id}]
    return str(lent[0].delegated_by) if lent else ""


def waiting_for(user: Any) -> ApprovalQuerySet:
    """The open rounds whose next step the user may decide, in SQL: the same rule as `may_sign`."""
    # By unit first: the index on what is open stands by unit, and most of it waits for others.
    rows = Approval.rows.open().filter(unit_id__in=acts_for(user)).filter(MaySign(user))
    return rows.order_by(F("due_on").asc(nulls_last=True), "opened_at", "id")


def signed_by(user: Any) -> Any:
    """Steps that the user decided online, of rounds that he or she still sees, the newest first."""
    seen = Approval.objects.visible_to(user)
    rows = ApprovalStep.objects.filter(decided_by=user, route=Route.ONLINE, approval__in=seen)
    rows = rows.select_related("approval__unit").prefetch_related("approval__unit__names")
    return rows.order_by("-decided_at", "-pk")


def signers_of(approvals: Iterable[Approval]) -> dict[int, str]:
    """{id of an open round: names of who may sign its next step by own right}, '' for nobody; one
    query for all that name nobody. A deputy is not named: the signature is still the CDO's."""
    waiting = {row: step for row in approvals if (step := row.current) is not None}
    free = [row.unit_id for row, step in waiting.items() if step.signer_id is None]
    rows = Membership.rows.live(clock.today()).filter(unit_id__in=free, delegated_by=None)
    held = list(rows.select_related("user").order_by("id")) if free else []
    return {row.pk: _names(row, step, held) for row, step in waiting.items()}


def signer_of(approval: Approval) -> str:
    """The same of one round; '' when it is over."""
    return signers_of([approval]).get(approval.pk, "")


def _names(row: Approval, step: ApprovalStep, held: list[Membership]) -> str:
    if step.signer is not None:
        return str(step.signer)
    roles, drafter_too = SIGNERS[step.kind]
    found = (
        str(each.user)
        for each in held
        if each.unit_id == row.unit_id
        and each.role in roles
        and (drafter_too or each.user_id != row.opened_by_id)
    )
    return listed(dict.fromkeys(found))


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
