"""Where an open task is done, and where what counts towards one is put right. The apps above know: each
says it for the natures it serves and the keys it counts under, and the task's page leads there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from .models import Assignment, Fulfilment


@dataclass(frozen=True)
class Door:
    """`name` of a page that takes `?unit=`, and what its link says."""

    label: Any
    name: str

    def url(self, assignment: Assignment) -> str:
        return f"{reverse(self.name)}?{urlencode({'unit': assignment.unit.code})}"


_doors: dict[str, Door] = {}


def register(nature: str, door: Door) -> None:
    """Raises ValueError when the nature has one."""
    if nature in _doors:
        raise ValueError(f"Tasks of nature {nature} are done elsewhere already.")
    _doors[nature] = door


def door_of(assignment: Assignment) -> Door | None:
    return _doors.get(assignment.obligation.nature)


@dataclass(frozen=True)
class Source:
    """`address` makes a page from the second part of a key; `label` is what the link to it says."""

    label: Any
    address: Callable[[str], str]


_sources: dict[str, Source] = {}


def register_source(prefix: str, source: Source) -> None:
    """Marks under a key `prefix:…` follow a record of an app above and are put right there: nobody
    voids one on the page of the task. Raises ValueError when the prefix has one."""
    if prefix in _sources:
        raise ValueError(f"Marks of {prefix} come from elsewhere already.")
    _sources[prefix] = source


def source_of(mark: Fulfilment) -> dict[str, Any] | None:
    """{"label", "url"} of the record that the mark follows; None for one that was entered here."""
    prefix, _colon, rest = mark.source_key.partition(":")
    found = _sources.get(prefix)
    if found is None:
        return None
    return {"label": found.label, "url": found.address(rest.partition(":")[0])}
