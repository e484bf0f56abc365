"""A scheme read from a workbook: all of it, or every fault."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from core import audit, clock

from .. import criteria
from ..choices import LEVELS, Fact, IndicatorKind, Rule, Source
from ..models import SchemeVersion
from ..queries.checking import Fault, Rules, Sketch, faults_in
from ..queries.trees import rows_of
from .templates import HEADS
from .trees import keys_of, plant
from .writing import lock_draft

# Where each field of a sketch stands: the column that a fault names.
PLACES = {
    "name": 0, "parent": 0, "key": 0, "kind": 3, "weight": 4, "source": 5, "rule": 6, "criteria": 7,
    "fact": 8, "text": 9, "needs_evidence": 10, "evidence_note": 11, "basis": 12,
}  # fmt: skip
MOST_ROWS = 500
LENGTHS = {"name": 80, "text": 500, "evidence_note": 200, "basis": 200}


@dataclass(frozen=True)
class SheetFault:
    """Where to mend it: the sheet's name, the row and column as Excel shows them (0 and '' for the
    whole file), and a sentence."""

    sheet: str
    row: int
    column: str
    message: str


class SheetFaults(Exception):
    """A workbook that cannot be taken, with all its faults; nothing was written."""

    def __init__(self, faults: Sequence[SheetFault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = list(faults)


@transaction.atomic
def import_tree(
    scheme_version: SchemeVersion, content: bytes, *, by: Any, version: int | None = None
) -> SchemeVersion:
    """Put the tree of a workbook in place of the draft's. An indicator with the same names above it
    keeps its key. Raises SheetFaults with every fault, Refused for a version in use, StaleVersion."""
    draft = lock_draft(scheme_version, version)
    old = rows_of(draft)
    sketches = _kept_keys(read_tree(content, Rules(draft.full, draft.step)), draft)
    gone = clock.today()
    for row in old:
        row.withdrawn_on = gone
        row.key = f"{row.key}-{row.pk}"[:40]
        row.save(update_fields=["withdrawn_on", "key"])
    plant(draft, sketches)
    draft.version += 1
    draft.updated_at = clock.now()
    draft.save(update_fields=["version", "updated_at"])
    audit.record(
        "scheme.import",
        by=by,
        subject=draft,
        programme=draft.scheme.programme,
        after={"indicators": len(sketches), "replaced": len(old)},
    )
    return draft


def _kept_keys(sketches: list[Sketch], draft: SchemeVersion) -> list[Sketch]:
    """Give each sketch the key that its names have in the draft, a new one otherwise."""
    known: dict[tuple[str, ...], str] = {}
    lines: dict[str, tuple[str, ...]] = {}
    for row in rows_of(draft):
        lines[row.key] = (*lines.get(row.parent.key if row.parent else "", ()), row.name)
        known[lines[row.key]] = row.key
    # Keys of a scheme are never used twice, those that were taken out included.
    used = set(keys_of(draft))
    names: dict[str, tuple[str, ...]] = {"": ()}
    count = len(used)
    keys: dict[str, str] = {"": ""}
    found = []
    for sketch in sketches:
        line = (*names[sketch.parent], sketch.name)
        names[sketch.key] = line
        key = known.get(line)
        while key is None:
            count += 1
            key = f"k{count}" if f"k{count}" not in used else None
        used.add(key)
        keys[sketch.key] = key
        found.append(replace(sketch, key=key, parent=keys[sketch.parent]))
    return found


# --- reading -------------------------------------------------------------------------------------


def read_tree(content: bytes, rules: Rules) -> list[Sketch]:
    """The sketches of a workbook, parents first. Raises SheetFaults."""
    sheet, rows = _rows(content)
    reader = _Reader(sheet)
    for number, values in rows:
        reader.take(number, values)
    if not reader.faults:
        reader.faults += [reader.fault_of(fault) for fault in faults_in(reader.found, rules)]
    if reader.faults:
        raise SheetFaults(sorted(reader.faults, key=lambda fault: fault.row))
    return reader.found


def _rows(content: bytes) -> tuple[str, list[tuple[int, list[str]]]]:
    """The name of the first sheet and its filled rows as text, with their numbers."""
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        said = _("打不开，换成没有打开密码的.xlsx文件")
        raise SheetFaults([SheetFault("", 0, "", f"{said}。")]) from error
    sheet = book.worksheets[0]
    found = []
    for number, cells in enumerate(sheet.iter_rows(values_only=True, max_col=len(HEADS)), start=1):
        values = ["" if cell is None else str(cell).strip() for cell in cells]
        values += [""] * (len(HEADS) - len(values))
        if number == 2:
            _require_heads(sheet.title, values)
        elif number > 2 and any(values):
            found.append((number, values))
        if len(found) > MOST_ROWS:
            said = _("超过%(most)s行，一套指标最多%(most)s行") % {"most": MOST_ROWS}
            raise SheetFaults([SheetFault(sheet.title, number, "", f"{said}。")])
    if sheet.max_row is not None and sheet.max_row < 2:
        _require_heads(sheet.title, [""] * len(HEADS))
    return sheet.title, found


def _require_heads(sheet: str, values: list[str]) -> None:
    wrong = [
        SheetFault(
            sheet,
            2,
            _letter(place),
            _("这一列的表头应为“%(head)s”，现在是“%(given)s”，用本页的模板填写。")
            % {"head": head, "given": given},
        )
        for place, (head, given) in enumerate(zip(HEADS, values, strict=True))
        if str(head) != given
    ]
    if wrong:
        raise SheetFaults(wrong)


def _letter(place: int) -> str:
    return chr(ord("A") + place)


class _Reader:
    """Goes down the rows; `line` are the indicators above the one that comes next."""

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        self.found: list[Sketch] = []
        self.faults: list[SheetFault] = []
        self.line: list[Sketch] = []

    def fault(self, row: int, place: int, message: str) -> None:
        self.faults.append(SheetFault(self.sheet, row, _letter(place), f"{message}。"))

    def fault_of(self, fault: Fault) -> SheetFault:
        """A fault of the tree, at the cell that it is about; the key of a sketch is its row."""
        if not fault.key:
            return SheetFault(self.sheet, 0, "", fault.message)
        place = PLACES[fault.field]
        return SheetFault(self.sheet, int(fault.key), _letter(place), fault.message)

    def take(self, number: int, values: list[str]) -> None:
        level = self._level(number, values)
        if level is None:
            return
        sketch = Sketch(
            key=str(number),
            name=self._text(number, "name", values[level]),
            parent=self.line[level - 1].key if level else "",
            **self._facts(number, values),
        )
        del self.line[level:]
        self.line.append(sketch)
        self.found.append(sketch)

    def _level(self, number: int, values: list[str]) -> int | None:
        """Which level the row names (0 the first): the deepest filled column. What stands left of it
        has to repeat what is above."""
        filled = [place for place in range(LEVELS) if values[place]]
        if not filled:
            self.fault(number, 0, _("没有写指标名称，写在它那一级的列里"))
            return None
        level = filled[-1]
        if level > len(self.line):
            self.fault(number, level, _("上面没有它的上级指标，先写上一级"))
            return None
        for place in filled[:-1]:
            if values[place] != self.line[place].name:
                facts = {"given": values[place], "above": self.line[place].name}
                text = _("上级写的是“%(given)s”，上面一行是“%(above)s”，另起一行写上级指标")
                self.fault(number, place, text % facts)
                return None
        return level

    def _facts(self, number: int, values: list[str]) -> dict[str, Any]:
        rule = self._choice(number, 6, values, Rule)
        return {
            "kind": self._choice(number, 3, values, IndicatorKind) or IndicatorKind.NORMAL.value,
            "weight": self._weight(number, values[4]),
            "source": self._choice(number, 5, values, Source),
            "rule": rule,
            "criteria": self._criteria(number, rule, values[7]),
            "fact": self._choice(number, 8, values, Fact),
            "text": self._text(number, "text", values[9]),
            "needs_evidence": self._flag(number, values[10]),
            "evidence_note": self._text(number, "evidence_note", values[11]),
            "basis": self._text(number, "basis", values[12]),
        }

    def _choice(self, number: int, place: int, values: list[str], choices: Any) -> str:
        if not values[place]:
            return ""
        by_label = {str(choice.label): choice.value for choice in choices}
        if values[place] not in by_label:
            facts = {"given": values[place], "known": "、".join(by_label)}
            self.fault(number, place, _("没有“%(given)s”。可选：%(known)s") % facts)
            return ""
        return str(by_label[values[place]])

    def _weight(self, number: int, given: str) -> Any:
        if not given:
            return None
        value = criteria.number(given)
        if value is None or value < 0 or value >= 100_000 or value != round(value, 2):
            facts = {"given": given}
            self.fault(number, 4, _("“%(given)s”不是分值，写不小于0、最多两位小数的数") % facts)
            return None
        return value

    def _criteria(self, number: int, rule: str, given: str) -> dict[str, Any]:
        try:
            return criteria.read(rule, given)
        except criteria.Unreadable as error:
            self.fault(number, 7, str(error).rstrip("。"))
            return {}

    def _flag(self, number: int, given: str) -> bool:
        if given not in {"", "是", "否"}:
            self.fault(number, 10, _("“%(given)s”要写成“是”或“否”") % {"given": given})
        return given == "是"

    def _text(self, number: int, name: str, given: str) -> str:
        longest = LENGTHS[name]
        if len(given) > longest:
            facts = {"n": longest, "m": len(given)}
            self.fault(number, PLACES[name], _("太长，最多%(n)s个字，现有%(m)s个字") % facts)
        return given[:longest]
