"""A9: what a broker does when a task outlives its visibility timeout: the same task again while it runs."""

import pytest

from tests.faults.judging import all_sent, assert_clean
from tests.faults.laying import lay

pytestmark = [pytest.mark.slow]


def test_one_task_that_is_handed_out_again_while_it_runs_tells_nobody_twice(fleet, scale, figure):
    many, times, at_once = scale(6, 500), scale(3, 200), scale(3, 10)
    lay(many, fleet.ports["http"], marks="S" * many, channels=("email",))
    for _wave in range(times // at_once):
        workers = [fleet.start("bell") for _copy in range(at_once)]
        assert {fleet.wait(pid) for pid in workers} == {0}
    while not all_sent():
        assert fleet.do("bell") == 0
    report = fleet.judge(many)
    figure("A9", handed_out=times, **report)
    assert_clean(report, channels=2)


def test_without_the_fence_the_same_task_twice_tells_twice(fleet):
    lay(6, fleet.ports["http"], marks="SSSSSS", channels=("email",))
    for pid in [fleet.start("bell", control="no_fence") for _time in range(2)]:
        fleet.wait(pid)
    assert fleet.judge(6)["email"]["twice"] > 0
