"""Each channel against a provider that enforces its rules: what arrives, and in which words."""

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest

from reminders.channels import Refused, TryLater, adapter_of
from reminders.channels.texts import cut, group_text
from reminders.services.claiming import RETRY_AFTER
from tests.factories.reminders import EndpointFactory
from tests.reminders.channels import APPLICATIONS, ROBOTS, address_at, message, send
from tests.reminders.providers import KEY, SIGN, provider

pytestmark = pytest.mark.django_db
ALL = (*ROBOTS, *APPLICATIONS, "webhook")


@pytest.mark.parametrize("channel", ALL)
def test_the_provider_takes_what_it_is_given(channel):
    with provider() as far:
        send(address_at(far, channel), message())
        assert len(far.taken) == 1
        assert "2件待办" in far.taken[0]


@pytest.mark.parametrize("channel", [*ROBOTS, *APPLICATIONS])
def test_a_text_says_the_items_and_the_page_and_greets_nobody(channel):
    with provider() as far:
        send(address_at(far, channel), message(count=2))
        text = far.taken[0]
    assert text.startswith("【履职提醒】2件待办\n1. 第1项任务4月29日截止\n2. 第2项")
    assert "查看：https://portal.example/inbox/" in text
    assert "王芳" not in text


@pytest.mark.parametrize("channel", [*ROBOTS, *APPLICATIONS])
def test_a_text_that_is_too_long_loses_whole_lines_and_says_how_many(channel):
    lines = ["落实《首席数据官制度试点实施方案》四（三）2：" + "推进数据共享应用" * 400] * 7
    with provider() as far:
        send(address_at(far, channel), message(count=9, lines=lines))
        text = far.taken[0]
    assert "\ufffd" not in text
    assert "另有" in text
    assert text.splitlines()[-1].startswith(("查看：", "编号："))


@pytest.mark.parametrize("limit", range(200, 1200, 37))
def test_no_text_is_over_its_limit_and_the_numbers_add_up(limit):
    said = message(count=9, lines=["数据共享" * 12] * 7)
    text = group_text(said, limit)
    assert len(text.encode()) <= limit
    shown = sum(line[:1].isdigit() for line in text.splitlines())
    assert f"另有{9 - shown}件" in text


def test_a_line_that_says_itself_how_many_more_there_are_is_no_item():
    said = message(count=9, lines=[*["数据共享"] * 7, "另有2件"])
    assert "7. 数据共享\n另有2件\n查看：" in group_text(said, 2048)
    assert "8." not in group_text(said, 2048)


def test_what_fits_says_nothing_of_others():
    assert "另有" not in group_text(message(count=3), 2048)


@pytest.mark.parametrize("limit", range(3, 13))
def test_a_text_is_cut_between_characters(limit):
    found = cut("数据官abc政务", limit)
    assert len(found.encode()) <= limit
    assert found.endswith("…")
    assert cut("数据官", 9) == "数据官"


@pytest.mark.parametrize("channel", ROBOTS)
def test_a_robot_whose_key_is_wrong_is_refused_for_good(channel):
    with provider() as far:
        endpoint = address_at(far, channel)
        endpoint.secret = json.dumps({"key": "another", "sign": SIGN})
        with pytest.raises(Refused) as error:
            send(endpoint, message())
    assert KEY not in str(error.value)
    assert "another" not in str(error.value)


@pytest.mark.parametrize("channel", [*ROBOTS, "webhook"])
def test_an_address_that_cannot_be_read_leaves_no_doubt(channel):
    with provider() as far:
        endpoint = address_at(far, channel)
        for secret in ("{}", "no JSON"):
            endpoint.secret = secret
            with pytest.raises(TryLater, match="没有发送") as error:
                send(endpoint, message())
            assert error.value.is_of_address
        assert far.asked == []


