"""What is cleared away at night, and what is not."""

import os
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command

from cdo_portal.tasks import purge
from core import audit, clock
from core.models import AuditEntry, Heartbeat, IdempotencyKey, SiteState
from core.tasks import beat_heartbeat
from duties.tasks import refresh_workdays
from reminders.models import Delivery
from tests.factories.reminders import DeliveryFactory, DeliveryLineFactory

pytestmark = pytest.mark.django_db


def _key(key, created_at):
    return IdempotencyKey.objects.create(
        actor_id=1,
        route="POST /x",
        key=key,
        body_sha256="0",
        status=201,
        answer={},
        created_at=created_at,
    )


def test_rows_of_the_installation_say_what_they_are():
    assert str(_key("abc", clock.now())) == "POST /x abc"
    assert [str(SiteState(is_demo=flag)) for flag in (True, False)] == ["demo", "real"]


def test_the_nightly_tasks_call_their_services():
    purge()
    beat_heartbeat()
    refresh_workdays()
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {
        f"{kind}:{settings.INSTANCE}" for kind in ("beat", "worker")
    }


def test_only_what_is_over_goes(settings, tmp_path, capsys):
    now, long_ago = clock.now(), clock.now() - timedelta(days=4 * 365)
    settings.EMAIL_FILE_PATH = str(tmp_path)
    for name, age in (("old.eml", 31), ("new.eml", 1)):
        (tmp_path / name).write_text("mail")
        stamp = (now - timedelta(days=age)).timestamp()
        os.utime(tmp_path / name, (stamp, stamp))
    Session.objects.create(session_key="old", session_data="", expire_date=now - timedelta(days=1))
    Session.objects.create(session_key="new", session_data="", expire_date=now + timedelta(days=1))
    _key("old", now - timedelta(hours=25))
    _key("new", now)
    sent = DeliveryFactory(state="sent", sent_at=long_ago, created_at=long_ago)
    DeliveryLineFactory(delivery=sent)
    waiting = DeliveryFactory(created_at=long_ago)
    audit.record("unit.rename", by=None, subject="x")

    call_command("purge")

    assert capsys.readouterr().out.split() == [
        "sessions", "1", "idempotency_keys", "1", "deliveries", "1", "files", "0", "previews", "0",
        "mails", "1",
    ]  # fmt: skip
    assert list(Session.objects.values_list("pk", flat=True)) == ["new"]
    assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["new"]
    assert list(Delivery.rows.all()) == [waiting]
    assert [path.name for path in tmp_path.iterdir()] == ["new.eml"]
    assert AuditEntry.objects.count() == 1
