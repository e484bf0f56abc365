"""What a message says: news and things to do, each thing once, and a footer that is true."""

from datetime import date

import pytest

from reminders import registry, services
from reminders.choices import Manner, Topic
from reminders.models import Delivery
from reminders.registry import NoticeType, Rendered
from reminders.services import composing
from tests.factories.pilots import UnitFactory
from tests.factories.reminders import (
    DeliveryFactory,
    DeliveryLineFactory,
    EndpointFactory,
    NoticeFactory,
)

pytestmark = pytest.mark.django_db
DAY = date(2022, 4, 15)


@pytest.fixture
def kinds(monkeypatch):
    """Types of notices that hold and say what their facts say: asking, news, and what is neither."""

    def declare(name, manner=Manner.DIGEST, topic=Topic.TASKS, **more):
        kind = NoticeType(name, name, lambda _on: None, said, all_of, manner, topic, **more)
        monkeypatch.setitem(registry._types, name, kind)

    def said(notice):
        return Rendered(**{"lines": [], "path": "/inbox/"} | notice.facts)

    def all_of(notices):
        return {notice.pk for notice in notices}

    declare("test.asks")
    declare("test.news", is_news=True)
    declare("test.aside")
    declare("test.return", Manner.IMMEDIATE, Topic.RETURNS)


def digest(*notices, manner="digest"):
    """A message to one person that carries these: (type, facts) each."""
    delivery = DeliveryFactory(manner=manner)
    for name, facts in notices:
        row = NoticeFactory(type=name, recipient=delivery.endpoint.user, facts=facts)
        DeliveryLineFactory(delivery=delivery, notice=row)
    return delivery


def written(delivery):
    (draft,) = composing.drafts([delivery])
    return composing.write(draft, DAY, is_demo=False)


ASKS = ("test.asks", {"title": "请报送", "to_do": True})
NEWS = ("test.news", {"title": "结果已公布"})
ASIDE = ("test.aside", {"title": "对方已回复"})


def test_news_is_in_the_digest_and_what_is_left_out_of_it_says_why(kinds, smtp):
    delivery = digest(NEWS, ASKS, ASIDE)
    assert services.deliver().sent == 1
    text = smtp.mails[0][1].get_content()
    assert "请报送" in text
    assert "结果已公布" in text
    assert "对方已回复" not in text
    lines = [(line.reason, line.cancelled_at is None) for line in delivery.lines.order_by("id")]
    assert lines == [("", True), ("", True), ("nothing_to_do", False)]


def test_a_digest_of_what_nobody_need_know_is_not_sent(kinds, smtp):
    delivery = digest(ASIDE)
    assert services.deliver().cancelled == 1
    assert list(Delivery.rows.values_list("state", "reason")) == [("cancelled", "nothing_to_do")]
    assert not delivery.lines.filter(cancelled_at=None).exists()
    assert not smtp.mails


def test_what_a_group_is_not_told_it_is_not_told_of_any_of_its_people(kinds):
    robot = EndpointFactory(user=None, unit=UnitFactory(), channel="webhook", address="https://x")
    delivery = DeliveryFactory(endpoint=robot, manner="digest")
    for _person in range(2):
        row = NoticeFactory(type="test.aside", subject="slip:1", facts={"title": "对方已回复"})
        DeliveryLineFactory(delivery=delivery, notice=row, channel="webhook")
    (draft,) = composing.drafts([delivery])
    assert composing.write(draft, DAY, is_demo=False) is None
    assert set(draft.dropped) == set(delivery.lines.values_list("pk", flat=True))


def test_what_asks_comes_first_and_news_is_counted_beside_it(kinds):
    late = ("test.asks", {"title": "逾期的", "to_do": True, "urgency": 5, "days": -1})
    soon = ("test.asks", {"title": "今天的", "to_do": True, "urgency": 6, "days": 0})
    said = written(digest(NEWS, soon, NEWS, late))
    assert said.title.endswith("】2件待办，1件逾期，1件今天截止，2条消息")
    assert "\n2件待办，1件逾期，1件今天截止，2条消息。\n" in said.text
    assert said.short.startswith("您有2件待办，1件逾期，1件今天截止，2条消息：http")
    assert said.lines == ["■ 逾期的", "▲ 今天的", "结果已公布", "结果已公布"]
    assert said.count == 4
    assert written(digest(NEWS, NEWS)).short.startswith("您有2条消息：http")


def test_one_thing_is_one_item_and_is_counted_once(kinds):
    """「收到通知…」 and 「…还剩10天」 of one task: the more urgent has the title."""
    task = {"to_do": True, "thing": "assignment:RW-1"}
    told = {**task, "title": "收到通知", "urgency": 9, "lines": ["任务：RW-1", "打开任务签收。"]}
    left = {**task, "title": "还剩10天", "urgency": 7, "lines": ["任务：RW-1"], "days": 10}
    gone = {"title": "不相干", "thing": "assignment:RW-2"}
    said = written(digest(("test.asks", told), ("test.asks", left), ("test.news", gone)))
    assert said.title.endswith("】1件待办，1条消息")
    assert "1. 还剩10天\n   任务：RW-1\n   收到通知\n   打开任务签收。\n   打开：" in said.text
    assert said.count == 2


def test_the_last_lines_say_how_it_came_and_what_can_be_switched_off(kinds):
    back = ("test.return", {"title": "退回修改", "to_do": True})
    digest_, alone = (
        "工作日8:30后汇总发送，没有待办和消息时不发。",
        "事项发生后单独发送，不并入每日汇总。",
    )
    late = "夜间、休息日和当天多出的即时消息，在工作日8:30后汇总发送。"
    bound, stop = "退回和提醒单始终发送，不能关闭。", "不再接收：http://127.0.0.1:8000/me/notify/"
    for notices, manner, end in [
        ([ASKS], "digest", [digest_, stop]),
        ([ASKS, back], "digest", [digest_, bound, stop]),
        ([back], "digest", [late, bound]),
        ([back], "immediate", [alone, bound]),
        ([NEWS], "immediate", [alone, stop]),
    ]:
        lines = written(digest(*notices, manner=manner)).text.splitlines()
        assert lines[lines.index("全部消息：http://127.0.0.1:8000/inbox/") + 1 :] == end
