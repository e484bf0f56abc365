"""Whatever the channel: doubt, refusal, rates, falling back, and dying at every seam."""

from datetime import date, timedelta
from itertools import count
from types import SimpleNamespace

import pytest

from core import clock, faults
from duties import services as duties
from reminders import channels, services, signs
from reminders.channels import Adapter, Refused, TryLater, base
from reminders.choices import Channel
from reminders.models import ChannelSetting, Delivery, DeliveryLine, Endpoint, Notice
from reminders.services import claiming, delivering, falling_back
from tests.factories.reminders import (
    ChannelSettingFactory,
    DeliveryFactory,
    DeliveryLineFactory,
    EndpointFactory,
    NoticeFactory,
)
from tests.plans import nodes, rows

pytestmark = pytest.mark.django_db
DAY = date(2022, 4, 15)


class Killed(BaseException):
    """What a SIGKILL is to the code: nothing catches it."""


class Peer(Adapter):
    """A provider within this process: keeps what it takes and when it was asked, answers what it is
    told to, and is as many seconds `slow` about it."""

    channel = Channel.DINGTALK_ROBOT
    most = 18
    taken, asked, answers, slow = [], [], [], []

    def send(self, endpoint, message):
        Peer.asked.append(clock.now())
        if Peer.slow:
            clock.shift(clock._offset + timedelta(seconds=Peer.slow.pop()))
        answer = Peer.answers.pop(0) if Peer.answers else None
        if not isinstance(answer, Refused | TryLater):
            Peer.taken.append((endpoint.pk, message))
        if answer is not None:
            raise answer
        return f"ref-{len(Peer.taken)}"


@pytest.fixture
def peer(monkeypatch):
    """The robot's adapter is the peer's for as long as the test."""
    monkeypatch.setitem(base._adapters, Channel.DINGTALK_ROBOT, Peer)
    Peer.taken, Peer.asked, Peer.answers, Peer.slow = [], [], [], []
    return Peer


@pytest.fixture
def robot(peer, city):
    return EndpointFactory(
        channel="dingtalk_robot", address="https://robot", user=None, unit=city.department
    )


def queue(endpoint, count=1):
    made = []
    for _number in range(count):
        row = DeliveryFactory(endpoint=endpoint)
        DeliveryLineFactory(delivery=row, notice=NoticeFactory(), channel=endpoint.channel)
        made.append(row)
    return made


def due_again():
    Delivery.rows.update(next_at=clock.now() - timedelta(seconds=1))


def expire():
    Delivery.rows.filter(lease_until__isnull=False).update(
        lease_until=clock.now() - timedelta(seconds=1)
    )


def test_a_robot_hears_eighteen_a_minute_and_the_rest_later(robot):
    queue(robot, 25)
    assert services.deliver().sent == 18
    assert services.deliver().sent == 0
    Endpoint.rows.update(recent_sends=[clock.now() - timedelta(minutes=2)] * 18)
    assert services.deliver().sent == 7
    assert Delivery.rows.filter(state="sent").exclude(peer_ref="").count() == 25


def test_a_group_hears_once_what_several_of_its_people_are_told(
    robot, city, data_officer, unit_cdo
):
    services.plan(date(2022, 4, 26))
    row = Delivery.rows.get(endpoint=robot)
    assert row.lines.count() == 4
    services.deliver()
    (_endpoint, message) = Peer.taken[0]
    assert message.count == 2
    assert "各位" in message.text
    assert data_officer.display_name not in message.text


def test_the_bureaus_group_hears_what_its_desk_is_told(peer, city, officer):
    group = EndpointFactory(
        channel="dingtalk_robot", address="https://desk", user=None, unit=city.bureau
    )
    NoticeFactory(recipient=officer, unit=city.department, programme=city.programme)
    NoticeFactory(recipient=officer)
    services.plan(DAY)
    assert Delivery.rows.get(endpoint=group, manner="immediate").lines.count() == 1


