"""What is known of the request in hand, for audit rows and logs, without passing it through services."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(frozen=True)
class RequestContext:
    """`request_id` is 12 hexadecimal characters; `ip` is the caller's address past trusted proxies;
    `afterwards` is done once the request is over, whatever of its work was undone."""

    request_id: str = ""
    ip: str | None = None
    afterwards: list[Callable[[], object]] = field(default_factory=list)


NONE = RequestContext()
_current: ContextVar[RequestContext] = ContextVar("request_context", default=NONE)


def current() -> RequestContext:
    return _current.get()


def enter(context: RequestContext) -> object:
    """Make `context` the current one; give the result to `leave()`."""
    return _current.set(context)


def leave(token: object) -> None:
    _current.reset(token)  # type: ignore[arg-type]
