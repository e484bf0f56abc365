"""A3: Redis carries wake-ups and nothing else. While it is away the loop delivers and every page answers."""

import statistics
import time

import pytest

from cdo_portal.launcher.processes import until
from reminders.models import Delivery
from tests.faults.judging import all_sent, assert_clean
from tests.faults.laying import lay, people_to_tell

pytestmark = [pytest.mark.slow]


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
    for work in ("worker", "beat", "loop"):
        fleet.start(work)
    many, seconds, asked = scale(40, 2000), scale(2, 600), scale(5, 100)
    lay(many, fleet.ports["http"])
    assert until(lambda: Delivery.rows.filter(state="sent").exists(), 60)
    client, page = api(officer), browse(officer)
    queries = (lambda: client.get("/api/v1/units/"), lambda: page.get("/inbox/"))
    before = [slowest(query, asked) for query in queries]
    redis.kill()
    away(settings, fleet)
    gone = time.monotonic()
    after = [slowest(query, asked) for query in queries]
    assert until(all_sent, scale(60, 600))
    people_to_tell(2, fleet.ports["http"])  # what becomes due meanwhile
    assert until(lambda: Delivery.rows.filter(key__contains="immediate").count() == 6, 30)
    assert until(all_sent, 30)
    fresh = Delivery.rows.filter(key__contains="immediate")
    lag = max(row.sent_at - row.created_at for row in fresh)
    time.sleep(max(0, gone + seconds - time.monotonic()))
    report = fleet.judge(many + 2)
    ratios = [round(late / early, 2) for late, early in zip(after, before, strict=True)]
    figure("A3", seconds=seconds, lag=lag.total_seconds(), p95_ratios=ratios, **report)
    assert_clean(report)
    assert lag.total_seconds() <= 30


def test_without_the_loop_a_redis_that_is_away_is_noticed(fleet):
    """The control: only bell and worker, and nobody rings."""
    fleet.start("worker")
    lay(3, fleet.ports["http"], channels=("email",))
    time.sleep(1)
    assert fleet.judge(3)["email"]["lost"] == 3
