"""Every fault of a peer ends in the right state (reliability.md A10): one row a fault.

`retry` waits in the table, `failed` is told to people, `sent` is done; a `?` says that the peer may have
had it. The number is the least pause in seconds.
"""

import json
import threading
from datetime import timedelta

import pytest

from core import clock
from core.models import OutboundGate
from reminders import services
from reminders.channels.http import HttpAdapter
from reminders.models import Delivery
from tests.factories.reminders import (
    DeliveryFactory,
    DeliveryLineFactory,
    EndpointFactory,
    NoticeFactory,
)
from tests.reminders.channels import address_at
from tests.reminders.providers import drop, hang, provider
from tests.reminders.scripted import DROP, HANG, mail_server

pytestmark = pytest.mark.django_db

MAILS = {
    "taken": ({}, "sent"),
    "421 at the door": ({"greet": "421 busy"}, "retry"),
    "554 at the door": ({"greet": "554 no"}, "retry"),
    "silence at the door": ({"greet": HANG}, "retry"),
    "drops at the door": ({"greet": DROP}, "retry"),
    "no STARTTLS": ({"tls": True}, "retry"),
    "535 at the log-in": ({"user": "u", "AUTH": "535 wrong"}, "retry"),
    "454 at the log-in": ({"user": "u", "AUTH": "454 later"}, "retry"),
    "530 for the sender": ({"MAIL": "530 log in first"}, "retry"),
    "451 for the sender": ({"MAIL": "451 later"}, "retry"),
    "drops at the sender": ({"MAIL": DROP}, "retry"),
    "drops at the address": ({"RCPT": DROP}, "retry"),
    "450 for the address": ({"RCPT": "450 mailbox busy"}, "retry"),
    "451 for the address": ({"RCPT": "451 greylisted"}, "retry"),
    "452 for the address": ({"RCPT": "452 full"}, "retry"),
    "550 for the address": ({"RCPT": "550 no such user"}, "failed"),
    "552 for the address": ({"RCPT": "552 over quota"}, "failed"),
    "554 for the address": ({"RCPT": "554 refused"}, "failed"),
    "421 for the text": ({"DATA": "421 closing"}, "retry"),
    "451 after the text": ({"end": "451 later"}, "retry"),
    "452 after the text": ({"end": "452 full"}, "retry"),
    "552 after the text": ({"end": "552 too big"}, "failed"),
    "554 after the text": ({"end": "554 spam"}, "failed"),
    "silence after the text": ({"end": HANG}, "retry?"),
    "drops after the text": ({"end": DROP}, "retry?"),
}


@pytest.mark.parametrize("name", MAILS)
def test_a_mail(name, settings):
    script, state = MAILS[name]
    script = dict(script)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_USE_TLS = script.pop("tls", False)
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = script.pop("user", "")
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT = "127.0.0.1", 0.3
    with mail_server(**script) as (settings.EMAIL_PORT, _taken):
        row = deliver_to(EndpointFactory())
    holds(row, state)


def deliver_to(endpoint):
    """One message to the address, delivered once; the row as it is then."""
    delivery = DeliveryFactory(endpoint=endpoint)
    notice = NoticeFactory(**({"recipient": endpoint.user} if endpoint.user else {}))
    DeliveryLineFactory(delivery=delivery, notice=notice, channel=endpoint.channel)
    services.deliver()
    return Delivery.rows.get(pk=delivery.pk)


def holds(row, expected, pause=5):
    """The state is the one expected, nothing is in limbo, and a fault has its words."""
    doubt = expected.endswith("?")
    assert (row.state, row.is_uncertain) == (expected.rstrip("?"), doubt), row.last_error
    assert (row.owner, row.lease_until) == ("", None)
    assert bool(row.last_error) == (row.state != "sent")
    if row.state == "retry":
        assert row.next_at >= row.started_at + timedelta(seconds=pause)


ROBOTS = ("wecom_robot", "dingtalk_robot", "feishu_robot")
# What any peer that speaks HTTP may do: (status, body, headers) or a deed.
COMMON = {
    "429": ((429, b"", {}), "retry", 5),
    "429 until": ((429, b"", {"Retry-After": "120"}), "retry", 120),
    "429 until a date": ((429, b"", {"Retry-After": "Fri, 15 Apr"}), "retry", 5),
    "503": ((503, b"busy", {}), "retry", 5),
    "503 for days": ((503, b"", {"Retry-After": "999999"}), "retry", 3600),
    "500": ((500, b"", {}), "retry?", 5),
    "502": ((502, b"<html>", {}), "retry?", 5),
    "504": ((504, b"", {}), "retry?", 5),
    "302": ((302, b"", {"Location": "http://127.0.0.1/"}), "failed", 0),
    "403": ((403, b"", {}), "failed", 0),
    "404": ((404, b"", {}), "failed", 0),
    "drops": (drop, "retry?", 5),
}
JSON_ONLY = {
    "no JSON": ((200, b"<html>ok</html>", {}), "retry?", 5),
    "nothing": ((200, b"", {}), "retry?", 5),
    "a list": ((200, b"[]", {}), "retry?", 5),
    "no code": ((200, b"{}", {}), "retry?", 5),
    "endless": ((200, b"x" * 70_000, {}), "retry?", 5),
}
CODES = {
    ("wecom_robot", 93000): ("failed", 0),
    ("wecom_robot", 40058): ("failed", 0),
    ("wecom_robot", 45009): ("retry", 60),
    ("wecom_robot", -1): ("retry", 5),
    ("wecom_robot", 123456): ("retry?", 5),
    ("dingtalk_robot", 310000): ("failed", 0),
    ("dingtalk_robot", 300005): ("failed", 0),
    ("dingtalk_robot", 400102): ("failed", 0),
    ("dingtalk_robot", 430101): ("failed", 0),
    ("dingtalk_robot", 130101): ("retry", 600),
    ("dingtalk_robot", 410100): ("retry", 600),
    ("dingtalk_robot", -1): ("retry", 5),
    ("feishu_robot", 19001): ("failed", 0),
    ("feishu_robot", 19021): ("failed", 0),
    ("feishu_robot", 19024): ("failed", 0),
    ("feishu_robot", 11232): ("retry", 60),
    ("wecom_app", 81013): ("failed", 0),
    ("wecom_app", 60111): ("failed", 0),
    ("wecom_app", 60020): ("retry", 5),
    ("wecom_app", 48002): ("retry", 5),
    ("wecom_app", 45009): ("retry", 60),
    ("wecom_app", -1): ("retry", 5),
    ("feishu_app", 230013): ("failed", 0),
    ("feishu_app", 230029): ("failed", 0),
    ("feishu_app", 230027): ("retry", 5),
    ("feishu_app", 230020): ("retry", 5),
    ("feishu_app", 99991400): ("retry", 5),
}
HTTP = [(channel, name) for channel in (*ROBOTS, "webhook") for name in COMMON] + [
    (channel, name) for channel in ROBOTS for name in JSON_ONLY
]