@pytest.mark.parametrize("channel", ["dingtalk_robot", "feishu_robot"])
@pytest.mark.parametrize("sign", ["SEC-wrong", ""])
def test_a_wrong_signature_is_refused_for_good(channel, sign):
    with provider() as far:
        endpoint = address_at(far, channel)
        endpoint.secret = json.dumps({"key": KEY, "sign": sign})
        with pytest.raises(Refused):
            send(endpoint, message())


@pytest.mark.parametrize("channel", ROBOTS)
def test_eighteen_a_minute_are_taken_and_the_provider_bans_whoever_sends_more(channel):
    with provider() as far:
        endpoint = address_at(far, channel)
        adapter = adapter_of(channel)
        assert (adapter.most, adapter.per) == (18, timedelta(minutes=1))
        for number in range(18):
            adapter.send(endpoint, message(f"k:{number}"))
        far.starts = []
        far.most = 0
        with pytest.raises(TryLater) as error:
            adapter.send(endpoint, message("k:19"))
        assert error.value.retry_after >= timedelta(minutes=1)


def test_dingtalk_is_left_alone_for_as_long_as_its_ban_lasts():
    with provider(most=0) as far:
        with pytest.raises(TryLater) as error:
            send(address_at(far, "dingtalk_robot"), message())
    assert error.value.retry_after == timedelta(minutes=10)


# --- webhook and short messages ------------------------------------------------------------------


def test_the_webhook_is_signed_over_its_moment_and_body_and_carries_its_key():
    with provider() as far:
        endpoint = address_at(far, "webhook")
        send(endpoint, message())
        send(endpoint, message())
        asked = far.asked[0]
        assert (len(far.taken), far.dropped) == (1, [message().digest])
    assert json.loads(asked.body) == {
        "id": message().digest,
        "title": "【履职提醒】2件待办",
        "lines": ["第1项任务4月29日截止", "第2项任务4月29日截止"],
        "count": 2,
        "url": "https://portal.example/inbox/",
    }
    assert asked.headers["Idempotency-Key"] == message().digest


def test_a_receiver_with_another_secret_refuses():
    with provider() as far:
        endpoint = address_at(far, "webhook")
        endpoint.secret = json.dumps({"key": "another"})
        with pytest.raises(Refused, match="401"):
            send(endpoint, message())


@pytest.fixture
def phone():
    return EndpointFactory(
        channel="sms", address="138****1234#1", secret=json.dumps({"key": "13800001234"})
    )


def test_a_short_message_is_a_count_and_a_link_and_comes_once(phone, settings, tmp_path):
    settings.SMS_FILE_PATH = str(tmp_path / "sms")
    said = message()
    assert send(phone, said) == said.digest
    send(phone, said)
    (path,) = Path(settings.SMS_FILE_PATH).iterdir()
    assert path.read_text().splitlines() == [
        "13800001234",
        "2件待办 https://portal.example/inbox/",
    ]


def test_a_supplier_of_messages_says_itself_how_long_it_knows_a_key():
    adapter = adapter_of("sms")
    assert not adapter.knows_again(timedelta()), "nobody was asked yet"
    adapter.open()
    assert adapter.knows_again(timedelta(hours=72)), "a file is written over"
    assert adapter_of("webhook").knows_again(sum(RETRY_AFTER, timedelta()))


def test_a_number_that_is_no_mobile_is_not_written_to(phone, settings, tmp_path):
    settings.SMS_FILE_PATH = str(tmp_path / "sms")
    for secret in (json.dumps({"key": "95588"}), ""):
        phone.secret = secret
        with pytest.raises(Refused, match="13至19"):
            send(phone, message())
    assert not list(tmp_path.iterdir())


def test_a_folder_that_takes_nothing_is_a_fault_of_ours(phone, settings, tmp_path):
    (tmp_path / "sms").write_text("a file")
    settings.SMS_FILE_PATH = os.fspath(tmp_path / "sms")
    with pytest.raises(TryLater) as error:
        send(phone, message())
    assert error.value.is_ours
    assert "13800001234" not in str(error.value)
