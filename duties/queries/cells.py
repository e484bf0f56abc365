"""The cells, rows and groups that the matrix is made of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from pilots.choices import UnitKind
from pilots.models import Enrolment, Programme

from ..choices import EXCEPTIONS, URGENCY, Light
from ..models import DutyArea, LightRule, Obligation


class AreaCell(NamedTuple):
    """职责 cell: `done` items with accepted progress of `total` that apply; `light` is the worst
    of the assignments that belong to the area (Light.NOT_APPLICABLE when there is nothing to show).
    `before` items had progress by the earlier day that was asked for, if one was."""

    area: DutyArea
    done: int
    total: int
    light: Light
    before: int | None = None

    @property
    def text(self) -> str:
        return f"{self.done}/{self.total}" if self.total else ""

    @property
    def state(self) -> Light:
        """The light to show: the exception of the area's assignments, else how far its items are."""
        if self.light in EXCEPTIONS:
            return self.light
        if not self.total:
            return self.light
        return Light.DONE if self.done >= self.total else Light.NORMAL

    @property
    def change(self) -> int:
        """Items more (or fewer) than on the earlier day; 0 where none was asked for."""
        return 0 if self.before is None else self.done - self.before


class Cell(NamedTuple):
    """要求 cell: one obligation of one body, by the key of its assignment; None stands where the
    obligation does not bind it."""

    assignment_id: int
    done: int
    quantity: int
    light: Light

    @property
    def text(self) -> str:
        return f"{self.done}/{self.quantity}"


class Orders(NamedTuple):
    """专项通知 of one body in one cell: tasks done of those given, and the worst light."""

    done: int
    total: int
    light: Light

    @property
    def text(self) -> str:
        return f"{self.done}/{self.total}"


@dataclass(frozen=True)
class Row:
    """One body. `periodic` are the lights of its reports of all periods: they have a column of their
    own, one period at a time. `changed_on` is the last day on which a task was done or a duty had
    progress."""

    enrolment: Enrolment
    areas: list[AreaCell]
    cells: list[Cell | None]
    orders: Orders | None = None
    periodic: tuple[Light, ...] = ()
    changed_on: date | None = None

    @property
    def lights(self) -> list[Light]:
        shown = [cell.light for cell in self.cells if cell] + [cell.light for cell in self.areas]
        return [*shown, *self.periodic, *([self.orders.light] if self.orders else [])]

    @property
    def worst(self) -> Light:
        return worst(self.lights)


@dataclass(frozen=True)
class Group:
    """Rows of one kind of body, in the document's order; nameless slots are only counted."""

    kind: UnitKind
    rows: list[Row]
    slots: int

    @property
    def size(self) -> int:
        return len(self.rows) + self.slots


@dataclass(frozen=True)
class Matrix:
    """What the overview shows. A programme without areas has no area columns. `counted_on` is the
    day of a source that only gives a number: who took part before it is not known."""

    programme: Programme
    areas: list[DutyArea]
    obligations: list[Obligation]
    groups: list[Group]
    rule: LightRule
    counted_on: date | None = None

    @property
    def size(self) -> int:
        return sum(group.size for group in self.groups)


def worst(lights: Iterable[Light]) -> Light:
    return min(lights, key=URGENCY.__getitem__, default=Light.NOT_APPLICABLE)
