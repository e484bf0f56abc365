"""Columns of a list, declared once: head, cells and the chooser 「列与密度」 are all made of them.

What a person leaves out is only taken off the screen: it stays in the page, so that paper keeps
every column, and filters, order and export know nothing of it (ux.md §5.1, netbox#21557).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import escape

OFF = "off"  # the class that hides a cell on the screen


@dataclass(frozen=True)
class Column:
    """`label` in the head and the chooser; `sort` is the name by which the head orders. The title
    identifies the row and cannot be left out; so can nothing that is `fixed`. `short` stands before
    the value on phones: the label unless told, nothing where it is ''."""

    name: str
    label: Any
    css: str = ""
    sort: str = ""
    is_title: bool = False
    fixed: bool = False
    short: Any = None

    @property
    def is_optional(self) -> bool:
        return not (self.is_title or self.fixed)

    def cell(self, *, is_hidden: bool) -> tuple[str, str]:
        """What stands before and after the content of a cell."""
        css = " ".join(filter(None, (self.css, OFF if is_hidden else "")))
        attributes = f' class="{escape(css)}"' if css else ""
        if self.is_title:
            return f'<th scope="row"{attributes}>', "</th>"
        label = self.label if self.short is None else self.short
        if label:
            attributes += f' data-label="{escape(label)}"'
        return f"<td{attributes}>", "</td>"


@dataclass(frozen=True)
class Place:
    """A column on one page, for one person."""

    column: Column
    is_hidden: bool
    opening: str
    closing: str

    @property
    def css(self) -> str:
        return " ".join(filter(None, (self.column.css, OFF if self.is_hidden else "")))


@dataclass(frozen=True)
class Table:
    """The columns of a page: `hidden` are names that the person left out, `absent` names for which
    this page has nothing to show (a programme without duties has no column of duties)."""

    columns: Sequence[Column]
    hidden: Iterable[str] = ()
    absent: Iterable[str] = ()
    places: tuple[Place, ...] = field(init=False)
    names: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        hidden, absent = set(self.hidden), set(self.absent)
        places = []
        for column in self.columns:
            if column.name not in absent:
                is_hidden = column.is_optional and column.name in hidden
                places.append(Place(column, is_hidden, *column.cell(is_hidden=is_hidden)))
        object.__setattr__(self, "places", tuple(places))
        object.__setattr__(self, "names", frozenset(column.name for column in self.columns))

    def __iter__(self) -> Iterator[Place]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)

    @property
    def optional(self) -> list[Place]:
        """What the chooser offers."""
        return [place for place in self.places if place.column.is_optional]

    @property
    def hidden_count(self) -> int:
        return sum(place.is_hidden for place in self.places)


def left_out(columns: Sequence[Column], shown: Iterable[str]) -> list[str]:
    """Names of the optional columns that are not among `shown`: what is kept for the person, so
    that a column which comes later is shown to everybody."""
    kept = set(shown)
    return [column.name for column in columns if column.is_optional and column.name not in kept]
