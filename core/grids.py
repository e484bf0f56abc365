"""The matrix as data: columns in groups, rows in groups, cells with a light (house.md §6.1).

Cells are written here, not in a template: 64 units × 12 columns must stay under 80 kB, so a cell
is one letter for its light, its text, and the two-character label that phones show.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe

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
    """

    state: str
    text: str = ""
    url: str = ""


@dataclass(frozen=True)
class Row:
    name: str
    cells: Sequence[Cell]
    url: str = ""
    who: str = ""
    cells_html: str = ""


@dataclass(frozen=True)
class RowGroup:
    """`folded` is a sentence for rows left out (「另有62家待补名」), `folded_url` where they are."""

    label: str
    rows: Sequence[Row]
    count: int = 0
    folded: str = ""
    folded_url: str = ""


@dataclass
class Grid:
    """What components/matrix.html shows. Each row has as many cells as there are columns."""

    caption: str
    row_label: str
    column_groups: Sequence[ColumnGroup]
    row_groups: Sequence[RowGroup]
    who_label: str = ""
    width: int = field(init=False)

    def __post_init__(self) -> None:
        columns = [
            (escape(column.short), "" if index else " g1")
            for group in self.column_groups
            for index, column in enumerate(group.columns)
        ]
        self.width = len(columns) + 1 + bool(self.who_label)
        said = _Said()
        self.row_groups = [self._written(group, columns, said) for group in self.row_groups]

    def _written(self, group: RowGroup, columns: list[tuple[str, str]], said: "_Said") -> RowGroup:
        rows = [
            Row(row.name, row.cells, row.url, row.who, _cells(row.cells, columns, said))
            for row in group.rows
        ]
        count = group.count or len(rows)
        return RowGroup(group.label, rows, count, group.folded, group.folded_url)


class _Said(dict[tuple[str, str], tuple[str, str]]):
    """(state, text) → the letter of the light and what the cell says, put together once a grid.

    The light is said in words where somebody must act or nothing applies; what else there is to
    know (5/5, 3/5) stands in the number, and a word in every cell would be a third of the page.
    """

    def __missing__(self, key: tuple[str, str]) -> tuple[str, str]:
        state, text = key
        sign = words.sign(state)
        is_plain = text and str(state) in PLAIN
        word = "" if is_plain else f"<i>{escape(str(sign.word))}</i>"
        self[key] = sign.letter, f"{escape(text)}{word}"
        return self[key]


def _cells(cells: Sequence[Cell], columns: list[tuple[str, str]], said: _Said) -> SafeString:
    """The row's cells. Raises ValueError when their number is not that of the columns."""
    pairs = zip(cells, columns, strict=True)
    return mark_safe("".join([_cell(cell, *column, said) for cell, column in pairs]))  # noqa: S308 - _cell escapes


def _cell(cell: Cell, short: str, css: str, said: _Said) -> str:
    """One `<td>`. Written by hand: a page has a thousand, and format_html costs more than their
    query."""
    letter, text = said[cell.state, cell.text]
    inner = f'<a href="{escape(cell.url)}">{text}</a>' if cell.url else f"<span>{text}</span>"
    return f'<td class="{letter}{css}" data-k="{short}">{inner}</td>'
