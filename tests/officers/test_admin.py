"""The administrators' site: what packs say of posts may be looked at, people by nobody."""

import pytest
from django.contrib import admin
from django.test import RequestFactory

from officers.admin import PersonAdmin
from officers.models import (
    Appointment,
    Filing,
    Handover,
    Person,
    Post,
    PostRule,
    PublicDirectory,
    Team,
    TeamMember,
)
from tests.factories.officers import AppointmentFactory, PostRuleFactory

SET_UP = [Post, PostRule]
BUSINESS = [Person, Appointment, Filing, Team, TeamMember, Handover, PublicDirectory]


def address(model, rest=""):
    return f"/admin/officers/{model._meta.model_name}/{rest}"


@pytest.fixture
def rule(city):
    return PostRuleFactory(programme=city.programme, filed_at=city.bureau, loaded={"count": 1})


@pytest.mark.parametrize("model", SET_UP)
def test_the_system_administrator_looks_at_posts_and_rules(rule, browse, system_admin, model):
    row = model._base_manager.get()
    client = browse(system_admin)

    assert str(row) in client.get(address(model)).content.decode()
    page = client.get(address(model, f"{row.pk}/change/")).content.decode()
    assert "方案包载入值" in page
    assert client.post(address(model, f"{row.pk}/change/"), {}).status_code == 403
    assert client.get(address(model, "add/")).status_code == 403
    assert client.post(address(model, f"{row.pk}/delete/")).status_code == 403


@pytest.mark.parametrize("who", ["system_admin", "security_admin"])
def test_no_administrator_sees_people_or_what_they_hold(request, city, browse, who):
    AppointmentFactory(unit=city.department)
    client = browse(request.getfixturevalue(who))

    for model in BUSINESS:
        assert client.get(address(model)).status_code == 403
        assert address(model) not in client.get("/admin/").content.decode()


@pytest.mark.parametrize("model", [*SET_UP, *BUSINESS])
def test_every_list_is_read_only_even_where_it_is_opened(model):
    registered = admin.site.get_model_admin(model)
    request = RequestFactory().get("/")

    assert not registered.has_add_permission(request)
    assert not registered.has_change_permission(request)
    assert not registered.has_delete_permission(request)
    assert not registered.actions


def test_contacts_are_neither_shown_nor_asked_for(system_admin):
    shown = PersonAdmin(Person, admin.site)
    request = RequestFactory().get("/")
    request.user = system_admin

    assert {"mobile", "email"}.isdisjoint(shown.get_fields(request))
    assert not shown.lookup_allowed("mobile_digest__startswith", "1", request)
    assert shown.lookup_allowed("name__startswith", "张", request)
