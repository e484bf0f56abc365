"""Permissions at all, at a unit, in a programme."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import RequestFactory

from accounts.roles import Permission
from core.errors import PermissionRefused
from pilots import access
from pilots.access import AccessMiddleware, holders, may, require
from pilots.models import Enrolment, Unit
from tests.factories.pilots import EnrolmentFactory, MembershipFactory


def test_public_logged_in_and_nobody(officer):
    nobody = AnonymousUser()
    assert may(nobody, access.PUBLIC)
    assert not may(nobody, access.LOGGED_IN)
    assert not may(nobody, Permission.READ_UNITS)
    assert may(officer, access.LOGGED_IN)
    assert access.memberships_of(nobody) == []
    assert access.permissions_of(nobody) == frozenset()


def test_an_officer_may_in_the_own_programme_only(city, officer, foreigner):
    for user, allowed in ((officer, True), (foreigner, False)):
        assert may(user, Permission.MANAGE_UNITS)
        assert may(user, Permission.MANAGE_UNITS, unit=city.department) is allowed
        assert may(user, Permission.MANAGE_PROGRAMME, programme=city.programme) is allowed


def test_a_unit_role_covers_its_unit_only(city, data_officer):
    assert may(data_officer, Permission.ACCEPT_ASSIGNMENT, unit=city.department)
    assert not may(data_officer, Permission.ACCEPT_ASSIGNMENT, unit=city.district)
    assert not may(data_officer, Permission.READ_PROGRAMME, programme=city.programme)
    assert not may(data_officer, Permission.MANAGE_UNITS, unit=city.department)


def test_an_administrator_may_what_the_site_role_says_anywhere(city, auditor, system_admin):
    assert may(auditor, Permission.READ_UNITS, unit=city.department)
    assert not may(system_admin, Permission.READ_UNITS, unit=city.department)
    assert may(system_admin, Permission.MANAGE_SYSTEM)


def test_all_permissions_at_a_unit_are_those_that_may_says_one_by_one(
    city, officer, foreigner, data_officer, auditor, system_admin, django_assert_max_num_queries
):
    for user in (officer, foreigner, data_officer, auditor, system_admin):
        access.memberships_of(user)  # read once a request
        for unit in (city.department, city.district, city.superior):
            one_by_one = {held for held in Permission if may(user, held, unit=unit)}
            with django_assert_max_num_queries(1):
                assert access.permissions_at(user, unit) == one_by_one
        one_by_one = {held for held in Permission if may(user, held, programme=city.programme)}
        with django_assert_max_num_queries(1):
            assert access.permissions_in(user, city.programme) == one_by_one


def test_a_refusal_is_an_error_of_its_own(city, head):
    with pytest.raises(PermissionRefused):
        require(head, Permission.MANAGE_UNITS, unit=city.department)


def test_the_leading_groups_office_is_a_desk_too(city):
    EnrolmentFactory(programme=city.programme, unit=city.superior, part="leading_group_office")
    row = MembershipFactory(unit=city.superior, role="bureau_officer")
    assert may(row.user, Permission.MANAGE_UNITS, unit=city.department)


def test_holders_are_named():
    assert [str(name) for name in holders(Permission.READ_AUDIT)] == [
        "市政数局经办人",
        "市政数局领导",
        "审计员",
    ]


def view(_request):
    return HttpResponse("ok")


def test_a_view_that_declares_nothing_is_refused(officer):
    middleware = AccessMiddleware(view)
    request = RequestFactory().get("/somewhere/")
    request.user = officer
    with pytest.raises(ImproperlyConfigured):
        middleware.process_view(request, view, (), {})
    request.user = AnonymousUser()
    declared = type("Page", (), {"required_permission": Permission.READ_UNITS})
    assert middleware.process_view(request, declared, (), {}).status_code == 302
    assert middleware(request).content == b"ok"


def test_the_page_that_refuses_names_those_who_may(browse, data_officer):
    page = browse(data_officer).get("/members/")
    assert page.status_code == 403
    assert "市政数局经办人" in page.content.decode()


@pytest.mark.parametrize(
    ("term", "still"),
    [
        ({"ends_on": date(2022, 4, 15)}, True),
        ({"ends_on": date(2022, 4, 14)}, False),
        ({"starts_on": date(2022, 4, 16)}, False),
        ({"starts_on": date(2022, 4, 15)}, True),
    ],
)
def test_a_bureau_acts_and_sees_while_its_own_part_lasts(city, officer, term, still):
    Enrolment.rows.filter(programme=city.programme, part="bureau").update(**term)
    assert Unit.objects.visible_to(officer).filter(pk=city.district.pk).exists() is still
    assert access.may(officer, Permission.MANAGE_PROGRAMME, programme=city.programme) is still
    assert access.may(officer, Permission.MANAGE_UNITS, unit=city.district) is still
