"""Facts and tables of an official document."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from docx.shared import Pt

from .opened import new, reopened, style_of


def test_facts_are_two_ruled_columns_as_wide_as_the_text():
    moment = datetime(2022, 4, 5, 16, 5, tzinfo=UTC)
    plain = datetime(2022, 4, 5, 16, 5)  # noqa: DTZ001 - the case in question
    pairs = [
        ("单位", "测试市公安局\n（本级）"),
        ("任职日期", date(2022, 4, 5)),
        ("收到时间", moment),
        ("打印时间", plain),
        ("是否兼任", True),
        ("是否分管", False),
        ("备注", None),
        ("比例", Decimal("0.50")),
    ]
    (table,) = reopened(new().facts(pairs)).tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["单位", "测试市公安局\n（本级）"],
        ["任职日期", "2022年4月5日"],
        ["收到时间", "2022年4月6日00:05"],
        ["打印时间", "2022年4月5日16:05"],
        ["是否兼任", "是"],
        ["是否分管", "否"],
        ["备注", ""],
        ["比例", "0.50"],
    ]
    assert table.style.name == "公文表格"
    assert "insideV" in table.style.element.xml
    assert sum(column.width for column in table.columns) == Pt(442.25)
    assert {row.cells[0].paragraphs[0].style.name for row in table.rows} == {"表栏名"}


def test_a_table_repeats_its_head_and_sets_numbers_right():
    rows = [[1, "公安局", 2.5, "12"], [2, "教育局", Decimal("10"), None]]
    document = new().table(["序号", "单位", "得分", "文号"], rows, caption="表1")
    opened = reopened(document)
    (table,) = opened.tables
    assert opened.paragraphs[-2].text == "表1"
    head, first, _second = table.rows
    assert head._tr.xpath("./w:trPr/w:tblHeader")
    assert not first._tr.xpath("./w:trPr/w:tblHeader")
    styles = [cell.paragraphs[0].style.name for cell in first.cells]
    assert styles == ["表内数字", "表内文字", "表内数字", "表内文字"]
    assert style_of("表内数字").paragraph_format.alignment.name == "RIGHT"
    assert [cell.text for cell in first.cells] == ["1", "公安局", "2.5", "12"]


def test_columns_follow_their_contents_or_what_is_asked():
    asked = reopened(new().table(["甲", "乙"], [], [1, 3])).tables[0]
    assert [round(column.width / Pt(442.25), 2) for column in asked.columns] == [0.25, 0.75]
    rows = [[1, "很长的事项名称" * 10, date(2022, 12, 31)]]
    narrow, wide, day = reopened(new().table(["序号", "事项", "截止"], rows)).tables[0].columns
    assert narrow.width < day.width < wide.width
    assert day.width >= Pt(12 * 7)
    assert narrow.width + wide.width + day.width == Pt(442.25)
    many = reopened(new().table(["很长的栏目名称"] * 12, [["长" * 30] * 12])).tables[0]
    assert len({column.width // 1000 for column in many.columns}) <= 2


def test_a_long_row_may_be_split_between_pages_and_a_short_one_not():
    document = new().table(["甲"], [["短"], ["长" * 301]])
    _head, short, long = reopened(document).tables[0].rows
    assert short._tr.xpath("./w:trPr/w:cantSplit")
    assert not long._tr.xpath("./w:trPr/w:cantSplit")


@pytest.mark.parametrize(
    ("rows", "widths"), [([["只有一个"]], None), ([["一", "二"]], [1]), ([["一", "二"]], [1, 2, 3])]
)
def test_rows_and_widths_have_to_match_the_head(rows, widths):
    with pytest.raises(ValueError, match="2 cells"):
        new().table(["甲", "乙"], rows, widths)


def test_two_tables_in_a_row_stay_two():
    body = reopened(new().facts([("甲", 1)]).table(["甲"], [])).element.body
    assert [child.tag.split("}")[1] for child in body][1:-1] == ["tbl", "p", "tbl", "p"]


def test_nothing_to_show_is_no_table_for_word_refuses_one_without_rows():
    assert reopened(new().facts([]).colophon()).tables == []
