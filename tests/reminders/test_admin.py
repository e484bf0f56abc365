"""Rules of reminders in the administration, through the services."""

import pytest
from django.urls import reverse

from core.models import AuditEntry
from reminders.models import ReminderRule
from tests.factories.reminders import EndpointFactory

pytestmark = pytest.mark.django_db


def test_the_administrator_sets_a_rule_and_mends_it(browse, system_admin, city):
    client = browse(system_admin)
    facts = {"programme": city.programme.pk, "stages": "10,2", "cdo_from": 2, "desk_from_week": ""}
    assert client.post(reverse("admin:reminders_reminderrule_add"), facts).status_code == 302
    row = ReminderRule.objects.get()
    assert row.stages == [10, 2]
    page = reverse("admin:reminders_reminderrule_change", args=[row.pk])
    assert client.post(page, facts | {"stages": "3"}).status_code == 302
    row.refresh_from_db()
    assert (row.stages, row.version) == ([3], 2)
    assert AuditEntry.objects.filter(verb="reminder_rule.set").count() == 2
    assert client.post(page.replace("change", "delete")).status_code == 403


def test_a_group_is_closed_and_opened_and_nothing_else_of_it_is_shown(
    browse, system_admin, city, data_officer
):
    group = EndpointFactory(
        user=None,
        unit=city.department,
        channel="webhook",
        address="a#1",
        name="专班群",
        secret="鍵",
    )
    own = EndpointFactory(user=data_officer, channel="wecom_app", address="zhang.san")
    client = browse(system_admin)
    listed = client.get(reverse("admin:reminders_endpoint_changelist")).text
    assert ("专班群" in listed, "zhang.san" in listed) == (True, False)
    page = reverse("admin:reminders_endpoint_change", args=[group.pk])
    assert "密钥" not in client.get(page).text
    assert client.post(page, {"name": "别的名称"}).status_code == 302
    group.refresh_from_db()
    assert (group.is_active, group.name, group.version) == (False, "专班群", 2)
    assert client.post(page, {}).status_code == 302
    assert client.post(page, {"is_active": "on"}).status_code == 302
    verbs = AuditEntry.objects.filter(verb__startswith="endpoint.").order_by("id")
    assert list(verbs.values_list("verb", flat=True)) == ["endpoint.close", "endpoint.open"]
    other = reverse("admin:reminders_endpoint_change", args=[own.pk])
    assert client.get(other).status_code == 302
    assert client.post(page.replace("change", "delete")).status_code == 403
    assert client.get(reverse("admin:reminders_endpoint_add")).status_code == 403
    peek = reverse("admin:reminders_endpoint_changelist") + "?secret__startswith=x"
    assert client.get(peek).status_code == 400


def test_channels_are_only_looked_at(browse, system_admin):
    client = browse(system_admin)
    assert client.get(reverse("admin:reminders_channelsetting_changelist")).status_code == 200
    assert client.get(reverse("admin:reminders_channelsetting_add")).status_code == 403
