"""Signs of life: the portal's own row at every beat, and once a minute a ping to whoever watches."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from core import clock, heartbeats
from core.models import Heartbeat
from reminders import services
from reminders.services import pulse
from tests.factories.core import OutboundGateFactory
from tests.outside.servers import http_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def watcher(settings):
    """`watcher.status` is what it answers with; `.asked` are the pings that it heard."""
    with http_server(lambda _asked: (server.status, {}, b"")) as server:
        server.status = 200
        server.gate = OutboundGateFactory(
            host="127.0.0.1",
            port=server.port,
            networks="127.0.0.1",
            is_plain=True,
            purpose="heartbeat",
        )
        settings.HEARTBEAT_PING_URL = f"{server.url}/ping/portal"
        yield server


def beats(kind="deliver"):
    """What is logged of the ping while the process beats; its own row is written in any case."""
    with capture_logs() as logged:
        services.beat(kind)
    assert heartbeats.state(kind)["ok"]
    return [entry["event"] for entry in logged if entry["event"].startswith("heartbeat")]


def test_the_watcher_outside_is_pinged_once_a_minute_by_whichever_process_comes_first(watcher):
    assert beats("deliver") == beats("worker") == []
    (asked,) = watcher.asked
    assert (asked.method, asked.path, asked.body) == ("GET", "/ping/portal", b"")
    clock.shift(clock._offset + pulse.PING_EVERY + timedelta(seconds=1))
    beats("worker")
    assert len(watcher.asked) == 2


def test_a_ping_that_was_noted_for_later_than_now_does_not_silence_the_next(watcher):
    beats()
    Heartbeat.objects.filter(name=pulse.NAME).update(at=clock.now() + timedelta(days=1))
    beats()
    assert len(watcher.asked) == 2


def test_an_answer_that_refuses_is_logged(watcher):
    watcher.status = 503
    assert beats() == ["heartbeat_ping_refused"]


def test_without_an_approved_gate_nothing_leaves_and_that_is_logged(watcher):
    watcher.gate.delete()
    assert beats() == ["heartbeat_ping_failed"]
    assert watcher.asked == []


def test_without_an_address_nobody_is_pinged(settings):
    settings.HEARTBEAT_PING_URL = ""
    assert beats() == []
    assert not Heartbeat.objects.filter(name=pulse.NAME).exists()
