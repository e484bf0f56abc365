"""A lent right (授权代签): what it carries, and that it ends with the right on which it hangs."""

from datetime import date, timedelta

import pytest

from accounts.roles import Permission, Role
from core import clock
from core.models import AuditEntry
from pilots import access, queries, services
from pilots.models import Membership
from tests.factories.pilots import MembershipFactory

pytestmark = pytest.mark.django_db
TODAY = date(2022, 4, 15)


@pytest.fixture
def lent(city, unit_cdo, data_officer):
    """The CDO's signature in the hands of the clerk, until the end of the month."""
    return services.add_membership(
        data_officer,
        city.department,
        Role.UNIT_CDO,
        starts_on=TODAY,
        ends_on=date(2022, 4, 30),
        delegated_by=unit_cdo,
        by=unit_cdo,
    )


def _again(user):
    return type(user).objects.get(pk=user.pk)


def test_a_deputy_signs_and_is_no_cdo(city, lent, unit_cdo, data_officer, officer):
    deputy = _again(data_officer)
    assert access.roles_of(deputy) == {Role.DATA_OFFICER}
    assert deputy.audit_role == Role.DATA_OFFICER
    assert access.may(deputy, Permission.SIGN_DOCUMENTS, unit=city.department)
    assert not access.may(deputy, Permission.GIVE_OPINIONS, unit=city.department)
    assert Permission.GIVE_OPINIONS not in access.permissions_of(deputy)
    assert access.may(unit_cdo, Permission.GIVE_OPINIONS, unit=city.department)
    unit = queries.units_with_members(city.programme, TODAY).get(pk=city.department.pk)
    assert (unit.cdo_count, unit.clerk_count) == (1, 1)
    assert str(lent) == "data_officer人员 首席数据官（代签）"
    entry = AuditEntry.objects.filter(verb="membership.add").last()
    assert entry.after["delegated_by"] == f"user:{unit_cdo.username}"


def test_what_is_lent_ends_with_the_right_of_the_lender(lent, unit_cdo, officer):
    services.revoke_membership(unit_cdo.memberships.get(), by=officer)
    lent.refresh_from_db()
    assert lent.revoked_by == officer


def test_and_with_the_last_right_of_whom_it_was_lent_to(lent, data_officer, officer):
    services.revoke_membership(data_officer.memberships.get(delegated_by=None), by=officer)
    lent.refresh_from_db()
    assert lent.revoked_by == officer


def test_a_last_day_of_the_lender_is_that_of_what_was_lent(
    city, lent, unit_cdo, data_officer, officer
):
    later = services.add_membership(
        data_officer,
        city.department,
        Role.UNIT_CDO,
        starts_on=date(2022, 5, 1),
        ends_on=date(2022, 5, 9),
        delegated_by=unit_cdo,
        by=unit_cdo,
    )
    last = TODAY + timedelta(days=2)
    services.end_membership(unit_cdo.memberships.get(), on=last, by=officer)
    lent.refresh_from_db()
    later.refresh_from_db()
    assert (lent.ends_on, lent.revoked_at) == (last, None)
    assert later.revoked_at is not None


def test_it_stays_while_the_lender_holds_the_post_otherwise(city, lent, unit_cdo, officer):
    MembershipFactory(
        user=unit_cdo, unit=city.department, role=Role.UNIT_CDO, ends_on=date(2022, 12, 31)
    )
    services.revoke_membership(unit_cdo.memberships.get(ends_on=None), by=officer)
    lent.refresh_from_db()
    assert lent.revoked_at is None
    services.revoke_membership(lent, by=officer)
    assert Membership.rows.live(clock.today()).filter(user=unit_cdo).exists()