def test_a_peer_that_asks_to_be_left_alone_is_left_alone(robot):
    queue(robot)
    Peer.answers = [TryLater("429", retry_after=timedelta(minutes=10))]
    assert services.deliver().retried == 1
    row = Delivery.rows.get()
    assert row.next_at - clock.now() > timedelta(minutes=9)
    assert (row.is_uncertain, row.last_error) == (False, "429")
    assert ChannelSetting.of("dingtalk_robot").failing_since is not None
    due_again()
    assert services.deliver().sent == 1
    assert ChannelSetting.of("dingtalk_robot").failing_since is None


def test_in_doubt_it_is_sent_again_and_marked(robot):
    queue(robot)
    Peer.answers = [ConnectionResetError("gone")]
    assert services.deliver().retried == 1
    assert Delivery.rows.get().is_uncertain
    due_again()
    services.deliver()
    assert len({message.key for _to, message in Peer.taken}) == 1


def test_in_doubt_it_waits_for_a_person_where_that_is_set(robot, officer):
    ChannelSettingFactory(channel="dingtalk_robot", on_uncertain="hold")
    queue(robot, 2)
    Peer.answers = [ConnectionResetError("gone")]
    outcome = services.deliver()
    assert (outcome.held, outcome.sent) == (1, 1)
    row = Delivery.rows.get(state="held")
    services.resend(row, by=officer)
    assert services.deliver().sent == 1


def test_in_doubt_it_goes_again_only_while_the_peer_knows_its_key(robot, monkeypatch):
    monkeypatch.setattr(Peer, "is_keyed_for", timedelta(hours=1))
    ChannelSettingFactory(channel="dingtalk_robot", on_uncertain="hold")
    _young, old = queue(robot, 2)
    Delivery.rows.filter(pk=old.pk).update(tries=4)
    Peer.answers = [ConnectionResetError("gone"), ConnectionResetError("gone")]
    outcome = services.deliver()
    assert (outcome.retried, outcome.held) == (1, 1)
    old.refresh_from_db()
    assert old.state == "held", "the fifth pause is an hour by itself"


def test_a_held_message_is_given_up_by_a_person(robot, officer):
    ChannelSettingFactory(channel="dingtalk_robot", on_uncertain="hold")
    queue(robot)
    faults.arm("after_send", act=_die)
    with pytest.raises(Killed):
        services.deliver()
    expire()
    assert services.deliver().recovered == 1
    row = Delivery.rows.get(state="held")
    assert services.give_up(row, by=officer).reason == "given_up"
    with pytest.raises(Exception, match="不能取消"):
        services.give_up(row, by=officer)


def _die():
    raise Killed


def test_what_cannot_be_delivered_goes_by_another_channel_of_the_person(peer, smtp):
    endpoint = EndpointFactory(channel="dingtalk_robot", address="x")
    EndpointFactory(user=endpoint.user)
    (row,) = queue(endpoint)
    Notice.rows.update(recipient=endpoint.user)
    Peer.answers = [Refused("no such robot")]
    assert services.deliver().failed == 1
    other = Delivery.rows.get(fallback_of=row)
    assert other.endpoint.channel == "email"
    assert services.deliver().sent == 1
    assert [to for to, _mail in smtp.mails] == [endpoint.user.email]


@pytest.mark.parametrize("slow", [[], [10, 10]])
def test_no_minute_sees_more_than_the_provider_counts(robot, slow):
    """Each try counts at the moment at which it is made: one that fails, and one behind a slow one."""
    queue(robot, 30)
    Peer.answers = [TryLater("-1", retry_after=timedelta(seconds=5)) for _try in range(9)]
    Peer.slow = list(slow)
    for _second in range(75):
        services.deliver()
        clock.shift(clock._offset + timedelta(seconds=1))
    minute = timedelta(minutes=1)
    peaks = [sum(1 for at in Peer.asked if start <= at < start + minute) for start in Peer.asked]
    assert len(Peer.asked) > 18
    assert max(peaks) == 18


def test_a_closed_group_hears_nothing_of_what_waited_for_it(robot):
    (row,) = queue(robot)
    Endpoint.rows.update(is_active=False)
    assert services.deliver().cancelled == 1
    row.refresh_from_db()
    assert (row.state, row.reason, Peer.taken) == ("cancelled", "no_address", [])


