"""A5: a worker comes back when Redis does."""

import signal
import time
from itertools import cycle, islice

import pytest

from cdo_portal.launcher.processes import until
from core.models import Heartbeat

pytestmark = [pytest.mark.slow]


def last_beat():
    """When a worker last answered the bell, by the worker's clock; the test's own stands elsewhere."""
    beats = Heartbeat.objects.filter(name__startswith="worker:").order_by("-at")
    return beats.values_list("at", flat=True).first()


def test_a_worker_comes_back_when_redis_does(fleet, redis, scale, figure):
    """Killed, stopped, and its lines cut; the worker answers the bell again within a minute."""
    for work in ("worker", "beat"):
        fleet.start(work)
    assert until(last_beat, 60)
    times, waits = scale(3, 50), []
    for way in islice(cycle(("kill", "stop", "cut")), times):
        if way == "cut":
            redis.say("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        else:
            redis.kill(signal.SIGKILL if way == "kill" else signal.SIGTERM)
            redis.start()
        began, before = time.monotonic(), last_beat()
        assert until(lambda: last_beat() > before, 60)  # noqa: B023 - now
        waits.append(time.monotonic() - began)
    figure("A5", restarts=times, back=len(waits), slowest=round(max(waits), 1))
    assert len(waits) == times


def test_a_worker_that_does_not_try_again_is_gone(fleet, redis):
    """The control."""
    pid = fleet.start("worker", control="no_return")
    fleet.start("beat")
    assert until(last_beat, 60)
    redis.kill()
    assert fleet.wait(pid) >= 0, "it ends by itself, killed by nobody"
    redis.start()
    before = last_beat()
    assert not until(lambda: last_beat() > before, 3)
