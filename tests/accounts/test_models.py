"""What the database itself holds about people, and what each administrator may touch."""

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import SiteRole, User
from accounts.roles import SiteRoleKind
from core import clock
from tests.factories.accounts import SiteRoleFactory, TokenFactory, UserFactory
from tests.factories.pilots import MembershipFactory, UnitFactory


def run(sql, *params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)


def test_one_site_role_a_person_by_the_database(auditor):
    with pytest.raises(IntegrityError):
        run(
            "INSERT INTO accounts_siterole (user_id, kind, granted_at)"
            " VALUES (%s, 'system_admin', now())",
            auditor.pk,
        )


def test_an_administrator_gets_no_unit_role_by_the_database(system_admin):
    unit = UnitFactory()
    with pytest.raises(IntegrityError, match="can act for no unit"):
        run(
            "INSERT INTO pilots_membership (user_id, unit_id, role, origin)"
            " VALUES (%s, %s, 'data_officer', '')",
            system_admin.pk,
            unit.pk,
        )


def test_who_acts_for_a_unit_gets_no_site_role_by_the_database(data_officer):
    with pytest.raises(IntegrityError, match="can hold no site role"):
        run(
            "INSERT INTO accounts_siterole (user_id, kind, granted_at)"
            " VALUES (%s, 'auditor', now())",
            data_officer.pk,
        )


def test_a_revoked_membership_cannot_come_back_beside_a_site_role(auditor):
    membership = MembershipFactory()
    membership.revoked_at, membership.revoked_by = clock.now(), auditor
    membership.save()
    SiteRoleFactory(user=membership.user)
    with pytest.raises(IntegrityError):
        run(
            "UPDATE pilots_membership SET revoked_at = NULL, revoked_by_id = NULL WHERE id = %s",
            membership.pk,
        )


def test_user_names_are_unique(db):
    UserFactory(username="liming")
    with pytest.raises(IntegrityError):
        run(
            "INSERT INTO accounts_user (username, display_name, password, email, is_active,"
            " must_change_password, created_at, language, theme, density)"
            " VALUES ('liming', 'x', '', '', true, true, now(), 'en', 'auto', 'normal')"
        )


def test_the_site_role_costs_at_most_one_query(auditor, django_assert_num_queries):
    plain = User.objects.get(pk=auditor.pk)
    with django_assert_num_queries(1):
        assert plain.site_role_kind == plain.site_role_kind == SiteRoleKind.AUDITOR
    joined = User.objects.select_related("site_role").get(pk=auditor.pk)
    with django_assert_num_queries(0):
        assert joined.site_role_kind == SiteRoleKind.AUDITOR
    nobody = User.objects.select_related("site_role").get(pk=UserFactory().pk)
    with django_assert_num_queries(0):
        assert nobody.site_role_kind == ""


@pytest.mark.parametrize(
    ("kind", "permission", "allowed"),
    [
        ("security_admin", "accounts.change_user", True),
        ("security_admin", "accounts.view_token", True),
        ("security_admin", "core.change_workingday", False),
        ("system_admin", "core.change_workingday", True),
        ("system_admin", "core.view_heartbeat", True),
        ("system_admin", "core.change_heartbeat", False),
        ("system_admin", "accounts.view_user", False),
        ("system_admin", "pilots.view_unit", False),
        ("auditor", "accounts.view_user", False),
        ("", "accounts.view_user", False),
    ],
)
def test_what_each_administrator_may_touch(db, kind, permission, allowed):
    user = SiteRoleFactory(kind=kind).user if kind else UserFactory()
    assert user.has_perm(permission) is allowed
    app = permission.partition(".")[0]
    assert user.has_module_perms(app) or not allowed
    assert user.is_staff is (kind in {"security_admin", "system_admin"})


def test_labels_of_people(db):
    user = UserFactory(username="liming", display_name="李明")
    assert str(user) == "李明"
    assert user.audit_label == "李明（liming）"
    assert str(SiteRole(user=user, kind="auditor")) == "李明 审计员"
    assert str(TokenFactory(user=user, name="数据平台")) == "数据平台（李明）"
    assert User.objects.get_by_natural_key("liming") == user
