"""Charts: numbers in the drawing and in the table, no style, everything escaped."""

import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest

from core import charts, words

TODAY = date(2022, 4, 20)


def points() -> list[charts.Point]:
    start = TODAY - timedelta(days=20)
    return [
        charts.Point(start + timedelta(days=10 * step), 4 * step, 3 * step if step < 3 else None)
        for step in range(5)
    ]


def spans() -> list[charts.Span]:
    return [
        charts.Span(
            "报送<总结>", TODAY - timedelta(days=30), TODAY + timedelta(days=9), "due_soon"
        ),
        charts.Span("培训", TODAY - timedelta(days=30), TODAY - timedelta(days=4), "overdue"),
    ]


def all_charts() -> list[charts.Chart]:
    said = {state: sign.word for state, sign in words.LIGHTS.items()}
    return [
        charts.burn_up("完成落后", points(), TODAY),
        charts.bars("按时率上升", [("2022Q1", 72.0), ("2022Q2", 80.5)], "%"),
        charts.timeline("时限", spans(), TODAY, said),
    ]


@pytest.mark.parametrize("chart", all_charts(), ids=lambda chart: chart.title)
def test_svg_is_well_formed_and_without_style(chart: charts.Chart) -> None:
    root = ElementTree.fromstring(chart.svg)
    assert root.get("role") == "img"
    assert chart.title in (root.get("aria-label") or "")
    assert "style=" not in chart.svg


@pytest.mark.parametrize("chart", all_charts(), ids=lambda chart: chart.title)
def test_table_has_as_many_columns_as_heads(chart: charts.Chart) -> None:
    assert chart.rows
    assert {len(row) for row in chart.rows} == {len(chart.columns)}


def test_drawing_and_table_show_the_same_rates() -> None:
    chart = all_charts()[1]
    assert all(str(row[1]) in chart.svg for row in chart.rows)


def test_bars_start_at_zero_and_are_in_proportion() -> None:
    chart = charts.bars("x", [("a", 25), ("b", 50)], "%")
    heights = [float(found) for found in re.findall(r'width="36" height="([\d.]+)"', chart.svg)]
    assert heights[1] == pytest.approx(2 * heights[0])


def test_names_are_escaped_and_lights_are_words() -> None:
    chart = all_charts()[2]
    assert "<总结>" not in chart.svg
    assert "逾期" in chart.svg
    assert chart.rows[1][-1] == "逾期"


def test_the_future_is_not_drawn_as_done() -> None:
    rows = charts.burn_up("x", points(), TODAY).rows
    assert [row[2] for row in rows] == [0, 3, 6, "—", "—"]


def test_empty_charts_draw_nothing_and_break_nothing() -> None:
    assert charts.burn_up("x", [], TODAY).rows == []
    assert charts.timeline("x", [], TODAY, {}).rows == []
    assert charts.bars("x", [], "%").rows == []
