"""The administrators' site: what packs say of powers may be looked at, projects by nobody."""

import pytest
from django.contrib import admin
from django.test import RequestFactory

from projects.models import (
    Finding,
    FindingStep,
    GateCheck,
    Opinion,
    Power,
    Project,
    ProjectRecord,
)

BUSINESS = [Project, Opinion, GateCheck, ProjectRecord, Finding, FindingStep]


def address(model, rest=""):
    return f"/admin/projects/{model._meta.model_name}/{rest}"


def test_the_system_administrator_looks_at_powers(powers, browse, system_admin):
    row, client = powers["veto"], browse(system_admin)
    assert str(row) in client.get(address(Power)).content.decode()
    page = client.get(address(Power, f"{row.pk}/change/")).content.decode()
    assert "方案包载入值" in page
    assert client.post(address(Power, f"{row.pk}/change/"), {}).status_code == 403
    assert client.get(address(Power, "add/")).status_code == 403


@pytest.mark.parametrize("who", ["system_admin", "security_admin"])
def test_no_administrator_sees_projects(request, project, browse, who):
    client = browse(request.getfixturevalue(who))
    for model in BUSINESS:
        assert client.get(address(model)).status_code == 403
        assert address(model) not in client.get("/admin/").content.decode()


@pytest.mark.parametrize("model", [Power, *BUSINESS])
def test_every_list_is_read_only_even_where_it_is_opened(model):
    registered = admin.site.get_model_admin(model)
    request = RequestFactory().get("/")
    assert not registered.has_add_permission(request)
    assert not registered.has_change_permission(request)
    assert not registered.has_delete_permission(request)
