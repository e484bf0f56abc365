"""Addresses, messages and open gates for tests of the channels."""

import hashlib
import json

from reminders.channels import Message, adapter_of
from reminders.models import ChannelSetting
from tests.factories.core import OutboundGateFactory
from tests.factories.reminders import EndpointFactory
from tests.reminders.providers import KEY, SIGN

ROBOTS = ("wecom_robot", "dingtalk_robot", "feishu_robot")
APPLICATIONS = ("wecom_app", "feishu_app")
CONFIG = {
    "wecom_app": {"corp_id": "ww1", "agent_id": "1000002"},
    "feishu_app": {"app_id": "cli_1"},
}


def message(key="email:7:2022-04-15:1", *, count=2, title="", lines=None, url=""):
    lines = (
        [f"第{place}项任务4月29日截止" for place in range(1, min(count, 7) + 1)]
        if lines is None
        else lines
    )
    return Message(
        key=key,
        digest=hashlib.sha256(key.encode()).hexdigest()[:32],
        title=title or f"【履职提醒】{count}件待办",
        lines=lines,
        text="王芳：\n" + "\n".join(lines),
        short=f"{count}件待办 https://portal.example/inbox/",
        url=url or "https://portal.example/inbox/",
        preferences="https://portal.example/me/notify/",
        count=count,
        language="zh-hans",
    )


def open_gate(server):
    return OutboundGateFactory(
        host="127.0.0.1", port=server.port, networks="127.0.0.1", is_plain=True
    )


def set_account(channel, **config):
    """The portal's account at the provider, as if somebody had entered it."""
    row = ChannelSetting.of(channel)
    row.config, row.secret = {**config, **CONFIG[channel]}, "app-secret"
    row.save()


def address_at(server, channel, **facts):
    """An address of the channel at the provider, with its gate open and its account set."""
    open_gate(server)
    if channel in APPLICATIONS:
        set_account(channel, base=server.url)
        return EndpointFactory(channel=channel, address="zhang.san", **facts)
    secret = {"key": SIGN} if channel == "webhook" else {"key": KEY, "sign": SIGN}
    return EndpointFactory(
        channel=channel,
        user=None,
        address=f"{channel}#{server.port}",
        config={"url": server.url + server.PATHS[channel]},
        secret=json.dumps(secret),
        **facts,
    )


def send(endpoint, said):
    """Give one message to the channel's provider, over a line of its own."""
    adapter = adapter_of(endpoint.channel)
    adapter.open()
    try:
        return adapter.send(endpoint, said)
    finally:
        adapter.close()
