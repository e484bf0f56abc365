"""Named points at which a test may let a process die (reliability.md §3.15).

`fault("after_send")` does nothing unless the trial or the tests armed it: PORTAL_FAULT=after_send:3
kills this process, as SIGKILL does, when it comes there for the third time.
"""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

POINTS = (
    "before_plan",
    "after_plan",
    "after_claim",
    "before_sending",
    "after_sending",
    "after_connect",
    "after_send",
    "after_sent",
    "before_retry",
    "after_retry",
)

Act = Callable[[], None]


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class _Armed:
    left: int
    act: Act


_armed: dict[str, _Armed] = {}


def arm(name: str, nth: int = 1, act: Act = _die) -> None:
    """Let `act` happen at the `nth` passage from now on. Raises ValueError for an unknown point,
    RuntimeError outside of trial and tests."""
    if name not in POINTS:
        raise ValueError(f"No fault point is called {name}.")
    if not settings.TRIAL:
        raise RuntimeError("Fault points are for tests.")
    _armed[name] = _Armed(nth, act)


def arm_from_environment() -> None:
    """PORTAL_FAULT=name:nth[,name:nth] of the environment, in the trial only."""
    for text in filter(None, os.environ.get("PORTAL_FAULT", "").split(",")):
        name, _colon, nth = text.partition(":")
        arm(name, int(nth or 1))


def disarm() -> None:
    _armed.clear()


def fault(name: str) -> None:
    """A point at which a process may die; nothing happens unless it is armed."""
    found = _armed.get(name)
    if found is None:
        return
    found.left -= 1
    if found.left == 0:
        del _armed[name]
        found.act()
