"""/healthz: 503 takes an instance out of rotation, so only for what makes every answer fail."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client

from cdo_portal.pages import health
from core import clock, heartbeats
from core.models import Heartbeat, WorkingDay
from reminders import services as reminders
from tests.factories.accounts import UserFactory
from tests.factories.reminders import ChannelSettingFactory, DeliveryFactory, EngineFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def alive():
    for kind in ("beat", "worker"):
        heartbeats.beat(kind)


@pytest.fixture
def inside(browse):
    return browse(UserFactory())


def test_all_well(alive, client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer["Cache-Control"] == "no-store"


def test_strangers_learn_only_the_word_and_people_the_details(alive, client, inside):
    DeliveryFactory(next_at=clock.now() - timedelta(minutes=11))
    assert client.get("/healthz").json() == {"status": "degraded"}
    body = inside.get("/healthz").json()
    assert (body["status"], body["ailing"]) == ("degraded", ["deliveries"])
    assert body["checks"]["deliveries"] == {"ok": False, "late": 1}
    assert set(body["checks"]) == {
        "redis", "processes", "deliveries", "reminders", "calendar",
    }  # fmt: skip


def test_what_waits_for_less_than_ten_minutes_or_is_sent_is_not_late(alive, client):
    DeliveryFactory(next_at=clock.now() - timedelta(minutes=9))
    DeliveryFactory(next_at=clock.now() - timedelta(days=1), state="sent", sent_at=clock.now())
    assert client.get("/healthz").json()["status"] == "ok"


def test_silent_processes_degrade_and_do_not_bring_down(client, inside):
    assert client.get("/healthz").status_code == 200
    assert inside.get("/healthz").json()["ailing"] == ["processes"]
    heartbeats.beat("beat")
    assert client.get("/healthz").json()["status"] == "degraded", "beat without a worker"
    heartbeats.beat("deliver")
    assert client.get("/healthz").json()["status"] == "ok", "deliver_notices --loop will do"


def test_a_heartbeat_grows_old(alive, client):
    Heartbeat.objects.update(at=clock.now() - timedelta(minutes=4))
    assert client.get("/healthz").json()["status"] == "degraded"


def test_a_hold_and_a_silent_channel_degrade(alive, inside):
    reminders.hold(by=None, note="换邮件服务器")
    ChannelSettingFactory(failing_since=clock.now() - timedelta(minutes=3), last_error="535")
    ChannelSettingFactory(channel="sms", is_held=True)
    body = inside.get("/healthz").json()
    assert body["ailing"] == ["reminders"]
    assert body["checks"]["reminders"] == {
        "ok": False,
        "planner": {"is_silent": False, "failed_types": []},
        "held_by": "hand",
        "channels_held": ["sms"],
        "channels_failing": ["email"],
    }


def test_a_dead_planner_and_a_type_that_fails_degrade(alive, inside):
    EngineFactory(last_tick_at=clock.now() - timedelta(minutes=4))
    detail = {"failed": ["duties.remark"]}
    Heartbeat.objects.create(name="planning", at=clock.now(), detail=detail)
    body = inside.get("/healthz").json()
    assert body["ailing"] == ["reminders"]
    planner = {"is_silent": True, "failed_types": ["duties.remark"]}
    assert body["checks"]["reminders"]["planner"] == planner


def test_an_unknown_calendar_year_degrades(alive, inside):
    WorkingDay.objects.filter(day__year=2022).update(is_provisional=True)
    body = inside.get("/healthz").json()
    assert body["checks"]["calendar"] == {"ok": False, "unknown_years": [2022]}


def test_a_silent_redis_degrades(alive, inside, settings, monkeypatch):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    def silent(_name):
        raise ConnectionError("refused")

    monkeypatch.setattr(health.redis, "get", silent)
    body = inside.get("/healthz").json()
    assert (body["status"], body["ailing"]) == ("degraded", ["redis"])


def test_pending_migrations_are_503(alive, client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'duties'")
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable"})


def test_a_database_that_is_newer_than_the_code_is_well(alive, client):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('duties', '0999_x', now())"
        )
    assert client.get("/healthz").status_code == 200


def test_a_database_that_is_away_is_503(client, monkeypatch):
    def away():
        raise OperationalError("connection refused")

    monkeypatch.setattr(health, "pending_migrations", away)
    answer = client.get("/healthz")
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")


@pytest.mark.django_db(transaction=True)
def test_an_empty_database_is_503_and_not_a_crash():
    """Before the first migration there is no table at all, not even that of sessions."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE django_migrations RENAME TO hidden_migrations")
        cursor.execute("ALTER TABLE django_session RENAME TO hidden_session")
    try:
        assert Client().get("/healthz").status_code == 503
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE hidden_migrations RENAME TO django_migrations")
            cursor.execute("ALTER TABLE hidden_session RENAME TO django_session")


def test_it_costs_few_queries_and_reads_no_folder_twice(alive, client, monkeypatch):
    client.get("/healthz")
    monkeypatch.setattr(health, "MigrationLoader", None)
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as found:
        assert client.get("/healthz").status_code == 200
    assert len(found) <= 7


def test_only_reading_is_understood(client):
    assert client.post("/healthz").status_code == 405
    assert client.head("/healthz").status_code == 200
