"""The style guide's matrix and charts, on invented data."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from core import charts as draw
from core import words as portal_words
from core.grids import Cell, Column, ColumnGroup, Grid, Row, RowGroup

from .styleguide_data import AREAS, UNITS

DEMANDS = (
    ("实施方案", "方案"),
    ("任命备案", "备案"),
    ("工作机构", "机构"),
    ("培训", "培训"),
    ("交流会", "交流"),
    ("工作总结", "总结"),
)


def grid() -> Grid:
    """The matrix in two column groups, with every state and a folded group."""
    columns = [
        ColumnGroup(_("六项职责（已有进展/适用事项）"), [Column(*area) for area in AREAS]),
        ColumnGroup(_("规定任务（已完成/应完成）"), [Column(*demand) for demand in DEMANDS]),
    ]
    groups = [
        RowGroup(_("市政府"), [_row(0)]),
        RowGroup(_("市级部门"), [_row(1), _row(2), _row(3)], 8, _("另有5家待补名"), "#matrix"),
        RowGroup(_("区政府"), [_row(4)]),
    ]
    return Grid(_("履职总览"), _("单位"), columns, groups, _("首席数据官"))


def _row(index: int) -> Row:
    cells = [_cell((index * 5 + column * 7) % 11, f"{index}/{column}") for column in range(12)]
    return Row(UNITS[index], cells, f"#unit-{index}", f"演示人员{index + 1:02}")


def _cell(turn: int, place: str) -> Cell:
    state = (
        "normal",
        "normal",
        "normal",
        "done",
        "done",
        "due_soon",
        "unconfirmed",
        "overdue",
        "not_applicable",
        "done",
        "normal",
    )[turn]
    if state == "not_applicable":
        return Cell(state)
    total = 5 if turn < 4 else 2
    return Cell(state, f"{total if state == 'done' else turn % total}/{total}", f"#{place}")


def charts(today: date) -> list[draw.Chart]:
    """One chart of each kind."""
    start = today - timedelta(days=60)
    points = [
        draw.Point(
            start + timedelta(days=step * 10),
            min(step * 4, 30),
            min(step * 3, 16) if step <= 6 else None,
        )
        for step in range(10)
    ]
    rates = [
        (f"{year}Q{quarter}", 60.0 + 4 * quarter + 8 * (year - 2021))
        for year in (2021, 2022)
        for quarter in (1, 2, 3, 4)
    ]
    spans = [
        draw.Span(_("报送年度工作总结"), start, today + timedelta(days=9), "due_soon"),
        draw.Span(
            _("组织业务人员培训"), start + timedelta(days=20), today - timedelta(days=4), "overdue"
        ),
        draw.Span(_("制定试点实施方案"), start, today - timedelta(days=30), "done"),
        draw.Span(
            _("建立首席数据官工作机构"),
            start + timedelta(days=5),
            today + timedelta(days=40),
            "normal",
        ),
    ]
    said = {state: sign.word for state, sign in portal_words.LIGHTS.items()}
    return [
        draw.burn_up(_("完成落后应完成8件"), points, today),
        draw.bars(_("按时率连续四期上升"), rates, "%"),
        draw.timeline(_("样例局甲的时限"), spans, today, said),
    ]
