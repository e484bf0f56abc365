"""Rules of reminders in the administration, through the services."""

import pytest
from django.urls import reverse

from core.models import AuditEntry
from reminders.models import ReminderRule

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


def test_channels_are_only_looked_at(browse, system_admin):
    client = browse(system_admin)
    assert client.get(reverse("admin:reminders_channelsetting_changelist")).status_code == 200
    assert client.get(reverse("admin:reminders_channelsetting_add")).status_code == 403