def test_what_waited_for_a_closed_address_goes_to_the_one_that_took_its_place(peer):
    old = EndpointFactory(channel="dingtalk_robot", address="old")
    queue(old)
    Endpoint.rows.update(is_active=False)
    new = EndpointFactory(channel="dingtalk_robot", address="new", user=old.user)
    assert services.deliver().sent == 1
    assert [pk for pk, _message in Peer.taken] == [new.pk]


def test_a_channel_that_works_again_wakes_what_it_failed_at(robot):
    late, early = queue(robot, 2)
    Peer.answers = [TryLater("no way there", retry_after=timedelta(hours=6))] * 2
    assert services.deliver().retried == 2
    Delivery.rows.filter(pk=early.pk).update(next_at=clock.now())
    clock.shift(clock._offset + timedelta(minutes=5))
    assert services.deliver().sent == 1
    late.refresh_from_db()
    assert late.next_at <= clock.now() + timedelta(minutes=1)


def test_one_full_mailbox_says_nothing_about_the_channel(robot):
    queue(robot)
    Peer.answers = [TryLater("452", is_of_address=True)]
    assert services.deliver().retried == 1
    assert ChannelSetting.of("dingtalk_robot").failing_since is None


def test_what_another_message_has_taken_along_is_left_to_it(peer):
    """Two of one person failed in the same moment, and both saw a mailbox free."""
    endpoint = EndpointFactory(channel="dingtalk_robot", address="x")
    EndpointFactory(user=endpoint.user)
    (row,) = queue(endpoint)
    line = row.lines.get()
    elsewhere = DeliveryLineFactory(notice=line.notice, channel="sms")
    DeliveryLine.objects.filter(pk=elsewhere.pk).update(channel="email")
    assert falling_back.fall_back(row) is None
    DeliveryLine.objects.filter(pk=elsewhere.pk).update(channel="sms")
    assert falling_back.fall_back(row).lines.count() == 1


def test_a_group_has_nothing_to_fall_back_to(robot):
    queue(robot)
    Peer.answers = [Refused("gone")]
    services.deliver()
    assert Delivery.rows.count() == 1


def test_a_long_queue_of_one_channel_holds_up_no_other(robot, mailoutbox):
    """Whatever has waited longest: a round takes so many of each channel."""
    for _mail in range(5):
        DeliveryLineFactory(delivery__next_at=clock.now() - timedelta(hours=1))
    (row,) = queue(robot)
    assert services.deliver(3).sent == 4
    row.refresh_from_db()
    assert row.state == "sent"
    assert len(mailoutbox) == 3


def test_what_waits_on_a_held_channel_is_not_looked_at(robot, officer):
    """Neither by a claim of another channel nor by the signs on every page."""
    for _mail in range(30):
        DeliveryFactory(next_at=clock.now() - timedelta(hours=1))
    services.hold_channel("email", by=officer, note="升级")
    queue(robot)
    facts = {"owner": "x", "lease": timedelta(minutes=5), "limit": 60, "channel": "webhook"}
    claim = nodes(claiming.CLAIM, facts, claiming.IN_ORDER)
    seen = nodes(signs.SIGNS, signs._params(clock.now()), claiming.IN_ORDER)
    assert max(map(rows, claim)) < 30
    assert max(map(rows, seen)) < 30
    services.release_channel("email", by=officer)
    held = nodes(claiming.CLAIM, facts | {"channel": "email"}, claiming.IN_ORDER)
    assert max(map(rows, held)) == 30, "the control: those are there"


def test_a_slow_batch_puts_back_what_it_has_not_come_to(robot, monkeypatch):
    queue(robot, 3)
    monkeypatch.setattr(delivering, "PATIENCE", -1)
    assert services.deliver() == delivering.Outcome()
    assert set(Delivery.rows.values_list("state", "tries", "owner")) == {("planned", 0, "")}
    Delivery.rows.update(state="retry", tries=1)
    services.deliver()
    assert set(Delivery.rows.values_list("state", "tries")) == {("retry", 1)}
    assert claiming.put_back([], "nobody") == 0


