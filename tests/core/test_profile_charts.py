"""Bars against a median, a radar and a strip of dots: the numbers stand in the label and in the table."""

from decimal import Decimal

from core.profile_charts import Measure, dots, profile, radar


def measure(label, value, most=20, median=None):
    quarters = (None, None, None) if median is None else (Decimal(1), Decimal(median), Decimal(19))
    return Measure(label, Decimal(value), Decimal(most), *quarters)


def test_bars_say_value_full_mark_and_median():
    chart = profile(
        "日常管理失分最多", [measure("日常管理", "12.5", median=15), measure("规划", 20)]
    )
    assert "12.5/20，中位数15" in chart.svg
    assert list(chart.columns)[3:] == ["四分之一位", "中位数", "四分之三位"]
    assert chart.rows[1] == ("规划", "20", "20", "—", "—", "—")


def test_without_a_median_there_is_no_column_for_it():
    chart = profile("得分", [measure("规划", 0, most=0)])
    assert chart.columns == ["指标", "得分", "满分"]
    assert chart.rows == [("规划", "0", "0")]


def test_a_radar_has_one_polygon_for_the_body_and_one_for_the_median():
    measures = [measure(name, 10, median=12) for name in "甲乙丙丁"]
    assert radar("得分", measures).svg.count("<polygon") == 4 + 2
    assert radar("得分", [measure(name, 10) for name in "甲乙丙"]).svg.count("<polygon") == 4 + 1


def test_two_axes_make_no_radar_but_bars():
    assert "<polygon" not in radar("得分", [measure("甲", 1), measure("乙", 2)]).svg


def test_equal_values_are_stacked_and_counted():
    chart = dots("分布", [Decimal("80"), Decimal("80"), Decimal("95.5")], Decimal(100), "总分")
    assert chart.svg.count("<circle") == 3
    assert chart.rows == [("95.5", 1), ("80", 2)]
    assert "<circle" not in dots("分布", [], Decimal(100), "总分").svg