def test_the_table_has_at_least_forty_rows():
    assert len(MAILS) + len(COMMON) + len(JSON_ONLY) + len(CODES) >= 40


@pytest.mark.parametrize(("channel", "name"), HTTP, ids=str)
def test_an_answer_by_http(channel, name):
    fault, state, pause = (COMMON | JSON_ONLY)[name]
    with provider() as far:
        endpoint = address_at(far, channel)
        if callable(fault):
            far.faults.append(fault)
        else:
            status, body, headers = fault
            far.faults.append((status, headers, body))
        holds(deliver_to(endpoint), state, pause)


@pytest.mark.parametrize(("channel", "code"), CODES, ids=str)
def test_a_code_inside_an_answer_that_looks_well(channel, code):
    state, pause = CODES[channel, code]
    with provider() as far:
        endpoint = address_at(far, channel)
        if channel.endswith("_app"):  # the token comes first, as it should
            far.faults.append(lambda asked: _token(far))
        status = 400 if channel == "feishu_app" else 200
        far.code(status, **{"errcode" if "feishu" not in channel else "code": code})
        holds(deliver_to(endpoint), state, pause)


def test_whoever_reads_the_status_alone_takes_a_refusal_for_a_success(monkeypatch):
    """The control: providers refuse with HTTP 200."""
    monkeypatch.setattr(HttpAdapter, "judge", lambda _adapter, _said: None)
    with provider() as far:
        endpoint = address_at(far, "dingtalk_robot")
        far.code(errcode=310000)
        assert deliver_to(endpoint).state == "sent"
        assert far.taken == []


def _token(far):
    token = far._sold()
    said = {"access_token": token, "tenant_access_token": token, "expires_in": 7200, "expire": 7200}
    return 200, {}, json.dumps({"errcode": 0, "code": 0, **said}).encode()


@pytest.mark.parametrize("channel", ["wecom_app", "feishu_app"])
def test_a_token_that_is_over_costs_nobody_a_message(channel):
    with provider() as far:
        endpoint = address_at(far, channel)
        holds(deliver_to(endpoint), "sent")
        far.tokens.clear()
        holds(deliver_to(endpoint), "sent")


@pytest.mark.parametrize("channel", ["dingtalk_robot", "webhook"])
def test_silence(channel, settings):
    settings.OUTBOUND_TOTAL_SECONDS = 0.3
    release = threading.Event()
    with provider() as far:
        endpoint = address_at(far, channel)
        far.faults.append(hang(release))
        row = deliver_to(endpoint)
        release.set()
    holds(row, "retry?")


@pytest.mark.parametrize("channel", ["dingtalk_robot", "webhook", "wecom_app"])
def test_a_wrong_certificate_hears_nothing_and_is_a_matter_of_ours(channel):
    with provider(name="127.0.0.1") as far:
        endpoint = address_at(far, channel)
        row = deliver_to(endpoint)
        assert far.asked == []
    holds(row, "retry")
    assert "证书不可信" in row.last_error


def test_a_gate_that_was_closed_keeps_the_message():
    with provider() as far:
        endpoint = address_at(far, "dingtalk_robot")
        OutboundGate.objects.update(ended_at=clock.now(), ended_by="安全管理员")
        row = deliver_to(endpoint)
        assert far.asked == []
    holds(row, "retry")
    assert "不在允许连接的地址里" in row.last_error


def test_nobody_there():
    with provider() as far:
        endpoint = address_at(far, "webhook")
    holds(deliver_to(endpoint), "retry")


def test_a_provider_that_bans_is_asked_again_when_its_ban_is_over():
    with provider() as far:
        endpoint = address_at(far, "dingtalk_robot")
        far.most = 0
        holds(deliver_to(endpoint), "retry", 600)


def test_no_secret_stands_in_any_fault():
    with provider() as far:
        endpoint = address_at(far, "dingtalk_robot")
        far.faults.append(drop)
        row = deliver_to(endpoint)
    for secret in ("key-6f0c", "SEC-signing-secret", "access_token"):
        assert secret not in row.last_error
