"""A16: the system can say that it is dead: to its own pages within three minutes, and to whoever watches
from outside by a ping a minute, which no process sends when none lives."""

import socket
from datetime import timedelta

import pytest

from core import clock, heartbeats
from reminders import services
from reminders.models import Delivery
from tests.factories.core import OutboundGateFactory
from tests.factories.reminders import EngineFactory
from tests.outside.servers import http_server

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def said(browse, officer):
    """The alarms above a page of the bureau."""

    def reading():
        chrome = browse(officer).get("/help/").context["chrome"]
        return "".join(alarm.text for alarm in chrome.alarms)

    return reading


def minutes_until(words, said, meanwhile=lambda: None, most=5):
    for minute in range(most + 1):
        meanwhile()
        if words in said():
            return minute
        clock.shift(clock._offset + MINUTE + timedelta(seconds=1))
    return None


def test_when_all_processes_are_gone_it_is_said_within_three_minutes(city, said, figure):
    for kind in ("beat", "worker", "deliver"):
        heartbeats.beat(kind)
    minutes = minutes_until("后台进程已有3分钟没有动静", said)
    figure("A16", processes_minutes=minutes)
    assert minutes == 3


def test_when_only_the_planner_is_dead_it_is_said_within_three_minutes(city, said, figure):
    EngineFactory(last_tick_at=clock.now())
    words = "已有3分钟没有生成提醒"
    minutes = minutes_until(words, said, lambda: heartbeats.beat("deliver"))
    figure("A16", planner_minutes=minutes)
    assert minutes == 3


def test_when_the_mail_server_is_gone_it_is_said_within_three_minutes(
    city, waiting, said, settings, figure
):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free.getsockname()[1]
    waiting()

    def tick():
        heartbeats.beat("deliver")
        Delivery.rows.update(next_at=clock.now())
        services.deliver()

    minutes = minutes_until("电子邮件发不出去", said, tick)
    figure("A16", mail_minutes=minutes)
    assert minutes <= 3


def test_a_system_that_lives_says_nothing(city, said):
    """The control: with a beat a minute nobody is alarmed."""
    assert minutes_until("后台进程已有3分钟", said, lambda: heartbeats.beat("deliver")) is None


def test_whoever_trusts_old_signs_of_life_says_nothing(city, said, monkeypatch):
    """The control: what beat an hour ago is taken to live."""
    monkeypatch.setattr(heartbeats, "FRESH", 60 * MINUTE)
    heartbeats.beat("deliver")
    assert minutes_until("后台进程已有3分钟", said) is None


def test_the_ping_outside_comes_each_minute(city, settings, figure):
    with http_server(lambda _asked: (200, {}, b"")) as server:
        place = {"host": "127.0.0.1", "port": server.port, "networks": "127.0.0.1"}
        OutboundGateFactory(**place, is_plain=True, purpose="heartbeat")
        settings.HEARTBEAT_PING_URL = f"{server.url}/ping"
        for _minute in range(5):
            services.beat("deliver")
            clock.shift(clock._offset + MINUTE)
        figure("A16", pings_in_five_minutes=len(server.asked))
        assert len(server.asked) == 5
