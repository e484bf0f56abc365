"""Whatever became of a message: at night, at weekends and on holidays it reaches nobody."""

from datetime import date, time, timedelta

import pytest

from core import clock
from reminders import services
from reminders.models import Delivery
from reminders.services import falling_back
from tests.factories.reminders import (
    DeliveryFactory,
    DeliveryLineFactory,
    EndpointFactory,
    NoticeFactory,
)
from tests.reminders.conftest import set_clock

pytestmark = pytest.mark.django_db
FRIDAY, SATURDAY, MONDAY = date(2022, 4, 15), date(2022, 4, 16), date(2022, 4, 18)


@pytest.fixture(autouse=True)
def moving(settings):
    settings.TODAY = ""


def leaves_on():
    """The day and the time at which the one message that waits is to leave."""
    at = clock.local(Delivery.rows.get(state__in=["planned", "retry"]).next_at)
    return at.date(), time(8, 31) <= at.time() <= time(8, 46)


def test_a_retry_waits_for_the_next_working_morning(waiting, smtp):
    set_clock(FRIDAY, time(17, 59))
    waiting()
    smtp.answers = ["451 later"]
    assert services.deliver().retried == 1
    set_clock(FRIDAY, time(18, 0))
    services.deliver()
    assert (smtp.mails, leaves_on()) == ([], (MONDAY, True))
    set_clock(MONDAY, time(8, 46))
    assert services.deliver().sent == 1


def test_so_does_what_was_held_until_the_evening(waiting, smtp, officer):
    set_clock(FRIDAY, time(10, 0))
    waiting()
    services.hold(by=officer)
    set_clock(SATURDAY, time(23, 0))
    services.release(by=officer)
    services.deliver()
    assert (smtp.mails, leaves_on()) == ([], (MONDAY, True))


def test_so_does_what_falls_back_to_another_channel(smtp):
    set_clock(SATURDAY, time(3, 0))
    robot = EndpointFactory(channel="dingtalk_robot", address="x")
    EndpointFactory(user=robot.user)
    line = DeliveryLineFactory(
        delivery=DeliveryFactory(endpoint=robot, state="failed"), channel="dingtalk_robot"
    )
    assert falling_back.fall_back(line.delivery)
    services.deliver()
    assert (smtp.mails, leaves_on()) == ([], (MONDAY, True))


def test_an_early_morning_waits_for_half_past_eight_of_the_same_day(waiting, smtp):
    set_clock(MONDAY, time(6, 0))
    waiting()
    services.deliver()
    assert (smtp.mails, leaves_on()) == ([], (MONDAY, True))


def test_what_is_urgent_and_what_somebody_sends_by_hand_leaves_at_any_hour(waiting, smtp, officer):
    set_clock(SATURDAY, time(23, 0))
    urgent, failed, later, due = waiting(4)
    Delivery.rows.filter(pk=urgent.pk).update(is_urgent=True)
    Delivery.rows.filter(pk=failed.pk).update(state="failed")
    Delivery.rows.filter(pk=later.pk).update(next_at=clock.now() + timedelta(hours=9))
    services.resend(failed, by=officer)
    assert services.deliver().sent == 2
    Delivery.rows.filter(pk=due.pk).update(next_at=clock.now())
    assert services.hasten() == 2
    assert services.deliver().sent == 2


def test_digests_of_several_mornings_leave_as_one(smtp):
    """None could leave on Thursday and Friday; on Monday there is one message with all three."""
    set_clock(MONDAY, time(9, 0))
    address = EndpointFactory()
    due = clock.now() - timedelta(minutes=1)
    lines = [
        DeliveryLineFactory(
            delivery=DeliveryFactory(endpoint=address, manner="digest", next_at=due),
            notice=NoticeFactory(recipient=address.user),
        )
        for _morning in range(3)
    ]
    other = DeliveryLineFactory(delivery__manner="digest").delivery
    outcome = services.deliver()
    assert (outcome.sent, outcome.cancelled) == (2, 2)
    assert lines[0].delivery.lines.count() == 3
    assert set(Delivery.rows.filter(state="cancelled").values_list("reason", flat=True)) == {
        "merged"
    }
    other.refresh_from_db()
    assert other.state == "sent"
