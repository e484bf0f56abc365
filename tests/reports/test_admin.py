"""The administrators' site opens no report to anybody."""

import pytest
from django.contrib import admin
from django.test import RequestFactory

from reports.models import (
    Evidence,
    IncomingLetter,
    Period,
    Report,
    Review,
    Section,
    Submission,
    SupportRequest,
)

pytestmark = pytest.mark.django_db
BUSINESS = [
    Evidence, IncomingLetter, Period, Report, Review, Section, Submission, SupportRequest,
]  # fmt: skip


@pytest.mark.parametrize("who", ["system_admin", "security_admin", "auditor"])
def test_no_administrator_sees_reports(request, desk, browse, who):
    desk.handed_in()
    client = browse(request.getfixturevalue(who))
    for model in BUSINESS:
        answer = client.get(f"/admin/reports/{model._meta.model_name}/")
        assert answer.status_code in {302, 403}, model


@pytest.mark.parametrize("model", BUSINESS)
def test_what_is_registered_is_only_looked_at(model, system_admin):
    page, request = admin.site._registry[model], RequestFactory().get("/admin/")
    request.user = system_admin
    assert not page.has_add_permission(request)
    assert not page.has_delete_permission(request)
