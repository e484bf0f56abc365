"""A2: the same, proved at every seam. A worker dies at each of the ten points, once and twice, on each
of the four channels; a second copy may only come where the receiver had taken what nobody had recorded."""

import itertools
from datetime import timedelta

import pytest

from core import clock, faults
from reminders.models import Delivery, Notice
from tests.faults.laying import CHANNELS, lay, people_to_tell

pytestmark = [pytest.mark.slow]
KILLED = -9
LATER = timedelta(days=1)
PLANNING = ("before_plan", "after_plan")
SEAMS = [point for point in faults.POINTS if point not in PLANNING]
COPIES = {"after_send"}  # taken, and not recorded


def make_due(**which):
    """These rows now: no lease, no pause; all others not before tomorrow."""
    Delivery.rows.exclude(state="sent").update(next_at=clock.now() + LATER)
    past = clock.now() - timedelta(seconds=1)
    rows = Delivery.rows.filter(**which).exclude(state="sent")
    rows.update(next_at=past)
    rows.filter(lease_until__isnull=False).update(lease_until=past)


@pytest.mark.parametrize("point", SEAMS)
def test_dying_between_two_steps_of_delivering(fleet, figure, point):
    """Two reminders on three channels: of the first the worker dies once, of the second twice."""
    lay(2, fleet.ports["http"], marks="BB" if "retry" in point else "")
    for channel, times in itertools.product(CHANNELS, (1, 2)):
        which = {
            "endpoint__channel": channel,
            "lines__notice__facts__token__regex": f"{times - 1:05}B?$",
        }
        for time in range(times):
            make_due(**which)
            # What is recorded as sent, or was busy once, gives nobody a second death.
            died = fleet.do("deliver", **{point: 1}) == KILLED
            assert died or (time and point in {"after_sent", "before_retry", "after_retry"})
        while Delivery.rows.filter(**which).exclude(state="sent").exists():
            make_due(**which)
            assert fleet.do("deliver") == 0
    report = fleet.judge(2)
    figure("A2", point=point, **report)
    copies = {"email": 3, "dingtalk_robot": 3, "feishu_app": 0} if point in COPIES else {}
    for channel, one in report.items():
        assert (one["lost"], one["unmarked"], one["limbo"]) == (0, 0, 0)
        assert one["twice"] == copies.get(channel, 0)
    assert report["email"]["keys"] == 0


@pytest.mark.parametrize("point", PLANNING)
@pytest.mark.parametrize("times", [1, 2])
def test_dying_while_planning(fleet, point, times):
    """Nothing is half written, and nobody hears twice: four channels at a time."""
    people_to_tell(2, fleet.ports["http"])
    for _time in range(times):
        assert fleet.do("bell", **{point: 1}) == KILLED
        assert not Notice.rows.exists()
        assert not Delivery.rows.exists()
    assert fleet.do("bell") == 0
    report = fleet.judge(2)
    assert set(report) == {"inbox", *CHANNELS}
    for one in report.values():
        assert (one["lost"], one["twice"], one["limbo"], one["most"]) == (0, 0, 0, 1)


def test_without_the_lease_a_death_is_not_found(fleet):
    """The control: a row that stays in `sending` is told by nobody."""
    lay(1, fleet.ports["http"], channels=("email",))
    assert fleet.do("deliver", after_sending=1) == KILLED
    make_due()
    assert fleet.do("deliver", control="no_recovery") == 0
    assert fleet.judge(1)["email"]["lost"] == 1
