"""Ruled tables: the two columns of facts, and rows under a head that repeats on every page."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from . import text
from .elements import TEXT_WIDTH, element, paragraphs

_SEAM = re.compile("(?<=[!-~])(?=[^ -~])|(?<=[^ -~])(?=[!-~])")
FACT_SIZE, CELL_SIZE = 280, 240  # twips of one character: 14 pt and 12 pt
PADDING = 260  # twips, both sides of a cell and a little play
WIDEST = 24  # characters that a column asks for when nobody says how wide it is
KEPT_WHOLE = 300  # a row with more characters than this may be split between two pages


def facts(pairs: Iterable[tuple[Any, Any]]) -> Any:
    """A table of (label, value): labels in 黑体, values left, a line of a value a paragraph."""
    shown = [(text.shown(label), text.shown(value)) for label, value in pairs]
    longest = max((text.width(label) for label, _value in shown), default=0)
    label_width = min(round(max(longest, 4) * FACT_SIZE) + PADDING, TEXT_WIDTH // 3)
    widths = [label_width, TEXT_WIDTH - label_width]
    rows = [
        _row([_cell(label, "FactLabel", widths[0]), _cell(value, "Fact", widths[1])], label + value)
        for label, value in shown
    ]
    return _table(widths, rows)


def table(
    headers: Sequence[Any], rows: Iterable[Sequence[Any]], widths: Sequence[float] | None = None
) -> Any:
    """A table whose head repeats. Numbers (int, float, Decimal) stand right, everything else left.
    `widths` are shares of the text width; without them the columns follow their contents. Raises
    ValueError for a row or `widths` that do not match the head."""
    kept = [list(row) for row in rows]
    if any(len(row) != len(headers) for row in kept) or (widths and len(widths) != len(headers)):
        raise ValueError(f"Every row needs {len(headers)} cells, as the head has.")
    heads = [text.shown(value) for value in headers]
    twips = _shared(widths or _fitted(_asked(heads, kept)))
    head = _row(
        [_cell(words, "TableHead", width) for words, width in zip(heads, twips, strict=True)]
    )
    head.get_or_add_trPr().append(element("tblHeader"))
    return _table(twips, [head, *(_data_row(row, twips) for row in kept)])


def _data_row(values: list[Any], widths: list[int]) -> Any:
    shown = [text.shown(value) for value in values]
    cells = [
        _cell(words, "TableFigure" if is_number(value) else "TableText", width)
        for value, words, width in zip(values, shown, widths, strict=True)
    ]
    return _row(cells, "".join(shown))


def is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _asked(heads: list[str], rows: list[list[Any]]) -> list[float]:
    """Twips that each column needs so that none of its lines is broken, within reason."""
    columns = zip(heads, *([text.shown(value) for value in row] for row in rows), strict=True)
    longest = (
        max(_room(line) for cell in column for line in cell.split("\n")) for column in columns
    )
    return [min(max(width, 2), WIDEST) * CELL_SIZE + PADDING for width in longest]


def _room(line: str) -> float:
    """Characters that a line needs: word processors set figures a little apart from characters."""
    return text.width(line) + len(_SEAM.findall(line)) * 0.35


def _fitted(asked: list[float]) -> list[float]:
    """What each column gets when they ask for more than there is: the narrow ones all they need,
    the rest equal parts of what is left."""
    given, room = [0.0] * len(asked), float(TEXT_WIDTH)
    for place, index in enumerate(sorted(range(len(asked)), key=asked.__getitem__)):
        given[index] = min(asked[index], room / (len(asked) - place))
        room -= given[index]
    return given


def _shared(shares: Sequence[float]) -> list[int]:
    """Whole twips in the proportion of `shares` that fill the text width."""
    whole = sum(shares)
    widths = [int(TEXT_WIDTH * share / whole) for share in shares]
    widths[-1] += TEXT_WIDTH - sum(widths)
    return widths


def _table(widths: Sequence[int], rows: Iterable[Any]) -> Any:
    settings = element(
        "tblPr",
        element("tblStyle", val="Ruled"),
        element("tblW", w=TEXT_WIDTH, type="dxa"),
        element("jc", val="center"),
        element("tblLayout", type="fixed"),
    )
    grid = element("tblGrid", *(element("gridCol", w=width) for width in widths))
    return element("tbl", settings, grid, *rows)


def _row(cells: list[Any], words: str = "") -> Any:
    row = element("tr")
    if len(words) <= KEPT_WHOLE:
        row.get_or_add_trPr().append(element("cantSplit"))
    row.extend(cells)
    return row


def _cell(words: str, style: str, width: int) -> Any:
    settings = element("tcPr", element("tcW", w=width, type="dxa"), element("vAlign", val="center"))
    return element("tc", settings, *paragraphs(words, style))


def colophon(lines: Sequence[str]) -> Any:
    """版记 between rules as wide as the text, at the foot of the type area: the first and the last
    rule 0.35 mm, those between 0.25 mm (GB/T 9704-2012 §7.4.1)."""
    edges = (("top", 8), ("bottom", 8), ("insideH", 6))  # eighths of a point
    rules = [element(side, val="single", sz=size, space=0, color="000000") for side, size in edges]
    settings = element(
        "tblPr",
        element(
            "tblpPr",
            horzAnchor="margin",
            vertAnchor="margin",
            tblpXSpec="center",
            tblpYSpec="bottom",
        ),
        element("tblW", w=TEXT_WIDTH, type="dxa"),
        element("tblBorders", *rules),
        element("tblLayout", type="fixed"),
        element("tblCellMar", element("left", w=0, type="dxa"), element("right", w=0, type="dxa")),
    )
    grid = element("tblGrid", element("gridCol", w=TEXT_WIDTH))
    return element(
        "tbl", settings, grid, *(_row([_cell(line, "Colophon", TEXT_WIDTH)]) for line in lines)
    )
