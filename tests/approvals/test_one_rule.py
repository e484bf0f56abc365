"""Who may sign is said twice: of a round in Python, of all rounds in SQL. It is one rule."""

from itertools import product

import pytest

from accounts.models import User
from accounts.roles import Role
from approvals.choices import StepKind
from approvals.models import Approval
from approvals.models.approvals import SIGNING_ROLES
from approvals.queries import may_sign, waiting_for
from tests.conftest import _member
from tests.factories.accounts import UserFactory
from tests.factories.approvals import ApprovalFactory, ApprovalStepFactory
from tests.factories.pilots import MembershipFactory

pytestmark = pytest.mark.django_db
SIGNED = {
    "decision": "agreed",
    "route": "online",
    "signed_name": "某人",
    "signed_on": "2022-04-14",
    "decided_at": "2022-04-14T09:00:00+08:00",
}


def rounds(city, user, others):
    """An open round for each kind of step, of whoever is named and whoever drafted; behind one step
    that is decided, and before one that comes later."""
    for kind, signer, drafter in product(StepKind, (None, user, *others), (user, others[0])):
        if signer is None and kind == StepKind.COUNTERSIGN:
            continue  # always somebody's by name
        row = ApprovalFactory(unit=city.department, programme=city.programme, opened_by=drafter)
        ApprovalStepFactory(approval=row, position=1, kind="cdo", signer=user, **SIGNED)
        ApprovalStepFactory(approval=row, position=2, kind=kind, signer=signer)
        ApprovalStepFactory(approval=row, position=3, kind="section", signer=user)


@pytest.mark.parametrize("lent", [None, "lent", "lent by somebody who is gone"])
@pytest.mark.parametrize("role", [*SIGNING_ROLES, Role.EVALUATOR])
def test_the_list_has_what_the_page_lets_sign(city, role, lent):
    lender = _member(city, city.department, Role.UNIT_CDO)
    user = UserFactory()
    of = {"unit": city.department, "user": user}
    MembershipFactory(**of, role=role)
    MembershipFactory(
        user=user, unit=city.district, role=Role.BUREAU_HEAD
    )  # elsewhere it gives nothing
    if lent:
        MembershipFactory(**of, role=Role.UNIT_CDO, delegated_by=lender, ends_on="2022-12-31")
    if lent == "lent by somebody who is gone":
        User.objects.filter(pk=lender.pk).update(is_active=False)
    rounds(city, user, (lender, UserFactory()))
    user = User.objects.get(pk=user.pk)
    found = {row.pk: may_sign(row, user) for row in Approval.rows.all()}
    waiting = set(waiting_for(user).values_list("pk", flat=True))
    assert waiting == {pk for pk, may in found.items() if may}
    assert len(waiting) < len(found)