def test_what_takes_long_to_write_goes_out_before_the_lease_has_run_out(robot, monkeypatch):
    """Each look at the watch is a second later: three are written, two of them sent, the rest go back."""
    queue(robot, 5)
    monkeypatch.setattr(delivering, "PATIENCE", 2)
    monkeypatch.setattr(delivering, "time", SimpleNamespace(monotonic=count().__next__))
    assert services.deliver().sent == 2
    assert (
        list(Delivery.rows.exclude(state="sent").values_list("state", "tries", "owner"))
        == [("planned", 0, "")] * 3
    )


BEFORE = ("after_claim", "before_sending", "after_sending", "after_connect")
AFTER = ("after_send", "after_sent")


@pytest.mark.parametrize("point", [*BEFORE, *AFTER, "before_retry", "after_retry"])
def test_dying_at_a_seam_loses_nothing_and_marks_every_copy(robot, point):
    queue(robot)
    if "retry" in point:
        Peer.answers = [TryLater("busy")]
    faults.arm(point, act=_die)
    with pytest.raises(Killed):
        services.deliver()
    expire()
    due_again()
    services.deliver()
    due_again()
    services.deliver()
    row = Delivery.rows.get()
    copies = len(Peer.taken)
    assert row.state == "sent"
    assert copies == (2 if point == "after_send" else 1)
    assert row.is_uncertain or copies == 1


@pytest.mark.parametrize("point", ["before_plan", "after_plan"])
def test_dying_while_planning_leaves_nothing_half_done(city, data_officer, point):
    faults.arm(point, act=_die)
    with pytest.raises(Killed):
        services.plan(DAY)
    assert not Notice.rows.exists()
    assert services.plan(DAY)["duties.deadline"] == 2


def test_points_have_names_and_are_armed_by_the_environment(monkeypatch, settings):
    with pytest.raises(ValueError, match="No fault point"):
        faults.arm("nowhere")
    monkeypatch.setenv("PORTAL_FAULT", "after_send:2,after_sent")
    faults.arm_from_environment()
    faults.fault("after_send")
    faults.disarm()
    faults.fault("after_send")
    settings.TRIAL = False
    with pytest.raises(RuntimeError):
        faults.arm("after_send")


# --- a deadline that moves ------------------------------------------------------------------------


def test_a_moved_deadline_cancels_the_old_lines_and_plans_the_new_in_one_go(
    city, data_officer, officer
):
    services.plan(DAY)
    duties.decide_reading(
        city.obligations["training"], due_on=date(2022, 4, 18), by=officer, basis="电话记录"
    )
    task = city.assignment(city.department, "training")
    lines = DeliveryLine.objects.filter(notice__subject=f"assignment:{task.number}")
    assert set(lines.values_list("notice__deadline_version", "reason")) == {(1, "moved"), (2, "")}
    assert services.plan(DAY)["duties.deadline"] == 0
    assert services.deliver().sent >= 1


def test_a_message_all_of_whose_lines_moved_is_cancelled(city, data_officer, officer):
    report = city.assignment(city.department)
    for key in "ab":
        duties.fulfil(
            city.assignment(city.department, "training"),
            source_key=key,
            happened_on=DAY,
            by=officer,
        )
    services.plan(DAY)
    moved = services.deadlines_moved("duties.deadline", {f"assignment:{report.number}": 9})
    assert moved == 1
    assert Delivery.rows.get(endpoint__user=data_officer).reason == "moved"
    assert services.deadlines_moved("duties.deadline", {}) == 0


def test_every_registered_channel_is_known_by_name():
    assert {str(adapter.channel) for adapter in channels.adapters()} <= set(Channel.values)
    with pytest.raises(ValueError, match="two adapters"):
        channels.register(channels.adapters()[0])


def test_nothing_falls_back_to_a_channel_that_is_switched_off_or_has_no_account(peer):
    endpoint = EndpointFactory(channel="dingtalk_robot", address="x")
    EndpointFactory(user=endpoint.user)
    EndpointFactory(user=endpoint.user, channel="wecom_app", address="zhang")
    (row,) = queue(endpoint)
    ChannelSettingFactory(channel="email", is_enabled=False)
    assert falling_back.fall_back(row) is None
    ChannelSetting.objects.update(is_enabled=True)
    assert falling_back.fall_back(row).endpoint.channel == "email"
