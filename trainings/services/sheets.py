"""Lists of names as workbooks: the template, and what was filled in, with every fault by its cell."""

import io
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import load_workbook

from core.spreadsheets import HEAD_ROWS, Column, workbook

from ..models import Event
from .attendance import DUTY, MOST, NAME, UNIT_NAME

MOST_FAULTS = 20


def heads() -> list[str]:
    return [_("姓名"), _("单位"), _("职务")]


def template(event: Event) -> bytes:
    """The empty list of one event, as .xlsx."""
    columns = [Column(label, width) for label, width in zip(heads(), (16, 36, 24), strict=True)]
    return workbook(_("参加人员名单"), columns, [], [str(event)])


def read_names(uploaded: IO[bytes]) -> list[tuple[str, str, str]]:
    """(name, unit, duty) of every filled row of every sheet.

    Raises ValidationError on `file`: no workbook, not the template, and each faulty cell by sheet,
    row and column with what to do.
    """
    uploaded.seek(0)
    try:
        book = load_workbook(io.BytesIO(uploaded.read()), read_only=True, data_only=True)
    except Exception as error:
        # openpyxl raises what zip, XML and its own readers raise; to the reader it is one thing.
        raise ValidationError({"file": _("这个文件打不开，用本页的模板另存为xlsx再传")}) from error
    rows: list[tuple[str, str, str]] = []
    faults: list[str] = []
    try:
        for sheet in book.worksheets:
            _read(sheet, rows, faults)
    finally:
        book.close()
    if not faults and not rows:
        faults = [_("名单是空的，从第3行起每行填一人")]
    if len(rows) > MOST:
        facts = {"most": MOST, "count": len(rows)}
        faults.append(_("一次最多%(most)s人，这份名单有%(count)s人，分几次导入") % facts)
    if faults:
        raise ValidationError({"file": faults[:MOST_FAULTS]})
    return rows


def _read(sheet: Any, rows: list[tuple[str, str, str]], faults: list[str]) -> None:
    found = sheet.iter_rows(max_row=MOST + HEAD_ROWS + 2, max_col=3, values_only=True)
    table = list(found)
    if not any(any(row) for row in table):
        return  # an empty sheet beside the list
    head = [_text(value) for value in (*table[HEAD_ROWS - 1 : HEAD_ROWS], ())[0]]
    missing = [label for label in heads() if label not in head]
    if missing:
        facts = {"sheet": sheet.title, "column": missing[0]}
        text = _("工作表“%(sheet)s”第2行缺少“%(column)s”列，用本页的模板填写")
        faults.append(text % facts)
        return
    places = [head.index(label) for label in heads()]
    known: dict[tuple[str, str], int] = {}
    for number, values in enumerate(table[HEAD_ROWS:], HEAD_ROWS + 1):
        row = tuple(_text(values[place]) for place in places)
        if not any(row):
            continue
        _check(sheet.title, number, row, known, faults)
        rows.append(row)  # type: ignore[arg-type]


def _check(
    sheet: str,
    number: int,
    row: tuple[str, ...],
    known: dict[tuple[str, str], int],
    faults: list[str],
) -> None:
    name, unit, duty = row
    facts: dict[str, Any] = {"sheet": sheet, "row": number, "name": name[:20]}
    if not name:
        faults.append(
            _("工作表“%(sheet)s”第%(row)s行A列“姓名”是空的，填写姓名或删去这一行") % facts
        )
    elif (name, unit) in known:
        facts["other"] = known[(name, unit)]
        text = _("工作表“%(sheet)s”第%(row)s行A列“%(name)s”和第%(other)s行重复，删去一行")
        faults.append(text % facts)
    known.setdefault((name, unit), number)
    for letter, label, value, most in (
        ("A", _("姓名"), name, NAME), ("B", _("单位"), unit, UNIT_NAME), ("C", _("职务"), duty, DUTY),
    ):  # fmt: skip
        if len(value) > most:
            facts |= {"column": letter, "label": label, "most": most}
            text = _(
                "工作表“%(sheet)s”第%(row)s行%(column)s列“%(label)s”超过%(most)s字，压缩后再传"
            )
            faults.append(text % facts)


def _text(value: Any) -> str:
    return "" if value is None else " ".join(str(value).split())
