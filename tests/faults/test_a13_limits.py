"""A13: what a provider counts. 钉钉 takes twenty a minute of a robot and shuts it for ten minutes when one
more comes; five hundred messages are through without that."""

from datetime import timedelta

import pytest

from core import clock
from reminders import services
from reminders.channels.robots import DingtalkRobot
from reminders.models import Delivery
from tests.factories.reminders import DeliveryFactory, DeliveryLineFactory, NoticeFactory
from tests.reminders.channels import address_at
from tests.reminders.providers import provider

pytestmark = pytest.mark.django_db
STEP = timedelta(seconds=10)


@pytest.fixture
def robot(db):
    with provider(most=20, ban=600) as peer:
        yield peer, address_at(peer, "dingtalk_robot")


def queue(endpoint, many):
    for _number in range(many):
        row = DeliveryFactory(endpoint=endpoint)
        DeliveryLineFactory(delivery=row, notice=NoticeFactory(), channel=endpoint.channel)


def walk(steps):
    """A worker looks every ten seconds of a simulated clock; how many steps it took."""
    for step in range(steps):
        services.deliver()
        if not Delivery.rows.exclude(state="sent").exists():
            return step
        clock.shift(clock._offset + STEP)
    return steps


def peak():
    """Most sends that began within any one minute."""
    starts = sorted(Delivery.rows.values_list("started_at", flat=True))
    minute = timedelta(minutes=1)
    return max(sum(1 for other in starts if start <= other < start + minute) for start in starts)


def test_a_robot_is_never_shut(robot, scale, figure):
    peer, endpoint = robot
    many = scale(40, 500)
    queue(endpoint, many)
    steps = walk(many)
    figure("A13", messages=many, peak=peak(), bans=int(peer.banned_until > 0), minutes=steps / 6)
    assert len(peer.taken) == many
    assert (peer.banned_until, peak()) == (0, 18)


def test_without_counting_it_is_shut_at_once(robot, monkeypatch):
    peer, endpoint = robot
    monkeypatch.setattr(DingtalkRobot, "most", None)
    queue(endpoint, 25)
    services.deliver()
    assert peer.banned_until > 0
