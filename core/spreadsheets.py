"""Workbooks for people: a list as .xlsx that Excel and WPS open with real dates and no formulas.

Row 1 says what the list is (title, 「演示数据」, filters, who printed it when), row 2 is the head,
frozen and with a filter; then one row a record and nothing after them, so that the rows can be
sorted and counted.
"""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import chain
from typing import IO, Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter

from . import clock
from .documents.text import clean, width
from .models import SiteState

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEAD_ROWS = 2
MOST_ROWS = 1_048_576 - HEAD_ROWS  # what a sheet holds
MOST_CHARACTERS = 32_767  # what a cell holds
MOST_DIGITS = 15  # a longer whole number would lose its last digits
NARROWEST, WIDEST = 8, 60  # of a column, in half-width characters
DAY, MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm"


@dataclass(frozen=True)
class Column:
    """A heading and, in half-width characters, how wide the column is; None follows the heading and
    the first rows."""

    label: Any
    width: float | None = None


def workbook(
    title: str,
    columns: Sequence[Column | str],
    rows: Iterable[Sequence[Any]],
    notes: Sequence[str] = (),
    *,
    demo: bool | None = None,
) -> bytes:
    """The .xlsx of `rows`; see write()."""
    output = io.BytesIO()
    write(output, title, columns, rows, notes, demo=demo)
    return output.getvalue()


def write(
    output: IO[bytes],
    title: str,
    columns: Sequence[Column | str],
    rows: Iterable[Sequence[Any]],
    notes: Sequence[str] = (),
    *,
    demo: bool | None = None,
) -> int:
    """Write the .xlsx and give how many records it holds. `rows` is read once and never held, so a
    generator of 20,000 needs little memory. `notes` stand behind the title: the filters, who printed
    it and when; `demo` (None asks the site) adds 「演示数据」.

    Values: text (never a formula, whatever it begins with), numbers, dates, moments (written in
    Shanghai's time), yes or no, None. A whole number of more than 15 digits becomes text, a text
    longer than a cell is cut and says so. Raises ValueError for a row that does not match the
    columns, and for more rows than a sheet holds.
    """
    heads = [column if isinstance(column, Column) else Column(column) for column in columns]
    first, rest = _first_of(rows)
    book = Workbook(write_only=True)
    for style in _styles():
        book.add_named_style(style)
    sheet = book.create_sheet(_sheet_name(title))
    _lay_out(sheet, heads, first)
    marked = SiteState.current().is_demo if demo is None else demo
    words = [clean(title), *([_("演示数据")] if marked else []), *map(clean, notes)]
    sheet.append([_cell(sheet, "　".join(words), "列表说明")])
    sheet.append([_cell(sheet, clean(head.label), "列表表头") for head in heads])
    try:
        count = _append(sheet, len(heads), chain(first, rest))
        sheet.auto_filter.ref = f"A2:{get_column_letter(len(heads))}{count + HEAD_ROWS}"
    finally:
        sheet.close()  # a sheet left open keeps its temporary file
    book.save(output)
    return count


def _append(sheet: Any, columns: int, rows: Iterable[Sequence[Any]]) -> int:
    count = 0
    for count, row in enumerate(rows, 1):
        if len(row) != columns or count > MOST_ROWS:
            raise ValueError(f"Row {count}: {len(row)} values for {columns} columns.")
        sheet.append([_value(sheet, value) for value in row])
    return count


def _first_of(rows: Iterable[Sequence[Any]], most: int = 100) -> tuple[list[Any], Any]:
    """The first rows, by which the columns are measured, and an iterator over the others."""
    rest = iter(rows)
    return [row for _place, row in zip(range(most), rest, strict=False)], rest


def _lay_out(sheet: Any, heads: Sequence[Column], sample: list[Any]) -> None:
    """Widths, frozen rows and the printed page; a write-only sheet wants them before its rows."""
    for place, head in enumerate(heads):
        letter = get_column_letter(place + 1)
        sheet.column_dimensions[letter].width = head.width or _measured(head, place, sample)
    sheet.freeze_panes = "A3"
    sheet.print_title_rows = "1:2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _measured(head: Column, place: int, sample: list[Any]) -> float:
    shown = [_words(row[place]) for row in sample if len(row) > place]
    longest = max(
        2 * width(line) for text in [str(head.label), *shown] for line in text.split("\n")
    )
    return min(max(longest + 3, NARROWEST), WIDEST)


def _words(value: Any) -> str:
    """What a value looks like in its cell, to be measured."""
    if isinstance(value, datetime):
        return MOMENT
    return "" if value is None else str(value)


def _value(sheet: Any, value: Any) -> Any:
    """A cell for `value`; None stays an empty one."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return _cell(sheet, _("是") if value else _("否"), "列表文字")
    if isinstance(value, datetime):
        local = value.astimezone(clock.SHANGHAI).replace(tzinfo=None) if value.tzinfo else value
        return _cell(sheet, local, "列表时间")
    if isinstance(value, date):
        return _cell(sheet, datetime.combine(value, time()), "列表日期")
    if isinstance(value, int | float | Decimal) and _fits(value):
        return _cell(sheet, value, "列表数字")
    return _cell(sheet, _cut(clean(value)), "列表文字")


def _fits(value: int | float | Decimal) -> bool:
    """Excel can hold the number as it is: finite, and without losing digits at its end."""
    number = Decimal(str(value))
    return number.is_finite() and len(number.as_tuple().digits) <= MOST_DIGITS


def _cut(text: str) -> str:
    if len(text) <= MOST_CHARACTERS:
        return text
    end = _("……（全文%(count)d字，一格放不下，后面略去）") % {"count": len(text)}
    return text[: MOST_CHARACTERS - len(end)] + end


def _cell(sheet: Any, value: Any, style: str) -> Any:
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"  # openpyxl would make a formula of a text that begins with =
    cell.style = style
    return cell


def _styles() -> list[NamedStyle]:
    rule = Border(bottom=Side(style="medium", color="000000"))
    top = Alignment(vertical="top", wrap_text=True)
    plain = Alignment(vertical="top")
    head = PatternFill("solid", start_color="E7ECF2")
    return [
        NamedStyle("列表说明", font=Font(bold=True)),
        NamedStyle("列表表头", Font(bold=True), head, rule, Alignment(wrap_text=True)),
        # 「@」 keeps a text a text when somebody edits the cell, a long number or =1+1 among them.
        NamedStyle("列表文字", alignment=top, number_format="@"),
        NamedStyle("列表数字", alignment=plain),
        NamedStyle("列表日期", alignment=plain, number_format=DAY),
        NamedStyle("列表时间", alignment=plain, number_format=MOMENT),
    ]


def _sheet_name(title: str) -> str:
    """31 characters, none of those that Excel refuses in the name of a sheet."""
    return re.sub(r"[\[\]:*?/\\'\n\t]", " ", clean(title))[:31].strip() or "Sheet"
