"""Entering addresses of groups and of persons, and trying them out, by service and by page."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from core import clock
from core.errors import MoveNotAllowed, PermissionRefused, Refused
from core.models import AuditEntry
from reminders.models import Endpoint
from reminders.services import endpoints
from tests.factories.core import OutboundGateFactory
from tests.reminders.channels import open_gate
from tests.reminders.providers import KEY, SIGN, drop, provider

pytestmark = pytest.mark.django_db
PASTED = {
    "wecom_robot": f"/cgi-bin/webhook/send?key={KEY}",
    "dingtalk_robot": f"/robot/send?access_token={KEY}",
    "feishu_robot": f"/open-apis/bot/v2/hook/{KEY}",
    "webhook": "/hook",
}


@pytest.fixture
def far():
    with provider() as made:
        yield made


@pytest.fixture
def add(far, city, data_officer):
    open_gate(far)

    def added(channel="dingtalk_robot", **facts):
        facts = {
            "unit": city.department,
            "channel": channel,
            "name": "数据专班群",
            "url": far.url + PASTED.get(channel, "/"),
            "sign": SIGN,
            "by": data_officer,
        } | facts
        return endpoints.add_group(**facts)

    return added


@pytest.mark.parametrize("channel", PASTED)
def test_what_the_providers_page_shows_is_taken_apart_and_its_key_sealed(channel, add, far):
    row = add(channel)
    assert KEY not in row.address + json.dumps(row.config)
    assert KEY not in str(row.secret)
    assert endpoints.send_test(row, by=_someone(row)) == ""
    assert "【测试】" in far.taken[0]
    entry = AuditEntry.objects.get(verb="endpoint.add")
    assert KEY not in json.dumps(entry.after)


def _someone(row):
    return row.unit.memberships.filter(role="data_officer").first().user


def test_two_groups_of_one_provider_are_two_and_the_same_one_is_one(add, far):
    add()
    add(url=f"{far.url}/robot/send?access_token=another", name="另一个群")
    with pytest.raises(ValidationError, match="已经登记：数据专班群"):
        add(name="又一个")
    assert Endpoint.rows.count() == 2


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"url": "https://oapi.dingtalk.com/robot/send?access_token=x"}, "没有批准对外连接"),
        ({"url": "not an address"}, "地址写成https"),
        ({"url": "{}/robot/send"}, "完整粘贴"),
        ({"url": "{}/robot/send?key=x"}, "完整粘贴"),
        ({"channel": "feishu_robot", "url": "{}/"}, "完整粘贴"),
        ({"channel": "sms"}, "选择群机器人"),
    ],
    ids=str,
)
def test_what_is_no_address_of_this_channel_is_refused_in_words(facts, said, add, far):
    if "{}" in facts.get("url", ""):
        facts = facts | {"url": facts["url"].format(far.url)}
    if facts.get("channel") == "sms":
        facts = facts | {"url": far.url}
    with pytest.raises(ValidationError, match=said):
        add(**facts)


def test_an_address_belongs_to_the_provider_of_its_channel_and_to_one_group(add, far):
    OutboundGateFactory(host="qyapi.weixin.qq.com", port=443)
    url = f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}"
    with pytest.raises(ValidationError, match="飞书群机器人的地址以https://open"):
        add("feishu_robot", url=url)
    add("wecom_robot", url=url)
    with pytest.raises(ValidationError, match="已经登记：数据专班群"):
        add("webhook", url=url)


def test_nobody_enters_a_group_for_another_body(add, stranger):
    with pytest.raises(PermissionRefused):
        add(by=stranger)


def test_the_bureau_enters_one_for_itself_and_for_a_unit(add, city, officer):
    assert add(by=officer).unit == city.department
    assert add("wecom_robot", by=officer, unit=city.bureau).unit == city.bureau


def test_a_webhook_without_a_secret_gets_one_and_it_is_shown_on_record(add, data_officer, far):
    row = add("webhook", sign="")
    secret = endpoints.revealed_secret(row, by=data_officer)
    assert len(secret) >= 40
    assert AuditEntry.objects.filter(verb="endpoint.reveal", actor_id=data_officer.pk).exists()
    with pytest.raises(Refused, match="群机器人页面"):
        endpoints.revealed_secret(add(), by=data_officer)


def test_an_address_is_closed_and_opened_once(add, data_officer, stranger):
    row = add()
    assert not endpoints.set_endpoint_active(row, is_active=False, by=data_officer).is_active
    with pytest.raises(MoveNotAllowed):
        endpoints.set_endpoint_active(row, is_active=False, by=data_officer)
    assert endpoints.set_endpoint_active(row, is_active=True, by=data_officer).is_active
    with pytest.raises(PermissionRefused):
        endpoints.set_endpoint_active(row, is_active=False, by=stranger)


def test_a_test_that_fails_says_why_and_keeps_it_until_one_succeeds(add, data_officer, far):
    row = add()
    far.faults.append(drop)
    assert "连接断了" in endpoints.send_test(row, by=data_officer)
    row.refresh_from_db()
    assert "连接断了" in row.last_error
    assert endpoints.send_test(row, by=data_officer) == ""
    row.refresh_from_db()
    assert row.last_error == ""


def test_two_tests_a_minute_and_no_third(add, data_officer):
    row = add()
    endpoints.send_test(row, by=data_officer)
    endpoints.send_test(row, by=data_officer)
    with pytest.raises(Refused, match="一分钟内最多试发2次"):
        endpoints.send_test(row, by=data_officer)
    try:
        clock.shift(timedelta(seconds=61))
        assert endpoints.send_test(row, by=data_officer) == ""
    finally:
        clock.shift(timedelta())


# --- pages ---------------------------------------------------------------------------------------


def test_the_page_enters_tries_and_closes(city, far, data_officer, browse):
    open_gate(far)
    person = browse(data_officer)
    facts = {
        "unit": city.department.code,
        "channel": "dingtalk_robot",
        "name": "数据专班群",
        "url": far.url + PASTED["dingtalk_robot"],
        "sign": SIGN,
    }
    answer = person.post("/endpoints/", facts, follow=True)
    assert "已登记钉钉群机器人 数据专班群" in answer.text
    row = Endpoint.rows.get(channel="dingtalk_robot")
    assert KEY not in answer.text
    assert "测试消息已送到" in person.post(f"/endpoints/{row.pk}/test/", follow=True).text
    far.code(errcode=310000, errmsg="keywords not in content")
    assert "keywords not in content" in person.post(f"/endpoints/{row.pk}/test/", follow=True).text
    assert "一分钟内最多" in person.post(f"/endpoints/{row.pk}/test/", follow=True).text
    assert "已停用" in person.post(f"/endpoints/{row.pk}/close/", follow=True).text
    assert "已启用" in person.post(f"/endpoints/{row.pk}/open/", follow=True).text
    assert "到群机器人页面查看" in person.post(f"/endpoints/{row.pk}/secret/", follow=True).text


def test_the_secret_of_a_webhook_is_shown_once(city, far, data_officer, browse):
    open_gate(far)
    facts = {"channel": "webhook", "name": "督办系统", "url": far.url + "/hook", "sign": SIGN}
    person = browse(data_officer)
    person.post("/endpoints/", facts | {"unit": city.department.code})
    row = Endpoint.rows.get(channel="webhook")
    assert SIGN not in person.get("/endpoints/").text
    assert SIGN in person.post(f"/endpoints/{row.pk}/secret/", follow=True).text
    assert SIGN not in person.get("/endpoints/").text


def test_faults_stay_at_their_fields(city, data_officer, browse):
    person = browse(data_officer)
    facts = {"unit": city.department.code, "channel": "webhook", "name": "", "url": "x"}
    answer = person.post("/endpoints/", facts)
    assert (answer.status_code, "填写“名称”" in answer.text) == (422, True)
    answer = person.post("/endpoints/", facts | {"name": "督办系统"})
    assert (answer.status_code, "地址写成https" in answer.text) == (422, True)
    other = facts | {"unit": city.district.code, "name": "督办系统"}
    assert person.post("/endpoints/", other).status_code == 422


def test_a_unit_sees_its_own_groups_and_the_bureau_those_of_its_programme(
    add, browse, data_officer, officer, stranger, foreigner
):
    row = add()
    seen = {
        name: row.name in browse(user).get("/endpoints/").text
        for name, user in (
            ("own", data_officer),
            ("bureau", officer),
            ("stranger", stranger),
            ("foreigner", foreigner),
        )
    }
    assert seen == {"own": True, "bureau": True, "stranger": False, "foreigner": False}
    assert browse(stranger).post(f"/endpoints/{row.pk}/test/").status_code == 404
