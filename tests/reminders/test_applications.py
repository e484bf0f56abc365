"""The portal's own application in 企业微信 and 飞书: its account, its token, and one person each."""

from datetime import timedelta

import pytest

from core import clock
from reminders.channels import Refused, TryLater, adapter_of
from reminders.models import ChannelSetting, ChannelToken
from reminders.services import endpoints
from tests.reminders.channels import APPLICATIONS, address_at, message, send
from tests.reminders.providers import drop, provider

pytestmark = pytest.mark.django_db


def test_an_address_that_is_several_people_or_everybody_is_not_written_to():
    for channel in APPLICATIONS:
        with provider() as far:
            far.users |= {"@all", "zhang.san|li.si"}
            endpoint = address_at(far, channel)
            for endpoint.address in ("@all", "@ALL", "zhang.san|li.si", "", "li si"):
                with pytest.raises(Refused, match="只填本人一个账号"):
                    send(endpoint, message())
            assert far.asked == []


@pytest.mark.parametrize("channel", APPLICATIONS)
def test_one_token_serves_many_messages_and_lies_sealed(channel):
    with provider() as far:
        endpoint = address_at(far, channel)
        for number in range(3):
            assert send(endpoint, message(f"k:{number}"))
        assert far.bought == 1
        row = ChannelToken.objects.get(channel=channel)
        assert str(row) == row.get_channel_display()
        assert row.token.reveal() == "t-1"
        assert "t-1" not in str(row.token)
        assert row.until > clock.now() + timedelta(minutes=100)


@pytest.mark.parametrize("channel", APPLICATIONS)
def test_a_token_that_is_over_is_bought_anew_once(channel):
    with provider() as far:
        endpoint = address_at(far, channel)
        send(endpoint, message("k:1"))
        far.tokens.clear()
        send(endpoint, message("k:2"))
        assert (far.bought, len(far.taken)) == (2, 2)
        assert ChannelToken.objects.get().token.reveal() == "t-2"


@pytest.mark.parametrize("channel", APPLICATIONS)
def test_a_token_that_stays_refused_is_no_endless_round(channel):
    with provider() as far:
        endpoint = address_at(far, channel)
        stale = 42001 if channel == "wecom_app" else 99991663
        ChannelToken.keep(channel, "old", clock.now() + timedelta(hours=1))
        far.code(errcode=stale, code=stale)
        far.code(errcode=0, code=0, access_token="x", tenant_access_token="x", expires_in=7200)
        far.code(errcode=stale, code=stale)
        with pytest.raises(TryLater) as error:
            send(endpoint, message())
        assert error.value.is_ours
        assert len(far.asked) == 3


@pytest.mark.parametrize("channel", APPLICATIONS)
def test_a_second_copy_of_one_delivery_is_dropped_by_the_provider(channel):
    with provider() as far:
        endpoint = address_at(far, channel)
        send(endpoint, message())
        send(endpoint, message())
        assert (len(far.taken), len(far.dropped)) == (1, 1)
        send(endpoint, message(lines=["第2项任务4月29日截止"]))  # the other was done meanwhile
        knows = adapter_of(channel).knows_again(timedelta(minutes=59))
        assert knows == (channel == "feishu_app")
        assert (len(far.taken), len(far.dropped)) == ((1, 2) if knows else (2, 1))
        assert not adapter_of(channel).knows_again(timedelta(minutes=61))


def test_two_deliveries_with_the_same_words_are_two_for_wecom():
    with provider() as far:
        endpoint = address_at(far, "wecom_app")
        send(endpoint, message("k:1"))
        send(endpoint, message("k:2"))
        assert len(far.taken) == 2


@pytest.mark.parametrize("channel", APPLICATIONS)
def test_somebody_whom_the_provider_does_not_know_is_refused_for_good(channel):
    with provider() as far:
        endpoint = address_at(far, channel)
        endpoint.address = "nobody"
        with pytest.raises(Refused):
            send(endpoint, message())


def test_somebody_without_a_licence_there_did_not_get_it():
    with provider() as far:
        endpoint = address_at(far, "wecom_app")
        send(endpoint, message("k:1"))
        far.code(errcode=0, errmsg="ok", unlicenseduser="zhang.san", msgid="m2")
        with pytest.raises(Refused, match="接口许可（unlicenseduser），由企业微信管理员分配"):
            send(endpoint, message("k:2"))


@pytest.mark.parametrize("channel", APPLICATIONS)
def test_a_wrong_application_secret_is_a_fault_of_ours(channel):
    with provider() as far:
        endpoint = address_at(far, channel)
        row = ChannelSetting.objects.get(channel=channel)
        row.secret = "wrong"
        row.save()
        with pytest.raises(TryLater) as error:
            send(endpoint, message())
    assert error.value.is_ours
    assert "wrong" not in str(error.value)


@pytest.mark.parametrize("channel", APPLICATIONS)
@pytest.mark.parametrize("missing", ["config", "secret"])
def test_an_application_without_its_account_is_a_fault_of_ours(channel, missing):
    with provider() as far:
        endpoint = address_at(far, channel)
        row = ChannelSetting.objects.get(channel=channel)
        if missing == "config":
            row.config = {"base": far.url}
        else:
            row.secret = None
        row.save()
        with pytest.raises(TryLater) as error:
            send(endpoint, message())
    assert error.value.is_ours


def test_the_public_providers_are_asked_where_nobody_set_a_base():
    assert adapter_of("wecom_app").base == "https://qyapi.weixin.qq.com"
    assert adapter_of("feishu_app").base == "https://open.feishu.cn"


def test_an_application_whose_number_is_none_leaves_no_doubt_and_says_what_is_wrong():
    with provider() as far:
        endpoint = address_at(far, "wecom_app")
        row = ChannelSetting.objects.get(channel="wecom_app")
        row.config |= {"agent_id": "abc"}
        row.save()
        with pytest.raises(TryLater, match="应用编号（agent_id）不是数字") as error:
            send(endpoint, message())
        assert error.value.is_ours
        assert "agent_id" in endpoints.send_test(endpoint, by=endpoint.user)
        assert far.asked == []


def test_a_token_that_cannot_be_bought_leaves_no_doubt():
    with provider() as far:
        endpoint = address_at(far, "wecom_app")
        sold = {"errcode": 0, "access_token": "t", "expires_in": "soon"}
        far.faults.append(drop)
        far.raw(500, b"<html>")
        far.code(**sold)
        for said in ("连接断了", "不是JSON|HTTP 500", "没有发送"):
            with pytest.raises(TryLater, match=said) as error:
                send(endpoint, message())
            assert error.value.is_ours
        assert far.taken == []
