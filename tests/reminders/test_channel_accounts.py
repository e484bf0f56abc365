"""The portal's own account in 企业微信 and 飞书: entered on the settings page, its secret never seen again;
without it a channel is 未配置 and nobody is told anything by it."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from core import clock
from core.errors import Refused
from core.models import AuditEntry
from reminders import services, signs
from reminders.models import ChannelSetting, ChannelToken, Endpoint
from reminders.services import bundling, endpoints
from tests.factories.core import OutboundGateFactory
from tests.factories.reminders import ChannelSettingFactory, ChannelTokenFactory, EndpointFactory
from tests.reminders.channels import set_account
from tests.reminders.providers import provider

pytestmark = pytest.mark.django_db
WECOM = {"corp_id": "ww1a2b3c4d5e6f7a8b", "agent_id": "1000002"}
SECRET = "wecom-Secret-7f3a9"
FLAGS = {"is_enabled": "on", "on_uncertain": "resend"}
PAGE, OWN = "/settings/channels/wecom_app/", "/endpoints/own/"
API = "/api/v1/endpoints/"


@pytest.fixture
def gate(db):
    return OutboundGateFactory(host="qyapi.weixin.qq.com", port=443)


def typed(version=0, **facts):
    return FLAGS | {"version": version or ChannelSetting.of("wecom_app").version} | facts


def entered(by, **facts):
    return services.set_channel("wecom_app", by=by, **{"config": WECOM, "secret": SECRET} | facts)


def faults_of(by, channel="wecom_app", **facts):
    with pytest.raises(ValidationError) as refused:
        services.set_channel(channel, by=by, **facts)
    return refused.value.message_dict


def test_the_account_is_entered_on_the_page_and_its_secret_never_comes_back(
    gate, browse, system_admin, security_admin, auditor
):
    client = browse(system_admin)
    assert "未配置：缺少企业ID" in client.get(PAGE).text
    answer = client.post(PAGE, typed(**WECOM, secret=SECRET), follow=True)
    assert "企业微信应用消息已保存" in answer.text
    row = ChannelSetting.of("wecom_app")
    assert (row.config, row.secret.reveal(), row.missing) == (WECOM, SECRET, [])
    assert SECRET not in row.secret.token
    page = client.get(PAGE).text
    for part in ("已设置，留空则不改", "ww1a2b3c4d5e6f7a8b", "1000002"):
        assert part in page
    wrong = client.post(PAGE, typed(**WECOM | {"agent_id": "x"}, secret="another-Secret-1"))
    assert (wrong.status_code, "another-Secret-1" in wrong.text) == (422, False)
    client.post(PAGE, typed(**WECOM, secret=""))
    assert ChannelSetting.of("wecom_app").secret.reveal() == SECRET, "blank leaves it as it is"
    kept = json.dumps(list(AuditEntry.objects.values("before", "after")))
    assert "ww1a2b3c4d5e6f7a8b" in kept
    pages = [client.get(path).text for path in (PAGE, "/settings/channels/")]
    pages += [browse(auditor).get("/audit/").text, kept, page, answer.text]
    assert not [text for text in pages if SECRET in text]
    first, *_others, last = AuditEntry.objects.filter(verb="channel.set").order_by("id")
    assert (first.after["agent_id"], first.after["secret_changed"]) == ("1000002", True)
    assert last.after == {"secret_changed": False}


def test_what_is_written_wrongly_is_said_with_how_to_mend_it(gate, system_admin):
    for change, part, said in (
        ({"corp_id": "abc"}, "corp_id", "以ww或wx开头"),
        ({"corp_id": ""}, "corp_id", "填写“企业ID（corp_id）”"),
        ({"agent_id": "10a"}, "agent_id", "只写数字"),
        ({"base": "x" * 201}, "base", "太长"),
        ({"base": "qyapi"}, "base", "http"),
        ({"base": "https://wx.example.gov.cn"}, "base", "还没有批准对外连接"),
        ({"base": "https://qyapi.weixin.qq.com?a=1"}, "base", "不带问号"),
        ({"colour": "red"}, "__all__", "没有这一项"),
    ):
        faults = faults_of(system_admin, config=WECOM | change, secret=SECRET)
        assert list(faults) == [part], change
        assert said in faults[part][0], change
    for secret, said in (("", "填写“应用密钥"), ("a b c d e f", "没有空格"), ("短", "8至200")):
        assert said in faults_of(system_admin, config=WECOM, secret=secret)["secret"][0]
    faults = faults_of(system_admin, "feishu_app", config={"app_id": "x"}, secret=SECRET)
    assert "cli_" in faults["app_id"][0]
    assert "没有这一项" in str(faults_of(system_admin, "email", config=WECOM))
    assert not ChannelSetting.objects.exclude(config={}).exists()


def test_a_private_installation_writes_its_ids_as_it_likes(system_admin):
    OutboundGateFactory(host="wx.example.gov.cn", port=443)
    config = {"corp_id": "sjj-1", "agent_id": "7", "base": "https://wx.example.gov.cn"}
    assert entered(system_admin, config=config).config == config


def test_an_account_that_moves_needs_its_secret_anew(gate, system_admin):
    entered(system_admin)
    OutboundGateFactory(host="wx.example.gov.cn", port=443)
    for change in ({"base": "https://wx.example.gov.cn"}, {"agent_id": "1000003"}):
        faults = faults_of(system_admin, config=WECOM | change, secret="")
        assert "重新填写“应用密钥" in faults["secret"][0]
    OutboundGateFactory(host="open.feishu.cn", port=443)
    for change, secret in (({}, SECRET), ({"id_type": "open_id"}, "")):
        config = {"app_id": "cli_a1b2c3", **change}
        row = services.set_channel("feishu_app", by=system_admin, config=config, secret=secret)
    assert (row.config["id_type"], row.secret.reveal()) == ("open_id", SECRET)


def test_what_the_old_account_ran_into_is_tried_with_the_new_one(gate, system_admin):
    since = clock.now() - timedelta(hours=1)
    ChannelSettingFactory(channel="wecom_app", failing_since=since, last_error="40001")
    ChannelTokenFactory(channel="wecom_app")
    row = entered(system_admin)
    assert (row.failing_since, row.last_error) == (None, "")
    assert not ChannelToken.objects.exists()


def test_an_account_is_taken_away_with_its_secret(gate, system_admin):
    entered(system_admin)
    gate.delete()
    row = services.set_channel("wecom_app", by=system_admin, is_fallback=True)
    assert row.config == WECOM, "flags change without the place being asked for again"
    row = services.set_channel("wecom_app", by=system_admin, config={"corp_id": ""}, secret="")
    assert (row.config, row.secret, len(row.missing)) == ({}, None, 3)
    assert AuditEntry.objects.filter(verb="channel.set").last().after["secret_changed"]


def test_nobody_but_the_system_administrator_enters_an_account(gate, cast, city, browse):
    may = set()
    for name, user in cast.items():
        answer = browse(user).post(PAGE, typed(**WECOM, secret=SECRET))
        may |= {name} if answer.status_code == 302 else set()
    assert may == {"system_admin"}


def test_a_channel_without_its_account_reaches_nobody_and_says_so(
    city, officer, system_admin, data_officer, browse, api, settings
):
    row = EndpointFactory(user=data_officer, channel="wecom_app", address="zhang.san")
    assert "wecom_app" not in bundling.planned_channels()
    with pytest.raises(ValidationError, match="未配置，不能登记。请系统管理员"):
        endpoints.add_own(user=data_officer, channel="wecom_app", address="li.si")
    endpoints.set_endpoint_active(row, is_active=False, by=data_officer)
    with pytest.raises(Refused, match="未配置，不能登记"):
        endpoints.set_endpoint_active(row, is_active=True, by=data_officer)
    facts = {"channel": "feishu_app", "address": "ou_1"}
    key = {"Idempotency-Key": "one-own-account"}
    refused = api(data_officer).post(API, facts, format="json", headers=key)
    assert (refused.status_code, "未配置" in refused.text) == (422, True)
    Endpoint.rows.filter(pk=row.pk).update(is_active=True)
    assert "缺少企业ID" in endpoints.send_test(row, by=data_officer)
    page = browse(data_officer).get(OWN).text
    assert "渠道未配置" in page
    assert "企业微信应用消息、飞书应用消息未配置，不能登记" in page
    assert 'value="wecom_app"' not in page
    assert browse(data_officer).post(OWN, facts).status_code == 422
    for user, path in ((officer, "/deliveries/channels/"), (system_admin, "/settings/channels/")):
        assert browse(user).get(path).text.count("未配置") == 2, path
    since = clock.now() - timedelta(hours=1)
    ChannelSettingFactory(channel="wecom_app", failing_since=since, last_error="x")
    ChannelSettingFactory(channel="email", failing_since=since, last_error="y")
    assert signs.current().failing == {"email": "y"}
    set_account("wecom_app")
    assert set(signs.current().failing) == {"email", "wecom_app"}
    assert "wecom_app" in bundling.planned_channels()


class Supplier:
    @staticmethod
    def missing():
        return ["SMS_KEY"]


def test_a_supplier_of_short_messages_says_what_it_lacks(settings, data_officer):
    assert ChannelSetting.of("sms").missing == []
    settings.SMS_BACKEND = f"{__name__}.Supplier"
    assert ChannelSetting.of("sms").missing == ["SMS_KEY"]
    with pytest.raises(ValidationError, match="短信未配置"):
        endpoints.add_own(user=data_officer, channel="sms", address="13800001234")


def test_a_test_is_sent_from_the_page_of_the_channel(browse, system_admin):
    with provider() as far:
        OutboundGateFactory(host="127.0.0.1", port=far.port, networks="127.0.0.1", is_plain=True)
        config = {**WECOM, "base": far.url}
        client = browse(system_admin)
        client.post(PAGE, typed(**config, secret="app-secret"))
        assert "先登记本人的账号" in client.get(PAGE).text
        row = endpoints.add_own(user=system_admin, channel="wecom_app", address="zhang.san")
        assert f"/endpoints/{row.pk}/test/" in client.get(PAGE).text
        client.post(f"/endpoints/{row.pk}/test/")
        assert len(far.taken) == 1
