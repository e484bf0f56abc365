"""Hand-over: what is open when somebody leaves, declared by each app in its `handover.py`.

core knows none of the parts; the page above asks all of them (house.md §2). They are found by
`autodiscover_modules` when the apps are ready.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Fate(TextChoices):
    """What becomes of an open item when its holder goes."""

    MOVES = "moves", _("转交接任者")
    ENDS = "ends", _("即时终止")
    STAYS = "stays", _("留在单位")


@dataclass(frozen=True)
class Leaving:
    """Who leaves which unit. `user` is None for somebody without an account, `taker` for a post that
    stays empty; `on` is the last day, `by` the person who enters it, `note` what is to be known."""

    user: Any | None
    unit: Any
    taker: Any | None
    on: date
    by: Any
    note: str = ""


@dataclass(frozen=True)
class OpenItem:
    """One open thing in words, the address of its page ('' for none), and what becomes of it."""

    title: str
    detail: str
    path: str
    fate: Fate


@dataclass(frozen=True)
class Part:
    """What an app declares: its open items, as far as `leaving.by` may see them, and what moves or
    ends them, inside the caller's transaction; `move` gives the number of rows it changed."""

    name: str
    label: Any
    open_items: Callable[[Leaving], list[OpenItem]]
    move: Callable[[Leaving], int]


_parts: dict[str, Part] = {}


def register(part: Part) -> Part:
    """Add a part; raises ValueError when the name is taken."""
    if part.name in _parts:
        raise ValueError(f"Hand-over part {part.name} is declared twice.")
    _parts[part.name] = part
    return part


def parts() -> list[Part]:
    """The parts from the top of the staircase down: work first, rights and account last."""
    return list(reversed(_parts.values()))


def open_items(leaving: Leaving) -> list[tuple[Part, list[OpenItem]]]:
    """The parts in which something is open, with their items. Reads only."""
    found = [(part, part.open_items(leaving)) for part in parts()]
    return [(part, items) for part, items in found if items]


def move_all(leaving: Leaving) -> dict[str, int]:
    """Move and end everything, rights last, so that each part still finds what it asks for; returns
    the number of changed rows by part. The caller holds the transaction: all of it or nothing.
    Raises Refused as the parts do."""
    return {part.name: part.move(leaving) for part in parts()}
