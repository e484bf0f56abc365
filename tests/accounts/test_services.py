"""Every change to accounts and site roles: what it does, what it refuses, what stays on record."""

import pytest
from django.core.exceptions import ValidationError

from accounts import services
from accounts.models import SiteRole, User
from core.errors import Refused
from core.models import AuditEntry
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.pilots import MembershipFactory


def recorded(verb):
    return list(AuditEntry.objects.filter(verb=verb))


def test_opening_an_account_is_on_record_without_its_password(security_admin):
    user, password = services.open_account(
        username="liming", display_name="李明", email="li@example.org", by=security_admin
    )
    assert user.check_password(password)
    assert user.must_change_password
    [entry] = recorded("account.open")
    assert entry.subject == "user:liming"
    assert entry.actor_id == security_admin.pk
    assert entry.after == {"display_name": "李明", "email": "li@example.org"}
    assert password not in str(entry.after)


def test_without_a_password_nobody_can_log_in(db):
    user = services.create_account(username="liming", display_name="李明", by=None)
    assert not user.has_usable_password()
    assert recorded("account.open")[0].actor == "系统"


@pytest.mark.parametrize(
    "facts",
    [
        {"username": "taken"},
        {"username": "two words"},
        {"username": ""},
        {"username": "ok", "display_name": ""},
        {"username": "ok", "email": "nowhere"},
    ],
)
def test_a_malformed_or_taken_name_is_refused(db, facts):
    UserFactory(username="taken")
    with pytest.raises(ValidationError):
        services.create_account(**{"display_name": "李明", "by": None, **facts})
    assert recorded("account.open") == []


def test_editing_records_what_changed_and_only_then(security_admin):
    user = UserFactory(display_name="李明", email="a@example.org")
    same = {"display_name": "李明", "email": "a@example.org", "by": security_admin}
    services.edit_account(user, **same)
    assert recorded("account.edit") == []
    services.edit_account(user, **{**same, "display_name": "李明明"})
    [entry] = recorded("account.edit")
    assert entry.changes == [("display_name", "李明", "李明明")]
    with pytest.raises(ValidationError):
        services.edit_account(user, **{**same, "email": "nowhere"})


def test_resetting_gives_a_one_time_password(security_admin):
    user = UserFactory()
    password = services.reset_password(user, by=security_admin)
    user.refresh_from_db()
    assert user.check_password(password)
    assert user.must_change_password
    [entry] = recorded("account.reset_password")
    assert entry.before is None
    assert entry.after is None


def test_a_closed_account_is_opened_before_its_password_is_reset(security_admin):
    user = UserFactory(is_active=False, username="liming")
    with pytest.raises(Refused, match="账号“liming”已停用，先重新启用再重置密码"):
        services.reset_password(user, by=security_admin)


def test_closing_and_reopening_once_each(security_admin):
    user = UserFactory()
    for _twice in range(2):
        assert not services.set_active(user, is_active=False, by=security_admin).is_active
    for _twice in range(2):
        assert services.set_active(user, is_active=True, by=security_admin).is_active
    assert len(recorded("account.close")) == len(recorded("account.reopen")) == 1


def test_nobody_closes_the_own_account(security_admin):
    with pytest.raises(Refused, match="不能停用自己的账号"):
        services.set_active(security_admin, is_active=False, by=security_admin)


def test_preferences_are_checked(data_officer):
    services.set_preferences(data_officer, language="en", theme="dark", density="relaxed")
    assert User.objects.get(pk=data_officer.pk).theme == "dark"
    with pytest.raises(ValidationError):
        services.set_preferences(data_officer, language="en", theme="pink", density="relaxed")


def test_coming_going_and_lockout_are_on_record(data_officer):
    services.record_login(data_officer)
    services.record_logout(data_officer)
    services.record_lockout("x" * 300)
    assert len(recorded("account.login")) == len(recorded("account.logout")) == 1
    assert recorded("account.lockout")[0].subject == "user:" + "x" * 60


# --- the three administrators --------------------------------------------------------------------


def test_granting_and_revoking_a_site_role(security_admin):
    user = UserFactory()
    row = services.grant_site_role(user, "auditor", by=security_admin)
    assert row.granted_by == security_admin
    assert recorded("site_role.grant")[0].after == {"kind": "auditor"}
    services.revoke_site_role(user, by=security_admin)
    services.revoke_site_role(user, by=security_admin)
    assert not SiteRole.objects.filter(user=user).exists()
    assert len(recorded("site_role.revoke")) == 1


def test_one_site_role_a_person(security_admin):
    with pytest.raises(Refused, match="已是安全管理员，一人只能担任一种站点角色"):
        services.grant_site_role(security_admin, "auditor", by=security_admin)


def test_an_unknown_site_role_is_refused(security_admin):
    with pytest.raises(ValidationError):
        services.grant_site_role(UserFactory(), "superuser", by=security_admin)


def test_who_acts_for_a_unit_holds_no_site_role(data_officer, security_admin):
    with pytest.raises(Refused, match="还有单位身份，先撤销"):
        services.grant_site_role(data_officer, "system_admin", by=security_admin)
    assert recorded("site_role.grant") == []


def test_nobody_takes_the_own_site_role_away(security_admin):
    with pytest.raises(Refused, match="不能撤销自己的站点角色"):
        services.revoke_site_role(security_admin, by=security_admin)


def test_a_link_belongs_to_one_person_and_one_password(db):
    user = UserFactory()
    uid, token, _end = services.one_time_path(user).split("/")
    assert services.user_of_link(uid, token) == user
    assert services.user_of_link("%%%", token) is None
    other = UserFactory()
    assert services.user_of_link(services.one_time_path(other).split("/")[0], token) is None
    services.change_own_password(user, PASSWORD + "x")
    assert services.user_of_link(uid, token) is None


def test_memberships_of_the_past_do_not_bar_a_site_role(security_admin):
    membership = MembershipFactory()
    membership.revoked_at, membership.revoked_by = membership.user.created_at, security_admin
    membership.save()
    assert services.grant_site_role(membership.user, "auditor", by=security_admin)
