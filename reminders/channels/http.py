"""What the channels that speak HTTP have in common: asking through the one way out, and telling an
answer that takes the message from one that does not."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from core import outbound
from core.sealed import SealBroken

from ..models import Endpoint
from .base import Adapter, Refused, TryLater

JSON = "application/json; charset=utf-8"
AGAIN = frozenset({408, 425, 429, 503})  # the peer says by itself that it did nothing
LONGEST_PAUSE = timedelta(hours=1)


class Unclear(Exception):
    """The peer answered, and nobody can tell whether it took the message."""


class HttpAdapter(Adapter):
    """`later` and `never` are the provider's own codes, given with HTTP 200 as often as not: what may
    work another time, and what never will at this address; `ours` are faults of the portal's own
    settings. A code in none of them is unclear."""

    later: ClassVar[Mapping[int, int]] = {}  # code → seconds to leave it alone
    never: ClassVar[frozenset[int]] = frozenset()
    ours: ClassVar[frozenset[int]] = frozenset()
    code_names: ClassVar[tuple[str, ...]] = ("errcode", "code")

    def ask(
        self, url: str, content: Any = None, *, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """POST as JSON (GET without content); the answer as a dict. Raises what `send` may."""
        body = b"" if content is None else encoded(content)
        given = {"Content-Type": JSON, **(headers or {})}
        answer = reach(url, body=body, headers=given, method="POST" if body else "GET")
        said = decoded(answer.body)
        if answer.status >= 300 and not self.code_of(said):
            judge_status(answer)
        if said is None:
            raise Unclear(_("对方的答复不是JSON。"))
        return said

    def code_of(self, said: dict[str, Any] | None) -> int | None:
        """The provider's code, None when the answer has none."""
        for name in self.code_names:
            if isinstance(found := (said or {}).get(name), int):
                return found
        return None

    def judge(self, said: dict[str, Any]) -> None:
        """Return when the peer took it; else raise what it means."""
        code = self.code_of(said)
        if code == 0:
            return
        text = _("对方返回%(code)s：%(words)s") % {"code": code, "words": words_of(said)}
        if code is not None and code in self.later:
            raise TryLater(text, retry_after=timedelta(seconds=self.later[code]))
        if code in self.ours:
            raise TryLater(text, is_ours=True)
        if code in self.never:
            raise Refused(text)
        raise Unclear(text)


def reach(url: str, **given: Any) -> outbound.Answer:
    """One request; raises TryLater when nothing can have left, and OutboundError when something may."""
    try:
        return outbound.call(url, purpose="messages", **given)
    except (outbound.Blocked, outbound.Untrusted) as error:
        raise TryLater(str(error), is_ours=True) from None
    except outbound.OutboundError as error:
        if error.is_uncertain:
            raise
        raise TryLater(str(error)) from None


@contextmanager
def building(*, is_ours: bool = False, is_of_address: bool = False) -> Iterator[None]:
    """What goes wrong inside went wrong before anything left: raises TryLater, in words of our own, for
    those of the fault may hold a secret."""
    try:
        yield
    except (SealBroken, LookupError, TypeError, ValueError) as error:
        text = _(
            "账号设置或接收地址的内容不对（%(kind)s），没有发送；核对渠道设置，或重新登记地址。"
        )
        words = text % {"kind": type(error).__name__}
        raise TryLater(words, is_ours=is_ours, is_of_address=is_of_address) from error


def judge_status(answer: outbound.Answer) -> None:
    """Raise what an HTTP status means that is no 2xx."""
    text = _("对方返回HTTP %(status)s。") % {"status": answer.status}
    if answer.status in AGAIN:
        raise TryLater(text, retry_after=pause_of(answer))
    if answer.status < 400:
        raise Refused(
            _("对方要求转到别的地址（HTTP %(status)s），没有跟随。") % {"status": answer.status}
        )
    if answer.status < 500:
        raise Refused(text)
    raise Unclear(text)


def pause_of(answer: outbound.Answer) -> timedelta | None:
    """What the peer asks for in Retry-After, in seconds; at most an hour."""
    told = {name.lower(): value for name, value in answer.headers.items()}.get("retry-after", "")
    if not (told.isascii() and told.isdigit()):
        return None
    return min(timedelta(seconds=int(told[:6])), LONGEST_PAUSE)


def encoded(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def decoded(body: bytes) -> dict[str, Any] | None:
    """The JSON object, None for anything else."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def words_of(said: dict[str, Any]) -> str:
    """What the peer says in words, short: it may repeat what it was given."""
    found = said.get("errmsg") or said.get("msg") or ""
    return str(found)[:100]


def secrets_of(endpoint: Endpoint) -> dict[str, str]:
    """What the sealed column of an address holds; {} for none."""
    sealed: Any = endpoint.secret
    return json.loads(sealed.reveal()) if sealed else {}
