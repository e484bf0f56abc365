"""A3, A4, A5, A9: Redis carries wake-ups and nothing else. It goes away, forgets everything, evicts what it
likes, comes back, hands the same task out twice: nothing is lost, nothing comes twice."""

import signal
import statistics
import time
from datetime import timedelta
from itertools import cycle, islice

import pytest

from core import clock
from core.models import Heartbeat
from reminders.models import Delivery
from tests.faults.fleet import until
from tests.faults.laying import lay, people_to_tell

pytestmark = [pytest.mark.slow]


@pytest.fixture
def redis(fleet):
    fleet.redis.start()
    return fleet.redis


def all_sent():
    return not Delivery.rows.exclude(state="sent").exists()


def clean(report, channels=4):
    """Nothing lost, nothing twice, nothing in limbo."""
    assert len(report) == channels
    for one in report.values():
        assert (one["lost"], one["twice"], one["limbo"]) == (0, 0, 0)


def slowest(query, times):
    """The 95th percentile of so many answers, in seconds; every one of them is good."""
    found = []
    for _time in range(times):
        began = time.monotonic()
        assert query().status_code == 200
        found.append(time.monotonic() - began)
    return statistics.quantiles(found, n=20)[-1]


def away(settings, fleet):
    """As the web sees it: settings that name a Redis which is not there."""
    settings.REDIS_URL = fleet.redis.url
    backend = "django.core.cache.backends.redis.RedisCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": fleet.redis.url}}


def test_while_redis_is_away_the_loop_delivers_and_the_pages_answer(
    fleet, redis, scale, figure, settings, city, api, browse, officer
):
    """A3."""
    for work in ("worker", "beat", "loop"):
        fleet.start(work)
    many, seconds, asked = scale(40, 2000), scale(2, 600), scale(5, 100)
    lay(many, fleet.ports["http"])
    until(lambda: Delivery.rows.filter(state="sent").exists())
    client, page = api(officer), browse(officer)
    queries = (lambda: client.get("/api/v1/units/"), lambda: page.get("/inbox/"))
    before = [slowest(query, asked) for query in queries]
    redis.kill()
    away(settings, fleet)
    gone = time.monotonic()
    people_to_tell(2, fleet.ports["http"])  # what becomes due meanwhile
    after = [slowest(query, asked) for query in queries]
    until(lambda: Delivery.rows.filter(key__contains="immediate").count() == 6, seconds=30)
    until(all_sent, seconds=600)
    lag = max(row.sent_at - row.next_at for row in Delivery.rows.filter(key__contains="immediate"))
    time.sleep(max(0, gone + seconds - time.monotonic()))
    report = fleet.judge(many + 2)
    ratios = [round(late / early, 2) for late, early in zip(after, before, strict=True)]
    figure("A3", seconds=seconds, lag=lag.total_seconds(), p95_ratios=ratios, **report)
    clean(report)
    assert lag.total_seconds() <= 30


def test_a_redis_that_forgets_everything_loses_nothing(fleet, redis, scale, figure):
    """A4: FLUSHALL again and again, and a memory so small that it throws queues away."""
    redis.say("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
    redis.say("CONFIG", "SET", "maxmemory", "8mb")
    for work in ("worker", "worker", "beat", "loop"):
        fleet.start(work)
    many, flushes = scale(40, 20_000), scale(5, 20)
    lay(many, fleet.ports["http"])
    for done in range(flushes):
        share = 3 * many * done // flushes
        until(lambda: Delivery.rows.filter(state="sent").count() >= share, 900)  # noqa: B023 - now
        assert redis.say("FLUSHALL") == b"+OK\r\n"
    until(all_sent, seconds=900)
    report = fleet.judge(many)
    figure("A4", reminders=many, flushes=flushes, **report)
    clean(report)


def beats_anew(since):
    return Heartbeat.objects.filter(name__startswith="worker:", at__gt=since).exists()


def test_a_worker_comes_back_when_redis_does(fleet, redis, scale, figure):
    """A5: killed, stopped, and its lines cut; the worker answers the bell again within a minute."""
    for work in ("worker", "beat"):
        fleet.start(work)
    until(lambda: beats_anew(clock.now() - timedelta(minutes=1)))
    times, waits = scale(3, 50), []
    for way in islice(cycle(("kill", "stop", "cut")), times):
        if way == "cut":
            redis.say("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        else:
            redis.kill(signal.SIGKILL if way == "kill" else signal.SIGTERM)
            redis.start()
        began, since = time.monotonic(), clock.now()
        until(lambda: beats_anew(since), seconds=60)  # noqa: B023 - now
        waits.append(time.monotonic() - began)
    figure("A5", restarts=times, back=len(waits), slowest=round(max(waits), 1))
    assert len(waits) == times


def test_without_the_loop_a_redis_that_is_away_is_noticed(fleet):
    """The control of A3: only bell and worker, and nobody rings."""
    fleet.start("worker")
    lay(3, fleet.ports["http"], channels=("email",))
    time.sleep(1)
    assert fleet.judge(3)["email"]["lost"] == 3


def test_one_task_that_is_handed_out_again_while_it_runs_tells_nobody_twice(fleet, scale, figure):
    """A9: what a broker does when a task outlives its visibility timeout."""
    many, times = scale(6, 75), scale(3, 200)
    lay(many, fleet.ports["http"], marks="S" * many, channels=("email",))
    workers = [fleet.start("bell") for _time in range(times)]
    assert {fleet.wait(pid) for pid in workers} == {0}
    while not all_sent():
        assert fleet.do("bell") == 0
    report = fleet.judge(many)
    figure("A9", handed_out=times, **report)
    clean(report, channels=2)


def test_without_the_fence_the_same_task_twice_tells_twice(fleet):
    lay(6, fleet.ports["http"], marks="SSSSSS", channels=("email",))
    for pid in [fleet.start("bell", control="no_fence") for _time in range(2)]:
        fleet.wait(pid)
    assert fleet.judge(6)["email"]["twice"] > 0
