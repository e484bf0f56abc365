"""Where what was put up for signing is read and signed, and what its 审签单 says of it. The apps above
know: each says it for its purposes in `signing_doors.py`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from .models import Approval

Door = Callable[[str], str]
Facts = Callable[[str], Iterable[tuple[Any, Any]]]


@dataclass(frozen=True)
class _Entry:
    door: Door
    facts: Facts | None


_doors: dict[str, _Entry] = {}


def register(purpose: str, door: Door, *, facts: Facts | None = None) -> None:
    """`door` makes the address of a page from the number of the thing; `facts` gives what its 审签单
    says besides, at most MOST_FACTS pairs of label and value. Raises ValueError when the purpose has
    a door."""
    if purpose in _doors:
        raise ValueError(f"What is put up as {purpose} is read elsewhere already.")
    _doors[purpose] = _Entry(door, facts)


def url_of(approval: Approval) -> str:
    """The page on which the approval's subject is read and signed; the 审签单 where nobody has one."""
    return address(approval.purpose, approval.subject, approval.number)


def address(purpose: str, subject: str, number: str) -> str:
    """The same for a round of which only these are known; `number` is that of the round."""
    if purpose in _doors:
        return _doors[purpose].door(subject)
    return reverse("approvals:slip", args=[number])


MOST_FACTS = 4  # more would push the signatures off the one page


def facts_of(approval: Approval) -> list[tuple[str, str]]:
    """What the owner says of the thing, as texts."""
    entry = _doors.get(approval.purpose)
    found = entry.facts(approval.subject) if entry is not None and entry.facts is not None else ()
    return [(str(label), str(value)) for label, value in list(found)[:MOST_FACTS]]
