"""The strips above every page: what is wrong with reminders, to those who can do something about it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localtime

from core import clock, heartbeats
from core.models import Heartbeat
from reminders import services
from reminders.models import ChannelSetting, Engine
from tests.factories.reminders import ChannelSettingFactory, DeliveryFactory, EngineFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def alive(city):
    for kind in ("beat", "worker", "deliver"):
        heartbeats.beat(kind)


@pytest.fixture
def said(browse):
    """`said(user)` gives the alarms above a page of theirs."""

    def reading(user):
        chrome = browse(user).get("/help/").context["chrome"]
        return [alarm.text + alarm.remedy for alarm in chrome.alarms]

    return reading


def test_nothing_is_said_while_all_is_well(alive, officer, said):
    assert said(officer) == []


def test_silence_of_three_minutes_is_said_with_what_to_do(alive, officer, browse, said):
    Heartbeat.objects.update(at=clock.now() - timedelta(minutes=2))
    assert said(officer) == []
    Heartbeat.objects.update(at=clock.now() - timedelta(minutes=3, seconds=1))
    (text,) = said(officer)
    assert (
        text
        == "后台进程已有3分钟没有动静，提醒发不出去。在服务器上检查beat、worker和deliver，恢复后自动补发。"
    )
    assert text in browse(officer).get("/inbox/").content.decode()


def test_who_hears_it(cast, said):
    hear = {name for name, user in cast.items() if said(user)}
    assert hear == {"officer", "head", "auditor", "foreigner", "system_admin"}


def test_a_planner_that_is_dead_is_said_while_workers_live(alive, officer, said):
    EngineFactory(last_tick_at=clock.now() - timedelta(minutes=2))
    assert said(officer) == []
    Engine.objects.update(last_tick_at=clock.now() - timedelta(minutes=3, seconds=1))
    assert said(officer) == [
        "已有3分钟没有生成提醒，新的提醒发不出去。"
        "在服务器上查看beat、worker和deliver的日志，恢复后自动补发。"
    ]
    Engine.objects.update(held_by="clock", held_at=clock.now())
    (only,) = said(officer)
    assert only.startswith("系统时间跳变"), "a hold that forbids planning is said itself"
    Heartbeat.objects.update(at=clock.now() - timedelta(minutes=4))
    Engine.objects.update(held_by="", held_at=None)
    (only,) = said(officer)
    assert only.startswith("后台进程已有3分钟"), "where nothing lives, that is said"


def test_types_that_cannot_be_planned_are_named(alive, officer, said):
    detail = {"failed": ["duties.remark", "gone.type"]}
    Heartbeat.objects.create(name="planning", at=clock.now(), detail=detail)
    assert said(officer) == [
        "这些提醒生成时出错，没有发出：批示、gone.type。在服务器上查看日志，修好后自动补发。"
    ]


def test_a_silent_bell_says_that_delivery_goes_on(alive, officer, said, settings):
    settings.REDIS_URL = ""
    Heartbeat.objects.exclude(name__startswith="deliver").update(
        at=clock.now() - timedelta(minutes=4)
    )
    assert said(officer) == [], "without Redis there is no bell"
    settings.REDIS_URL = "redis://127.0.0.1:1/0"  # the cache of the tests answers
    assert "beat或worker已有3分钟没有动静，提醒由备用进程继续发送。" in said(officer)[0]


def test_a_silent_redis_is_named(alive, officer, said, settings):
    Heartbeat.objects.exclude(name__startswith="deliver").update(
        at=clock.now() - timedelta(minutes=4)
    )
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": settings.REDIS_URL,
        }
    }
    assert "Redis连不上，提醒由备用进程继续发送。" in said(officer)[0]


def test_a_hold_says_who_or_what_held_and_leads_to_the_switch(alive, officer, browse, said):
    services.hold(by=officer, note="换邮件服务器")
    assert said(officer) == ["提醒已人工暂停。换邮件服务器。处理完后恢复发送。"]
    assert "/deliveries/channels/" in browse(officer).get("/inbox/").content.decode()


@pytest.mark.parametrize(
    ("held_by", "text"), [("clock", "系统时间跳变"), ("restored", "数据库由备份恢复")]
)
def test_what_the_engine_held_itself_for(alive, officer, said, held_by, text):
    EngineFactory()
    Engine.objects.update(held_by=held_by, held_at=clock.now(), held_note="相隔超过48小时。")
    (found,) = said(officer)
    assert found.startswith(text)
    assert "相隔超过48小时。" in found


def test_a_channel_on_hold_and_one_that_gets_nothing_through(alive, officer, said):
    services.hold_channel("sms", by=officer, note="更换短信网关。")
    since = f"{localtime(ChannelSetting.of('sms').held_at):%Y-%m-%d %H:%M}"
    failing = ChannelSettingFactory(failing_since=clock.now() - timedelta(minutes=1))
    assert said(officer) == [f"短信自{since}起暂停发送：更换短信网关。处理完后恢复。"]
    failing.failing_since, failing.last_error = clock.now() - timedelta(minutes=3), "535 认证失败。"
    failing.save()
    assert said(officer)[1].startswith("电子邮件发不出去：535 认证失败。检查")


def test_what_should_have_left_is_said_unless_its_channel_is_on_hold(alive, officer, said):
    DeliveryFactory(next_at=clock.now() - timedelta(minutes=11))
    assert said(officer)[0].startswith("有消息应发出已超过10分钟。")
    ChannelSettingFactory(is_held=True)
    (only,) = said(officer)
    assert only.startswith("电子邮件自")
    assert only.endswith("起暂停发送。处理完后恢复。")


def test_who_reads_the_messages_is_told_and_led_nowhere_else(alive, officer, head, browse, said):
    services.hold(by=officer)
    assert said(head) == ["提醒已人工暂停。处理完后恢复发送。"]
    assert "/deliveries/channels/" not in browse(head).get("/inbox/").content.decode()


def test_it_costs_no_statement_of_its_own(alive, officer, evaluator, browse):
    found = []
    for user in (officer, evaluator):
        client = browse(user)
        client.get("/help/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/help/")
        found.append(len(captured))
    assert found[0] == found[1]
