"""The matrix as data: columns in groups, rows in groups, cells with a light (house.md §6.1).

Cells are written here, not in a template: 64 units × 12 columns must stay under 80 kB, so a cell
is one letter for its light, its text, and the two-character label that phones show.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from core import words

PLAIN = ("normal", "done", "undated")  # lights that ask for nothing


@dataclass(frozen=True)
class Column:
    """`label` in the head, `short` (two characters) on phones, `title` the full name."""

    label: str
    short: str
    title: str = ""


@dataclass(frozen=True)
class ColumnGroup:
    label: str
    columns: Sequence[Column]


class Cell(NamedTuple):
    """`state` is a light of core.words.LIGHTS, `text` such as 4/5; without `url` it is no link.

    Keep `url` short (relative to the page, `440300-gaj/a1`): it is repeated in every cell.
    `change` says by how much the first number differs from the last period's.
    """

    state: str
    text: str = ""
    url: str = ""
    change: int = 0


@dataclass(frozen=True)
class Row:
    name: str
    cells: Sequence[Cell]
    url: str = ""
    who: str = ""
    last: str = ""
    cells_html: str = ""


@dataclass(frozen=True)
class RowGroup:
    """`folded` is a sentence for rows left out (「另有62家待补名」), `folded_url` where they are; `note`
    the sub-totals of the group."""

    label: str
    rows: Sequence[Row]
    count: int = 0
    folded: str = ""
    folded_url: str = ""
    note: str = ""


@dataclass
class Grid:
    """What components/matrix.html shows. Each row has as many cells as there are columns; `who_label`
    and `last_label` are heads of a column of text before and after them."""

    caption: str
    row_label: str
    column_groups: Sequence[ColumnGroup]
    row_groups: Sequence[RowGroup]
    who_label: str = ""
    last_label: str = ""
    width: int = field(init=False)

    def __post_init__(self) -> None:
        columns = [
            (escape(column.short), "" if index else " g1")
            for group in self.column_groups
            for index, column in enumerate(group.columns)
        ]
        self.width = len(columns) + 1 + bool(self.who_label) + bool(self.last_label)
        said = _Said()
        self.row_groups = [self._written(group, columns, said) for group in self.row_groups]

    def _written(self, group: RowGroup, columns: list[tuple[str, str]], said: "_Said") -> RowGroup:
        rows = [replace(row, cells_html=_cells(row.cells, columns, said)) for row in group.rows]
        return replace(group, rows=rows, count=group.count or len(rows))


class _Said(dict[tuple[str, str, int], tuple[str, str]]):
    """(state, text, change) → the letter of the light and what the cell says, put together once a grid.

    The light is said in words where somebody must act or nothing applies; what else there is to
    know (5/5, 3/5) stands in the number, and a word in every cell would be a third of the page.
    """

    def __missing__(self, key: tuple[str, str, int]) -> tuple[str, str]:
        state, text, change = key
        sign = words.sign(state)
        is_plain = text and str(state) in PLAIN
        word = "" if is_plain else f"<i>{escape(str(sign.word))}</i>"
        self[key] = sign.letter, f"{escape(text)}{_change(change)}{word}"
        return self[key]


def _change(change: int) -> str:
    """「↑2」 in small, in words for who cannot see it; '' where nothing changed."""
    if not change:
        return ""
    said = escape(_("较上期%(change)+d") % {"change": change})
    arrow = "↑" if change > 0 else "↓"
    text = f"{arrow}{abs(change)}"
    return f'<small title="{said}" aria-hidden="true">{text}</small><i>{said}</i>'


def _cells(cells: Sequence[Cell], columns: list[tuple[str, str]], said: _Said) -> SafeString:
    """The row's cells. Raises ValueError when their number is not that of the columns."""
    pairs = zip(cells, columns, strict=True)
    return mark_safe("".join([_cell(cell, *column, said) for cell, column in pairs]))  # noqa: S308 - _cell escapes


def _cell(cell: Cell, short: str, css: str, said: _Said) -> str:
    """One `<td>`. Written by hand: a page has a thousand, and format_html costs more than their
    query."""
    letter, text = said[cell.state, cell.text, cell.change]
    inner = f'<a href="{escape(cell.url)}">{text}</a>' if cell.url else f"<span>{text}</span>"
    return f'<td class="{letter}{css}" data-k="{short}">{inner}</td>'
