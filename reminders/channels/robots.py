"""Group robots of 企业微信, 钉钉 and 飞书: an address with a secret in it, and a signature for two of them.

Everybody in the group reads along, and the text lies on a third party's machines: counts, titles of
clauses and links, nothing of persons.
"""

import base64
import hashlib
import hmac
from datetime import timedelta
from urllib.parse import quote

from core import clock

from ..choices import Channel
from ..models import Endpoint
from .base import Message, register
from .http import HttpAdapter, building, secrets_of
from .texts import group_text

BUSY = 60
BANNED = 600  # 钉钉 shuts a robot that is too quick for ten minutes


class RobotAdapter(HttpAdapter):
    """The provider takes 20 messages a minute; two are left for tests by hand."""

    most = 18
    per = timedelta(minutes=1)


@register
class WecomRobot(RobotAdapter):
    """企业微信: 20 a minute, a text of at most 2048 octets."""

    channel = Channel.WECOM_ROBOT
    later = {-1: 5, 45009: BUSY, 45033: 5}
    never = frozenset({40008, 40058, 93000, 93004, 93008, 93017})

    def send(self, endpoint: Endpoint, message: Message) -> str:
        with building(is_of_address=True):
            url = f"{endpoint.config['url']}?key={quote(secrets_of(endpoint)['key'], safe='')}"
            text = {"content": group_text(message, 2048)}
        self.judge(self.ask(url, {"msgtype": "text", "text": text}))
        return ""


@register
class DingtalkRobot(RobotAdapter):
    """钉钉: 20 a minute, else shut for ten; signed with a key beside the token, good for an hour."""

    channel = Channel.DINGTALK_ROBOT
    later = {-1: 5, 130101: BANNED, 410100: BANNED}
    never = frozenset(
        {
            40035,
            300001,
            300005,
            310000,
            400013,
            400101,
            400102,
            400105,
            400106,
            430101,
            430102,
            430103,
            430104,
        }
    )

    def send(self, endpoint: Endpoint, message: Message) -> str:
        with building(is_of_address=True):
            url = _signed(endpoint)
            text = {"content": group_text(message, 18_000)}
        self.judge(self.ask(url, {"msgtype": "text", "text": text}))
        return ""


def _signed(endpoint: Endpoint) -> str:
    secrets = secrets_of(endpoint)
    url = f"{endpoint.config['url']}?access_token={quote(secrets['key'], safe='')}"
    if not secrets.get("sign"):
        return url
    at = str(int(clock.now().timestamp() * 1000))
    sign = signature(secrets["sign"].encode(), f"{at}\n{secrets['sign']}".encode())
    return f"{url}&timestamp={at}&sign={quote(sign, safe='')}"


@register
class FeishuRobot(RobotAdapter):
    """飞书: 100 a minute and 5 a second, a body of at most 20 KB; the signature goes into the body."""

    channel = Channel.FEISHU_ROBOT
    code_names = ("code", "StatusCode")
    later = {9499: BUSY, 11232: BUSY}
    never = frozenset({19001, 19002, 19007, 19021, 19022, 19024})

    def send(self, endpoint: Endpoint, message: Message) -> str:
        with building(is_of_address=True):
            secrets = secrets_of(endpoint)
            url = f"{endpoint.config['url']}/{quote(secrets['key'], safe='')}"
            content = self.content_of(message, secrets.get("sign") or "")
        self.judge(self.ask(url, content))
        return ""

    def content_of(self, message: Message, sign: str) -> dict[str, object]:
        content: dict[str, object] = {
            "msg_type": "text",
            "content": {"text": group_text(message, 18_000)},
        }
        if sign:
            at = str(int(clock.now().timestamp()))
            content["timestamp"] = at
            # The key is the text to be signed and nothing is signed: so the provider wants it.
            content["sign"] = signature(f"{at}\n{sign}".encode(), b"")
        return content


def signature(key: bytes, text: bytes) -> str:
    """HMAC-SHA256 as Base64."""
    return base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
