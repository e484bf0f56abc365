"""A1: a worker that dies loses nothing. Several deliver over four channels and are killed again and
again; the receivers' log tells what became of it.

In small, each worker dies at a point that was armed; in the whole run a signal comes at any moment.
"""

import random
import time
from itertools import cycle, islice

import pytest

from cdo_portal.launcher.processes import until
from reminders.models import Delivery
from tests.faults.conftest import FULL
from tests.faults.laying import lay

pytestmark = [pytest.mark.slow]
WORKERS = 4
DEATHS = [
    {"after_send": 5},
    {"after_sending": 1},
    {"after_sent": 9},
    {"before_sending": 1},
    {"after_send": 12},
    {"after_claim": 1},
]


def under_kills(fleet, count, kills, control=""):
    """Lay so many, let so many workers die, let the last ones tidy up; the checker's report."""
    lay(count, fleet.ports["http"])
    nemesis = by_signal if FULL and not control else by_points
    nemesis(fleet, kills, control)
    fleet.start("drain", control=control)
    left = Delivery.rows.exclude(state__in=["sent", "failed", "cancelled", "held"])
    assert until(lambda: not left.exists(), 1200)
    fleet.kill_all()
    return fleet.judge(count)


def by_signal(fleet, kills, control):
    for _number in range(WORKERS):
        fleet.start("drain", control=control)
    for _number in range(kills):
        time.sleep(random.uniform(0.3, 1))  # the nemesis has no rhythm
        fleet.kill(random.choice(fleet.living))
        fleet.start("drain", control=control)


def by_points(fleet, kills, control):
    for arm in islice(cycle(DEATHS), kills):
        fleet.start("drain", control=control, **arm)
        if len(fleet.living) == WORKERS:
            assert fleet.wait(fleet.living[0]) == -9
    while fleet.living:
        assert fleet.wait(fleet.living[0]) == -9


def test_a_worker_that_is_killed_loses_nothing_and_marks_every_copy(fleet, scale, figure):
    count, kills = scale(80, 20_000), scale(6, 100)
    report = under_kills(fleet, count, kills)
    figure("A1", reminders=count, kills=kills, **report)
    assert {(one["lost"], one["unmarked"], one["limbo"]) for one in report.values()} == {(0, 0, 0)}
    assert report["inbox"]["twice"] == report["feishu_app"]["twice"] == 0
    without_key = [report[channel] for channel in ("email", "dingtalk_robot")]
    assert sum(one["twice"] for one in without_key) <= kills / 2
    assert all(one["most"] <= 2 for one in without_key)
    assert report["email"]["keys"] == 0, "a copy carries the same Message-ID"


def test_without_sending_written_first_the_same_run_loses(fleet):
    report = under_kills(fleet, 50, 4, control="mark_first")
    assert report["email"]["lost"] + report["dingtalk_robot"]["lost"] > 0


def test_in_one_transaction_the_same_run_repeats_and_does_not_say_so(fleet):
    report = under_kills(fleet, 50, 4, control="batch_in_transaction")
    assert report["email"]["unmarked"] + report["dingtalk_robot"]["unmarked"] > 0
