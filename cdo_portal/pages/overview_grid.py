"""The matrix of duties.queries as the grid that components/matrix.html draws."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from core.grids import Cell, Column, ColumnGroup, Grid, Row, RowGroup
from duties.choices import Light, Nature
from duties.models import Obligation
from duties.queries import Group, Matrix
from duties.queries import Row as MatrixRow

from . import overview_order, overview_period
from .links import link, pattern
from .overview_period import Shown
from .units_officers import NOBODY, Standing

# What phones show above a cell: two characters a demand.
SHORT = {
    Nature.REPORT: gettext_lazy("总结"),
    Nature.OVERALL_REPORT: gettext_lazy("总报"),
    Nature.TRAINING: gettext_lazy("培训"),
    Nature.EXCHANGE: gettext_lazy("交流"),
    Nature.PLAN: pgettext_lazy("demand", "方案"),
    Nature.FILING: gettext_lazy("备案"),
    Nature.POST: gettext_lazy("设岗"),
    Nature.OFFICE: gettext_lazy("机构"),
    Nature.MEASURES: gettext_lazy("措施"),
}
NUMERALS = "零一两三四五六七八九十"


def grid_of(
    matrix: Matrix,
    shown: Shown,
    *,
    on: date | None,
    present: Mapping[int, Standing] | None = None,
) -> Grid:
    """`on` goes into the links of units when the page looks at another day. `present` says of each
    unit who its CDO is and where that is on record, for a programme without areas."""
    rows = [row for group in matrix.groups for row in group.rows]
    changes = overview_period.last_changes(rows, matrix.rule.on)
    places = _Places(on, present, shown, changes, has_orders=_has_orders(matrix))
    groups = _columns(matrix, shown, has_orders=places.has_orders)
    if present is not None:
        groups.insert(0, ColumnGroup(_("任命"), [Column(_("备案"), _("备案"), _("任命备案"))]))
    return Grid(
        caption=_("%(region)s履职总览") % {"region": matrix.programme.display_region},
        row_label=_("单位"),
        column_groups=groups,
        row_groups=[_group(group, places, matrix) for group in matrix.groups if group.size],
        who_label="" if present is None else _("首席数据官"),
        last_label=_("上次变化"),
    )


def _has_orders(matrix: Matrix) -> bool:
    return any(row.orders for group in matrix.groups for row in group.rows)


def _columns(matrix: Matrix, shown: Shown, *, has_orders: bool) -> list[ColumnGroup]:
    areas = [
        Column(area.display_medium_name, area.short_name, area.display_name)
        for area in matrix.areas
    ]
    demands = [
        Column(label(row), short_label(row), row.display_title) for row in matrix.obligations
    ]
    if has_orders:
        demands.append(Column(_("专项通知"), _("专项"), _("专项通知的任务，已完成/应完成")))
    period = shown.period
    reports = [Column(_("本期报告"), _("报告"), period.title)] if period else []
    groups = [
        ColumnGroup(
            _("%(count)s项职责（已有进展/适用事项）") % {"count": numeral(len(areas))}, areas
        ),
        ColumnGroup(_("规定任务（已完成/应完成）"), demands),
        ColumnGroup(period.code if period else "", reports),
    ]
    return [group for group in groups if group.columns]


def label(obligation: Obligation) -> str:
    """What stands above a column: the short title, or one word where words are long."""
    return obligation.short_title if _is_chinese() else short_label(obligation)


def short_label(obligation: Obligation) -> str:
    known = SHORT.get(Nature(obligation.nature))
    rest = obligation.short_title[:2] if _is_chinese() else obligation.display_short_title
    return str(known or rest)


def _is_chinese() -> bool:
    return (get_language() or "").startswith("zh")


def numeral(count: int) -> str:
    """六 for 6, in Chinese and up to ten; digits otherwise."""
    return NUMERALS[count] if _is_chinese() and count < len(NUMERALS) else str(count)


class _Places:
    """Addresses of a row. Those of cells are short and relative to /overview/ (CellView sends them
    on): with whole addresses, 64 units × 14 columns would make the page a quarter larger."""

    def __init__(
        self,
        on: date | None,
        present: Mapping[int, Standing] | None,
        shown: Shown,
        changes: Mapping[int, date],
        *,
        has_orders: bool,
    ) -> None:
        self.present, self.changes, self.has_orders = present, changes, has_orders
        self.reports = shown.by_part if shown.period else None
        self.today = shown.on
        self.query = f"?on={on}" if on else ""
        self.units = pattern("unit")

    def of_unit(self, code: str) -> str:
        return self.units.format(code) + self.query

    def of_area(self, enrolment: int, place: int) -> str:
        return f"{enrolment}a{place}{self.query}"

    def of_orders(self, enrolment: int) -> str:
        return f"o{enrolment}{self.query}"

    def of_task(self, key: int) -> str:
        return f"t{key}"


def _group(group: Group, places: _Places, matrix: Matrix) -> RowGroup:
    rows = [_row(row, places) for row in group.rows]
    said = overview_order.note(group, places.reports or {})
    if not group.slots:
        return RowGroup(str(group.kind.label), rows, note=said)
    url = link("unit-list", programme=matrix.programme.code, kind=group.kind.value, is_slot="true")
    text = _("另有%(count)d家待补名") if rows else _("%(count)d家待补名")
    return RowGroup(
        str(group.kind.label), rows, group.size, text % {"count": group.slots}, url, said
    )


def _row(row: MatrixRow, places: _Places) -> Row:
    enrolment = row.enrolment
    name, url = enrolment.unit.display_name, places.of_unit(enrolment.unit.code)
    day = places.changes.get(enrolment.pk)
    last = _short_day(day, places.today) if day else "—"
    cells = _cells(row, places)
    if places.present is None:
        return Row(name, cells, url, last=last)
    found = places.present.get(enrolment.unit_id, NOBODY)
    return Row(name, [Cell(found.filing, found.filing_word), *cells], url, found.who, last)


def _short_day(day: date, today: date) -> str:
    """Without the year where it is this one: the column is narrow."""
    return day.strftime("%m-%d") if day.year == today.year else day.isoformat()


def _cells(row: MatrixRow, places: _Places) -> list[Cell]:
    part = row.enrolment.pk
    cells = [
        Cell(area.state, area.text, places.of_area(part, place) if area.total else "", area.change)
        for place, area in enumerate(row.areas, 1)
    ]
    cells += [
        Cell(cell.light, cell.text, places.of_task(cell.assignment_id))
        if cell
        else Cell(Light.NOT_APPLICABLE)
        for cell in row.cells
    ]
    if places.has_orders:
        cells.append(
            Cell(row.orders.light, row.orders.text, places.of_orders(part))
            if row.orders
            else Cell(Light.NOT_APPLICABLE)
        )
    if places.reports is not None:
        cells.append(overview_period.cell_of(places.reports.get(part)))
    return cells
