"""The matrix as data: columns in groups, rows in groups, cells with a light (house.md §6.1).

Cells are written here, not in a template: 64 units × 12 columns must stay under 80 kB, so a cell
is one letter for its light, its text, and the two-character label that phones show.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

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


@dataclass(frozen=True)
class Cell:
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
            (column.short, index == 0)
            for group in self.column_groups
            for index, column in enumerate(group.columns)
        ]
        self.width = len(columns) + 1 + bool(self.who_label)
        self.row_groups = [self._written(group, columns) for group in self.row_groups]

    def _written(self, group: RowGroup, columns: list[tuple[str, bool]]) -> RowGroup:
        rows = [
            Row(row.name, row.cells, row.url, row.who, _cells(row.cells, columns))
            for row in group.rows
        ]
        count = group.count or len(rows)
        return RowGroup(group.label, rows, count, group.folded, group.folded_url)


def _cells(cells: Sequence[Cell], columns: list[tuple[str, bool]]) -> SafeString:
    """The row's cells. Raises ValueError when their number is not that of the columns."""
    pairs = zip(cells, columns, strict=True)
    return format_html_join("", "{}", ((_cell(cell, *column),) for cell, column in pairs))


def _cell(cell: Cell, short: str, starts_group: bool) -> SafeString:
    """One `<td>`. The light is said in words where somebody must act or nothing applies; what else
    there is to know (5/5, 3/5) stands in the number, and a word in every cell would be a third of
    the page."""
    sign = words.sign(cell.state)
    css = f"{sign.letter} g1" if starts_group else sign.letter
    is_plain = cell.text and str(cell.state) in PLAIN
    said = cell.text if is_plain else format_html("{}<i>{}</i>", cell.text, sign.word)
    inner = (
        format_html('<a href="{}">{}</a>', cell.url, said)
        if cell.url
        else format_html("<span>{}</span>", said)
    )
    return format_html('<td class="{}" data-k="{}">{}</td>', css, short, inner)
