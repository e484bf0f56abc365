"""Short messages: a count and a link, written to a folder.

Every city buys them from another supplier, so this is where one is put in: a subclass that gives the
text to the supplier, named by SMS_BACKEND.
"""

import os
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from ..choices import Channel
from ..models import Endpoint
from .accounts import fault_of
from .base import Adapter, Message, Refused, TryLater, register
from .http import secrets_of


class FileGateway:
    """Writes each message to a file of its own, named by its key: a second copy changes nothing."""

    is_keyed_for = timedelta(days=3)

    def send(self, mobile: str, text: str, key: str) -> str:
        """Raises TryLater when the folder cannot be written. Returns the gateway's reference."""
        folder = Path(settings.SMS_FILE_PATH)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            rough = folder / f".{key}.{os.getpid()}"
            rough.write_text(f"{mobile}\n{text}\n", encoding="utf-8")
            rough.rename(folder / f"{key}.txt")
        except OSError as error:
            raise TryLater(type(error).__name__, is_ours=True) from None
        return key


@register
class SmsAdapter(Adapter):
    """`SMS_BACKEND` names a class with `send(mobile, text, key)`, which raises Refused or TryLater. How
    long the supplier drops a second message with the same key it says as `is_keyed_for`; without that
    it is taken to compare no keys. A static `missing()` may return in words what has to be set yet: until
    then the channel is 未配置."""

    channel = Channel.SMS
    most = 18

    def open(self) -> None:
        self.gateway = import_string(settings.SMS_BACKEND)()
        self.is_keyed_for = getattr(self.gateway, "is_keyed_for", None)

    def send(self, endpoint: Endpoint, message: Message) -> str:
        mobile = secrets_of(endpoint).get("key", "")
        if fault := fault_of(self.channel, mobile):
            raise Refused(fault)
        return self.gateway.send(mobile, message.short, message.digest)
