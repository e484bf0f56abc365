"""Workbooks: what a person gets who opens them, read back with the same library."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from core import spreadsheets
from core.models import SiteState
from core.spreadsheets import Column, workbook


def sheet_of(content):
    return load_workbook(io.BytesIO(content)).active


def one_row(*values):
    """The cells of a single record."""
    columns = [f"栏{place}" for place in range(len(values))]
    return sheet_of(workbook("清单", columns, [values], demo=False))[3]


def test_the_first_line_says_what_it_is_and_the_second_is_a_frozen_head():
    content = workbook(
        "任务台账", ["单位", "截止"], [["公安局", date(2022, 4, 30)]], ["筛选条件：逾期"], demo=True
    )
    sheet = sheet_of(content)
    assert sheet["A1"].value == "任务台账　演示数据　筛选条件：逾期"
    assert [cell.value for cell in sheet[2]] == ["单位", "截止"]
    assert sheet["A2"].font.bold
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("A3", "$1:$2")
    assert sheet.auto_filter.ref == "A2:B3"
    assert (sheet.title, sheet.page_setup.orientation) == ("任务台账", "landscape")


@pytest.mark.parametrize("count", [0, 1, 64, 250])
def test_there_is_one_row_a_record_and_nothing_after_them(count):
    sheet = sheet_of(workbook("清单", ["序号"], ([n] for n in range(count)), demo=False))
    assert sheet.max_row == spreadsheets.HEAD_ROWS + count


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("x")'])
def test_text_never_becomes_a_formula(text):
    (cell,) = one_row(text)
    assert (cell.value, cell.data_type, cell.number_format) == (text, "s", "@")


def test_dates_are_dates_and_moments_are_those_of_shanghai():
    day, moment = one_row(date(2022, 4, 5), datetime(2022, 4, 5, 16, 30, tzinfo=UTC))
    assert (day.is_date, day.value.date(), day.number_format) == (
        True,
        date(2022, 4, 5),
        "yyyy-mm-dd",
    )
    assert f"{moment.value:%Y-%m-%d %H:%M}" == "2022-04-06 00:30"
    assert moment.number_format == "yyyy-mm-dd hh:mm"


def test_a_moment_without_a_zone_is_taken_as_it_is():
    plain = datetime(2022, 4, 5, 16, 30)  # noqa: DTZ001 - Excel knows no zones
    assert one_row(plain)[0].value == plain


def test_numbers_are_numbers_and_long_ones_keep_their_digits_as_text():
    cells = one_row(3, 2.5, Decimal("0.10"), 123456789012345678, "440300199001011234", float("nan"))
    assert [cell.data_type for cell in cells] == ["n", "n", "n", "s", "s", "s"]
    assert [cell.value for cell in cells[3:5]] == ["123456789012345678", "440300199001011234"]


def test_yes_no_and_nothing():
    sheet = sheet_of(
        workbook("清单", ["甲", "乙", "丙", "丁"], [[True, False, None, ""]], demo=False)
    )
    assert [cell.value for cell in sheet[3]] == ["是", "否", None, None]


def test_what_xml_cannot_hold_is_left_out_and_a_text_too_long_says_so():
    broken, long = one_row("甲\x00乙\x0b丙\ud800😀", "长" * 40_000)
    assert broken.value == "甲乙\n丙😀"
    assert len(long.value) == spreadsheets.MOST_CHARACTERS
    assert "全文40000字" in long.value


def test_the_columns_are_as_wide_as_asked_or_as_their_contents():
    columns = [Column("单位", width=30), "名称", "时间", "长"]
    rows = [["a", "一二三四五六七八九十", datetime(2022, 4, 5, tzinfo=UTC), "长" * 100]]
    sheet = sheet_of(workbook("清单", columns, rows, demo=False))
    assert [sheet.column_dimensions[letter].width for letter in "ABCD"] == [30, 23, 19, 60]


def test_a_name_that_excel_refuses_for_a_sheet_is_mended():
    assert sheet_of(
        workbook("2022/Q1[任务]:?" + "长" * 40, ["甲"], [], demo=False)
    ).title.startswith("2022 Q1 任务")
    assert sheet_of(workbook("[]", ["甲"], [], demo=False)).title == "Sheet"


def test_a_row_that_does_not_match_the_columns_is_a_fault():
    with pytest.raises(ValueError, match="Row 2: 1 values for 2 columns"):
        workbook("清单", ["甲", "乙"], [[1, 2], [3]], demo=False)


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch):
    monkeypatch.setattr(spreadsheets, "MOST_ROWS", 2)
    with pytest.raises(ValueError, match="Row 3"):
        workbook("清单", ["甲"], ([n] for n in range(5)), demo=False)


@pytest.mark.django_db
@pytest.mark.parametrize("is_demo", [True, False])
def test_the_site_itself_says_whether_it_is_a_demonstration(is_demo):
    SiteState.objects.update_or_create(id=1, defaults={"is_demo": is_demo})
    assert ("演示数据" in sheet_of(workbook("清单", ["甲"], []))["A1"].value) is is_demo


def test_many_rows_are_read_one_by_one():
    """Nothing keeps the rows: of 20,000 only the few that measure the columns are alive at once."""
    alive = [0, 0]

    class Row(list):
        def __init__(self, values):
            super().__init__(values)
            alive[0] += 1
            alive[1] = max(alive)

        def __del__(self):
            alive[0] -= 1

    output = io.BytesIO()
    rows = (Row([n, "公共数据资源目录"]) for n in range(20_000))
    assert spreadsheets.write(output, "清单", ["序号", "名称"], rows, demo=False) == 20_000
    assert alive[1] <= 110
    rows = load_workbook(output, read_only=True).active.iter_rows()
    assert sum(1 for _row in rows) == 20_002
