"""Who acts for a body, and the accounts of units in bulk."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.models import User
from core import clock
from core.errors import PermissionRefused, Refused
from core.models import AuditEntry
from pilots import services
from pilots.models import Membership, Unit
from pilots.services import Opening
from tests.factories.accounts import UserFactory
from tests.factories.pilots import MembershipFactory, UnitFactory

TODAY = date(2022, 4, 15)


def opening(unit, username="liming", role="data_officer", **changes):
    return Opening(unit, role, changes.pop("name", "李明"), username, **changes)


def open_all(officer, *rows, once="k1"):
    return services.open_unit_accounts(rows, by=officer, once=once)


# --- memberships ---------------------------------------------------------------------------------


def test_what_is_over_is_made_no_longer(city, data_officer, officer):
    row = data_officer.memberships.get()
    services.revoke_membership(row, by=officer)
    with pytest.raises(Refused, match="已经结束"):
        services.prolong_membership(row, until=None, by=officer)


def test_a_membership_is_on_record(city, officer):
    user = UserFactory()
    row = services.add_membership(user, city.department, "data_officer", by=officer, origin="来函")
    entry = AuditEntry.objects.get(verb="membership.add")
    assert entry.unit_code == city.department.code
    assert entry.after["role"] == "data_officer"
    assert row.origin == "来函"


def test_the_same_membership_twice_is_refused(city, data_officer, officer):
    with pytest.raises(ValidationError, match="已有同样的身份"):
        services.add_membership(data_officer, city.department, "data_officer", by=officer)


def test_no_membership_for_an_administrator(city, officer, security_admin):
    with pytest.raises(Refused, match="担任站点角色，不能再有单位身份"):
        services.add_membership(security_admin, city.department, "data_officer", by=officer)


def test_no_membership_at_a_body_that_is_gone(city, officer):
    city.department.ceased_on = TODAY - timedelta(days=1)
    with pytest.raises(Refused, match="已撤销，不能再开通身份"):
        services.add_membership(UserFactory(), city.department, "data_officer", by=officer)


def test_a_membership_ends_on_a_day_to_come(city, data_officer, officer):
    row = Membership.rows.get(user=data_officer)
    services.end_membership(row, on=TODAY, by=officer)
    assert Membership.rows.live(TODAY).filter(pk=row.pk).exists()
    assert not Membership.rows.live(TODAY + timedelta(days=1)).filter(pk=row.pk).exists()
    assert AuditEntry.objects.get(verb="membership.end").changes == [
        ("ends_on", None, "2022-04-15")
    ]


def test_a_membership_does_not_end_yesterday_nor_twice(data_officer, officer):
    row = Membership.rows.get(user=data_officer)
    with pytest.raises(Refused, match="终止日期不能早于今天"):
        services.end_membership(row, on=TODAY - timedelta(days=1), by=officer)
    services.revoke_membership(row, by=officer)
    with pytest.raises(Refused, match="这项身份已经结束"):
        services.end_membership(row, on=TODAY, by=officer)


def test_a_membership_that_ran_out_does_not_end_again(data_officer, officer):
    row = Membership.rows.get(user=data_officer)
    Membership.rows.filter(pk=row.pk).update(ends_on=TODAY - timedelta(days=1))
    with pytest.raises(Refused, match="这项身份已经结束"):
        services.end_membership(row, on=TODAY, by=officer)


def test_revoking_is_once_and_at_once(data_officer, officer):
    row = Membership.rows.get(user=data_officer)
    first = services.revoke_membership(row, by=officer).revoked_at
    assert services.revoke_membership(row, by=officer).revoked_at == first
    assert AuditEntry.objects.filter(verb="membership.revoke").count() == 1
    assert not Membership.rows.live(TODAY).filter(pk=row.pk).exists()


# --- opening in bulk -----------------------------------------------------------------------------


def test_accounts_are_opened_together_with_one_time_passwords(city, officer):
    rows = [opening(city.department), opening(city.district, "chenjing", "unit_cdo", name="陈静")]
    slips = open_all(officer, *rows)
    for slip in slips:
        user = User.objects.get(username=slip.user.username)
        assert user.check_password(slip.password)
        assert user.must_change_password
    assert [slip.role_label for slip in slips] == ["经办人", "首席数据官"]
    assert Membership.rows.get(user=slips[0].user).starts_on == TODAY
    record = str(list(AuditEntry.objects.values()))
    assert not any(slip.password in record for slip in slips)


def test_all_faults_are_said_at_once_and_nothing_is_opened(city, officer):
    UserFactory(username="taken")
    gone = city.government
    Unit.rows.filter(pk=gone.pk).update(ceased_on=date(2021, 12, 31))
    rows = [
        opening(city.department, "taken"),
        opening(city.department, "fine"),
        opening(Unit.rows.get(pk=gone.pk), "late"),
        opening(city.district, "boss", "bureau_officer"),
        opening(city.district, "mail", email="nowhere"),
    ]
    with pytest.raises(ValidationError) as caught:
        open_all(officer, *rows)
    said = caught.value.messages
    assert [text.split("：")[0] for text in said] == ["第1行", "第3行", "第4行", "第5行"]
    assert "单位账号只能是首席数据官或经办人" in said[2]
    assert not User.objects.filter(username="fine").exists()
    assert open_all(officer, opening(city.department, "fine"))  # the key is still good


def test_a_slot_has_no_accounts(city, officer):
    with pytest.raises(Refused, match="还没有名称，先补名再开通账号"):
        services.open_unit_account(
            UnitFactory(is_slot=True), "unit_cdo", username="x", display_name="x", by=officer
        )


def test_a_form_sent_twice_opens_once(city, officer):
    open_all(officer, opening(city.department))
    with pytest.raises(Refused, match="已经提交过，没有重复办理"):
        open_all(officer, opening(city.department, "again"))
    assert not User.objects.filter(username="again").exists()


def test_nobody_opens_accounts_elsewhere(city, foreigner, data_officer):
    for user in (foreigner, data_officer):
        with pytest.raises(PermissionRefused):
            open_all(user, opening(city.department))
    assert not User.objects.filter(username="liming").exists()


# --- resetting, closing, revoking ----------------------------------------------------------------


@pytest.fixture
def two_hats(city, data_officer):
    """The same clerk acts for two units of the programme."""
    MembershipFactory(user=data_officer, unit=city.district)
    return list(Membership.rows.filter(user=data_officer).select_related("user", "unit"))


def test_one_slip_a_person(two_hats, officer):
    slips = services.reset_passwords(two_hats, by=officer, once="r1")
    assert len(slips) == 1
    assert User.objects.get(pk=slips[0].user.pk).check_password(slips[0].password)
    with pytest.raises(Refused, match="已经提交过"):
        services.reset_passwords(two_hats, by=officer, once="r1")
    assert User.objects.get(pk=slips[0].user.pk).check_password(slips[0].password)


def test_closing_and_reopening_people(two_hats, officer):
    [person] = services.set_people_active(two_hats, is_active=False, by=officer)
    assert not User.objects.get(pk=person.pk).is_active
    services.set_people_active(two_hats, is_active=True, by=officer)
    assert User.objects.get(pk=person.pk).is_active


def test_a_bureau_never_takes_over_an_account_of_another(city, data_officer, officer, foreigner):
    row = Membership.rows.select_related("user", "unit").get(user=data_officer)
    elsewhere = Membership.rows.get(user=foreigner).unit
    MembershipFactory(user=data_officer, unit=elsewhere)
    for act in (
        lambda: services.reset_passwords([row], by=officer, once="x"),
        lambda: services.set_people_active([row], is_active=False, by=officer),
    ):
        with pytest.raises(Refused, match="账号由安全管理员办理；这里只能撤销本方案的身份"):
            act()
    assert services.revoke_unit_memberships([row], by=officer)


def test_a_bureau_role_is_not_the_bureaus_to_reset(officer, head):
    row = Membership.rows.select_related("user", "unit").get(user=head)
    with pytest.raises(Refused, match="账号由安全管理员办理"):
        services.reset_passwords([row], by=officer, once="x")
    with pytest.raises(Refused, match="身份由安全管理员办理"):
        services.revoke_unit_memberships([row], by=officer)


def test_people_without_any_membership_are_not_the_bureaus(officer, security_admin):
    with pytest.raises(PermissionRefused):
        services.require_own_person(UserFactory(), by=officer)
    with pytest.raises(Refused, match="由安全管理员办理"):
        services.require_own_person(security_admin, by=officer)


def test_nobody_revokes_elsewhere(data_officer, foreigner, stranger):
    row = Membership.rows.select_related("user", "unit").get(user=data_officer)
    for user in (foreigner, stranger):
        with pytest.raises(PermissionRefused):
            services.revoke_unit_memberships([row], by=user)
    row.refresh_from_db()
    assert row.revoked_at is None


def test_claims_are_kept_by_person_and_route(officer, head):
    for by, route in ((officer, "a"), (head, "a"), (officer, "b")):
        services.claim("same", by=by, route=route)
    with pytest.raises(Refused):
        services.claim("same", by=officer, route="a")
    assert clock.today() == TODAY
