"""Where an open task is done. The apps above know: each says it for the natures it serves, and the
task's page leads there."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from .models import Assignment


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
