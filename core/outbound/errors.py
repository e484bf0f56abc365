"""What may go wrong outside. No text names more than host and port: the rest may be a secret."""

from typing import Any


class OutboundError(Exception):
    """A call that brought no answer. `is_uncertain` says that the peer may have had it."""

    is_uncertain = False

    def __init__(self, message: Any, *, is_uncertain: bool = False) -> None:
        super().__init__(str(message))
        self.is_uncertain = is_uncertain


class Blocked(OutboundError):
    """The portal may not connect there; nothing was sent."""


class Unreachable(OutboundError):
    """No connection, or one that broke; trying again may help."""


class Untrusted(Unreachable):
    """The peer could not prove who it is; nothing was sent."""
