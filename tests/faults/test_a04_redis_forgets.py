"""A4: Redis holds no truth: it may forget everything, and throw away what it likes."""

import pytest

from cdo_portal.launcher.processes import until
from reminders.models import Delivery
from tests.faults.judging import all_sent, assert_clean
from tests.faults.laying import lay

pytestmark = [pytest.mark.slow]


def test_a_redis_that_forgets_everything_loses_nothing(fleet, redis, scale, figure):
    """FLUSHALL again and again, and a memory so small that it throws queues away."""
    redis.say("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")
    redis.say("CONFIG", "SET", "maxmemory", "8mb")
    for work in ("worker", "worker", "beat", "loop"):
        fleet.start(work)
    many, flushes = scale(40, 20_000), scale(5, 20)
    lay(many, fleet.ports["http"])
    for done in range(flushes):
        share = 3 * many * done // flushes
        assert until(lambda: Delivery.rows.filter(state="sent").count() >= share, 900)  # noqa: B023 - now
        assert redis.say("FLUSHALL") == b"+OK\r\n"
    assert until(all_sent, 900)
    report = fleet.judge(many)
    figure("A4", reminders=many, flushes=flushes, **report)
    assert_clean(report)


def test_what_lies_in_redis_alone_is_lost(fleet, redis):
    """The control: one ring of the bell, forgotten before a worker heard it, and nobody rings again."""
    lay(3, fleet.ports["http"], channels=("email",))
    fleet.do("ring")
    assert redis.say("LLEN", "celery") == b":1\r\n"
    assert redis.say("FLUSHALL") == b"+OK\r\n"
    fleet.start("worker")
    fleet.do("ring_other")
    assert until(lambda: redis.say("LLEN", "celery") == b":0\r\n", 60)
    assert fleet.judge(3)["email"]["lost"] == 3
