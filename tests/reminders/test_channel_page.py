"""发送渠道: how each fares, and who may let nothing leave, for what reason."""

from datetime import timedelta

import pytest
from django import forms

from core import clock
from core.forms import Form
from core.models import AuditEntry
from reminders import services
from reminders.models import ChannelSetting, Engine
from tests.conftest import make_city
from tests.factories.reminders import ChannelSettingFactory, DeliveryFactory, EndpointFactory

pytestmark = pytest.mark.django_db
PAGE = "/deliveries/channels/"


def switch(client, channel, act, note="更换服务器"):
    return client.post(PAGE, {"channel": channel, "act": act, f"{channel}-note": note}, follow=True)


def test_each_channel_says_how_it_fares(city, officer, browse):
    ChannelSettingFactory(
        failing_since=clock.now(), last_error="535 认证失败", last_ok_at=clock.now()
    )
    ChannelSettingFactory(channel="webhook", is_enabled=False)
    DeliveryFactory()
    DeliveryFactory(state="failed", is_uncertain=True)
    answer = browse(officer).get(PAGE)
    lines = {line.channel: line for line, _form in answer.context["lines"]}
    mail = lines["email"]
    assert (mail.waiting, mail.failed, mail.doubtful, mail.oldest is None) == (1, 1, 1, False)
    text = answer.content.decode()
    for word in ("535 认证失败", "发不出去", "未启用", "暂停全部发送"):
        assert word in text
    assert "inbox" not in lines


def test_a_channel_that_reached_nobody_yet_is_not_called_normal(city, officer, browse):
    ChannelSettingFactory(channel="webhook", last_ok_at=clock.now())
    EndpointFactory(channel="webhook", user=None, unit=city.department, address="group")
    EndpointFactory(channel="sms", user=officer)
    shown = {line.channel: line for line, _form in browse(officer).get(PAGE).context["lines"]}
    assert [name for name, line in shown.items() if not line.has_nobody] == [
        "email",
        "webhook",
        "sms",
    ]
    text = browse(officer).get(PAGE).content.decode()
    assert [text.count(word) for word in ("没有地址", "还没有发送过", "只作备用")] == [3, 2, 1]
    assert text.count("正常发送") == 2, "all of them, and the one that sent"


def test_what_leaves_later_keeps_nobody_waiting(city, officer, browse):
    DeliveryFactory(next_at=clock.now() + timedelta(hours=9))
    lines = {line.channel: line for line, _form in browse(officer).get(PAGE).context["lines"]}
    assert (lines["email"].waiting, lines["email"].oldest) == (1, None)


@pytest.mark.parametrize("person", ["officer", "system_admin"])
def test_one_channel_is_held_and_released_with_a_reason(request, city, person, browse):
    client = browse(request.getfixturevalue(person))
    page = switch(client, "email", "hold").content.decode()
    assert "电子邮件已暂停发送。" in page
    assert f"由{request.getfixturevalue(person)}暂停" in page
    assert "原因：更换服务器" in page
    assert ChannelSetting.of("email").is_held
    assert AuditEntry.objects.get(verb="channel.hold").after == {"note": "更换服务器"}
    assert "这个渠道已经暂停。" in switch(client, "email", "hold").content.decode()
    assert "电子邮件已恢复发送。" in switch(client, "email", "release").content.decode()
    assert not ChannelSetting.of("email").is_held


def test_all_is_held_and_released_with_a_reason(city, officer, browse):
    client = browse(officer)
    page = switch(client, "all", "hold").content.decode()
    assert "全部渠道已暂停发送。" in page
    assert (Engine.current().held_by, Engine.current().held_note) == ("hand", "更换服务器")
    assert "恢复发送" in page
    assert f"由{officer}（{officer.username}）暂停" in page
    assert "随全部渠道暂停" in page
    assert "正常发送" not in page, "what the page says of each agrees with what it says of all"
    switch(client, "all", "release", "换好了")
    assert Engine.current().held_by == ""
    assert AuditEntry.objects.get(verb="reminders.release").after == {"note": "换好了"}


def test_no_reason_no_hold(city, officer, browse):
    answer = switch(browse(officer), "email", "hold", "")
    assert (answer.status_code, "填写“原因”" in answer.content.decode()) == (422, True)
    assert not ChannelSetting.of("email").is_held


def test_a_reason_that_is_too_long_is_named(city, officer, browse):
    answer = switch(browse(officer), "email", "hold", "长" * 212)
    assert answer.status_code == 422
    assert "“原因”超出上限12字，压缩到200字以内" in answer.content.decode()


def test_every_short_text_says_by_how_much_it_is_too_long():
    class Written(Form):
        name = forms.CharField(label="名称", max_length=3)

    form = Written({"name": "一二三四"})
    assert form.errors["name"] == ["“名称”现有4字，压缩到3字以内"]
    assert Written({"name": ""}).errors["name"] == ["填写“名称”"]


@pytest.mark.parametrize(("channel", "act"), [("pigeon", "hold"), ("email", "burn")])
def test_what_no_page_of_ours_sends_is_not_found(city, officer, browse, channel, act):
    assert switch(browse(officer), channel, act).status_code == 404


def test_where_two_bureaus_share_the_system_its_administrator_holds(
    city, officer, system_admin, browse
):
    make_city("210100", "别市")
    services.hold_channel("sms", by=system_admin, note="更换网关")
    page = browse(officer).get(PAGE).content.decode()
    assert "由系统管理员暂停和恢复" in page
    assert "起暂停</span><span" in page, "why and since when, and not by whom"
    assert f"由{system_admin}暂停" not in page
    assert switch(browse(officer), "all", "hold").status_code == 403
    assert switch(browse(system_admin), "all", "hold").status_code == 200
    assert Engine.current().held_by == "hand"


def test_nobody_else_sees_it(cast, browse):
    shown = {name for name, user in cast.items() if browse(user).get(PAGE).status_code == 200}
    assert shown == {"officer", "foreigner", "system_admin"}


def test_it_costs_the_same_with_many_messages(city, officer, browse, django_assert_max_num_queries):
    for _number in range(5):
        DeliveryFactory()
    client = browse(officer)
    client.get(PAGE)
    with django_assert_max_num_queries(12):
        client.get(PAGE)
