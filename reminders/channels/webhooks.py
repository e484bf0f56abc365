"""The generic signed webhook: how any other system takes reminders (docs/api.md).

`X-Portal-Signature: v1=<hex of HMAC-SHA256(key, timestamp + "." + body)>`, with the timestamp (seconds)
in X-Portal-Timestamp and the same Idempotency-Key for every copy of one delivery.
"""

import hashlib
import hmac
from datetime import timedelta

from core import clock

from ..choices import Channel
from ..models import Endpoint
from .base import Adapter, Message, register
from .http import JSON, building, encoded, judge_status, reach, secrets_of

VERSION = "v1"


def signed(key: str, at: str, body: bytes) -> str:
    """The value of X-Portal-Signature."""
    found = hmac.new(key.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"{VERSION}={found}"


@register
class WebhookAdapter(Adapter):
    """Any 2xx takes the message, 409 says that it is there already; what the body says is not asked. The
    receiver is told to know a key for as long as the engine tries (docs/api.md)."""

    channel = Channel.WEBHOOK
    is_keyed_for = timedelta(days=3)
    most = 60

    def send(self, endpoint: Endpoint, message: Message) -> str:
        with building(is_of_address=True):
            url, body, headers = self.request_of(endpoint, message)
        answer = reach(url, body=body, headers=headers)
        if not 200 <= answer.status < 300 and answer.status != 409:
            judge_status(answer)
        return ""

    def request_of(self, endpoint: Endpoint, message: Message) -> tuple[str, bytes, dict[str, str]]:
        """(address, body, headers) of the POST."""
        body = encoded(
            {
                "id": message.digest,
                "title": message.title,
                "lines": message.lines,
                "count": message.count,
                "url": message.url,
            }
        )
        at = str(int(clock.now().timestamp()))
        headers = {
            "Content-Type": JSON,
            "Idempotency-Key": message.digest,
            "X-Portal-Timestamp": at,
            "X-Portal-Signature": signed(secrets_of(endpoint)["key"], at, body),
        }
        return endpoint.config["url"], body, headers
