"""Connections to other machines: an allow-list, a test of every address, and one client."""

from .addresses import Target, read, read_host
from .client import Answer, Limits, call
from .errors import Blocked, OutboundError, Unreachable, Untrusted
from .gates import approve, propose, withdraw

__all__ = [
    "Answer",
    "Blocked",
    "Limits",
    "OutboundError",
    "Target",
    "Unreachable",
    "Untrusted",
    "approve",
    "call",
    "propose",
    "read",
    "read_host",
    "withdraw",
]
