"""What every channel is to the engine: `open()`, `send()` for each message, `close()`.

An adapter lives for one batch of one worker, so that it may keep a connection. It knows its provider's
protocol and nothing of leases, retries or manners. How a message ended is said by what `send` does:

- it returns: the peer took it (the text returned is the peer's own reference, '' when it gives none);
- `Refused`: the peer will never take this message at this address. The delivery fails, the address shows
  the error, another channel of the person is used;
- `TryLater`: the peer did not take it, or the line never came about before the text left. Tried again by
  the engine's table, not before `retry_after`. `is_ours` says that the fault is of our settings (a refused
  log-in, a wrong secret, a blocked gate), `is_of_address` that it is of this one address (a full mailbox)
  and says nothing about the channel;
- anything else that is raised: the text may have left, so the message is tried again and marked
  可能已送达. An answer that nobody understands is such a case.

`open()` raises `TryLater` (or anything else: nothing has left yet, so it is never uncertain).
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar

from ..choices import Channel
from ..models import ChannelSetting, Endpoint


@dataclass(frozen=True)
class Message:
    """One message in words, of one language, without names of others, telephones and scores (ux.md §8).

    `key` is the same for every try of the same delivery, made of [A-Za-z0-9:._-], at most 200
    characters (`digest` is 32 hexadecimal digits of it). `title` is one line, `lines` are the items, at
    most seven, most urgent first and the last perhaps 「另有4件」. `text` is all of it as plain text,
    complete in itself, with `url` (absolute; the page of the one item, else the inbox) and `preferences`
    (absolute; where to switch it off). `short` is a count and a link, for SMS.
    """

    key: str
    digest: str
    title: str
    lines: list[str]
    text: str
    short: str
    url: str
    preferences: str
    count: int
    language: str
    headers: dict[str, str] = field(default_factory=dict)


class DeliveryError(Exception):
    """A peer did not take a message; the text is for the operators, without secrets."""


class Refused(DeliveryError):
    """For good: another try would end the same."""


class TryLater(DeliveryError):
    """Not now. `retry_after`: how long the peer asked to be left alone."""

    def __init__(
        self,
        text: str = "",
        *,
        retry_after: timedelta | None = None,
        is_ours: bool = False,
        is_of_address: bool = False,
    ) -> None:
        super().__init__(text)
        self.retry_after = retry_after
        self.is_ours = is_ours
        self.is_of_address = is_of_address


class Adapter(ABC):
    """One channel. `is_keyed_for`: so long after a message the peer drops a second one with the same
    key, whatever its text is by then, and a resend after doubt is no second copy. None: it compares no
    keys; then, and beyond that time, what the channel's setting says is done.

    At most `most` messages within `per` are begun to one endpoint; the engine sees to that in the
    database (None: as many as there are).
    """

    channel: ClassVar[Channel]
    is_keyed_for: timedelta | None = None
    most: ClassVar[int | None] = None
    per: ClassVar[timedelta] = timedelta(minutes=1)

    def __init__(self, setting: ChannelSetting) -> None:
        self.setting = setting

    def open(self) -> None:  # noqa: B027 - a channel without a line of its own has nothing to open
        """Make the line ready; called once before the first message of a batch and again after a
        message that ended with an exception other than Refused."""

    def knows_again(self, age: timedelta) -> bool:
        """Whether the peer drops a copy of a message that it may have had so long ago. What was tried
        several times may have arrived by the first."""
        return self.is_keyed_for is not None and age <= self.is_keyed_for

    @abstractmethod
    def send(self, endpoint: Endpoint, message: Message) -> str:
        """Give the message to the peer; returns its reference. How it may end: see above."""

    def close(self) -> None:  # noqa: B027 - and nothing to close
        """Called after the batch and after an uncertain end; whatever it raises is only logged."""


_adapters: dict[str, type[Adapter]] = {}


def register(adapter: type[Adapter]) -> type[Adapter]:
    """Class decorator; raises ValueError when the channel has one."""
    if adapter.channel in _adapters:
        raise ValueError(f"Channel {adapter.channel} has two adapters.")
    _adapters[adapter.channel] = adapter
    return adapter


def adapters() -> list[type[Adapter]]:
    """The adapters there are, in the order of the channels."""
    return [_adapters[channel] for channel in Channel.values if channel in _adapters]


def adapter_of(channel: str) -> Adapter:
    """A fresh adapter with the channel's settings; raises KeyError for a channel without one."""
    return _adapters[channel](ChannelSetting.of(channel))
