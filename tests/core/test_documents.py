"""The official document, opened again as a word processor would: GB/T 9704-2012, figure by figure."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from core import documents
from core.documents import OfficialDocument, text
from core.models import SiteState

NASTY = "全角“引号”，表情😀，生僻𠮷，控制\x00\x08\x1f符，孤立\ud800，换向\u202e字，\ufeff标记\ufdd0"


def reopened(document):
    return Document(io.BytesIO(document.bytes()))


def written(document):
    """(style, text) of every paragraph of the body."""
    return [(row.style.name, row.text) for row in reopened(document).paragraphs]


def new(**values):
    return OfficialDocument(**{"title": "关于报送履职情况的报告", **values})


def style_of(name, opened=None):
    return (opened or reopened(new())).styles[name]


def font_of(style):
    """East Asian font and size in points, the style's own or that of the document."""
    fonts = style.element.find(f".//{qn('w:rFonts')}")
    if fonts is None:
        fonts = style.element.getparent().find(f"{qn('w:docDefaults')}//{qn('w:rFonts')}")
    assert {fonts.get(qn(f"w:{kind}")) for kind in ("ascii", "hAnsi", "eastAsia", "cs")} == {
        fonts.get(qn("w:eastAsia"))
    }
    return fonts.get(qn("w:eastAsia")), style.font.size.pt if style.font.size else 16


# --- the page ------------------------------------------------------------------------------------


def test_the_page_is_a4_with_the_margins_of_the_standard():
    (section,) = reopened(new()).sections
    near = Mm(0.1)
    wanted = {
        "page_width": 210,
        "page_height": 297,
        "top_margin": 37,
        "left_margin": 28,
        "right_margin": 26,
        "bottom_margin": 35,
    }
    for name, millimetres in wanted.items():
        assert abs(getattr(section, name) - Mm(millimetres)) <= near, name


def test_the_type_area_holds_22_lines_of_28_characters():
    opened = reopened(new())
    (section,) = opened.sections
    height = section.page_height - section.top_margin - section.bottom_margin
    width = section.page_width - section.left_margin - section.right_margin
    body = style_of("Normal", opened)
    pitch = body.paragraph_format.line_spacing
    assert pitch == Pt(28.95)
    assert body.paragraph_format.line_spacing_rule.name == "EXACTLY"
    assert 22 <= height / pitch < 23
    closer = int(body.element.find(f".//{qn('w:rPr')}/{qn('w:spacing')}").get(qn("w:val"))) / 20
    assert 28 <= width / Pt(16 + closer) < 29
    grid = section._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")


@pytest.mark.parametrize(
    ("style", "font", "size"),
    [
        ("Title", "方正小标宋简体", 22),
        ("Normal", "仿宋", 16),
        ("Body Text", "仿宋", 16),
        ("主送机关", "仿宋", 16),
        ("heading 1", "黑体", 16),
        ("heading 2", "楷体", 16),
        ("heading 3", "仿宋", 16),
        ("附件序号", "黑体", 16),
        ("版记", "仿宋", 14),
        ("页码（单页）", "宋体", 14),
        ("页码（双页）", "宋体", 14),
    ],
)
def test_every_element_has_its_font_and_size(style, font, size):
    names = {row.name: row for row in reopened(new()).styles}
    assert font_of(names[style.replace("heading", "Heading")]) == (font, size)


def test_the_body_is_black_and_begins_two_characters_in():
    indent = style_of("Body Text").element.find(f".//{qn('w:ind')}")
    assert indent.get(qn("w:firstLineChars")) == "200"
    assert int(indent.get(qn("w:firstLine"))) == 2 * 316
    defaults = reopened(new()).styles.element.find(f"{qn('w:docDefaults')}//{qn('w:color')}")
    assert defaults.get(qn("w:val")) == "000000"


def test_page_numbers_stand_outside_between_dashes():
    opened = reopened(new())
    assert opened.settings.odd_and_even_pages_header_footer
    (section,) = opened.sections
    sides = {"RIGHT": section.footer, "LEFT": section.even_page_footer}
    for side, footer in sides.items():
        (line,) = footer.paragraphs
        assert line.text == "— 1 —"
        assert "PAGE" in footer._element.xpath("string(.//w:instrText)")
        assert line.style.paragraph_format.alignment.name == side
    # 7 mm from the type area to the upper edge of the number.
    gap = section.bottom_margin - section.footer_distance - Pt(14)
    assert abs(gap - Mm(7)) < Mm(0.2)


def test_the_fonts_name_what_a_machine_without_them_may_take():
    with zipfile.ZipFile(io.BytesIO(new().bytes())) as archive:
        table = archive.read("word/fontTable.xml").decode()
    for font in ("仿宋", "黑体", "楷体", "宋体", "方正小标宋简体"):
        assert f'w:name="{font}"' in table
    assert table.count("Noto") == 5


def test_nothing_is_red_and_there_is_no_picture():
    with zipfile.ZipFile(io.BytesIO(new(number="测府〔2022〕1号").bytes())) as archive:
        parts = archive.namelist()
        body = archive.read("word/document.xml") + archive.read("word/styles.xml")
    assert b"FF0000" not in body
    assert not any("media" in name for name in parts)


# --- what is written -----------------------------------------------------------------------------


def test_a_report_from_top_to_bottom():
    document = new(number="测公函〔2022〕12号", addressee="测试市政数局：")
    document.paragraph("现报告如下。\n\n第二段。")
    document.heading(1, "情况").heading(2, "培训").heading(3, "对象").heading(4, "人数")
    document.heading(2, "交流").heading(1, "下一步").heading(2, "打算").heading(
        3, "一", numbered=False
    )
    assert written(document) == [
        ("发文字号", "测公函〔2022〕12号"),
        ("Title", "关于报送履职情况的报告"),
        ("主送机关", "测试市政数局："),
        ("Body Text", "现报告如下。"),
        ("Body Text", "第二段。"),
        ("Heading 1", "一、情况"),
        ("Heading 2", "（一）培训"),
        ("Heading 3", "1.对象"),
        ("Heading 4", "（1）人数"),
        ("Heading 2", "（二）交流"),
        ("Heading 1", "二、下一步"),
        ("Heading 2", "（一）打算"),
        ("Heading 3", "一"),
    ]


@pytest.mark.parametrize("level", [0, 5, True + 5])
def test_there_are_four_levels_of_headings(level):
    with pytest.raises(ValueError, match="level 1 to 4"):
        new().heading(level, "标题")


def test_one_attachment_has_no_number_and_several_hang_under_their_names():
    assert written(new().attachments(["名单。"]))[-1][1] == "附件：名单"
    document = new().attachments(["任务完成情况汇总表；", "签到表"])
    first, second = reopened(document).paragraphs[-2:]
    assert (first.text, second.text) == ("附件：1.任务完成情况汇总表", "2.签到表")
    for row, hanging in ((first, 4), (second, 1)):
        assert row.paragraph_format.left_indent == Pt(6 * 15.8)
        assert row.paragraph_format.first_line_indent == -Pt(hanging * 15.8)
    assert first.paragraph_format.space_before == Pt(28.95)
    assert written(new().attachments([])) == written(new())


@pytest.mark.parametrize(
    ("unit", "name_right", "date_right"),
    [
        ("测试市公安局", 4, 4),
        ("测试市政务服务数据管理局", 1, 4),
        ("测" * 20, 0, 7),
        ("测" * 40, 0, 11),
    ],
)
def test_the_name_is_centred_above_the_date_four_characters_from_the_edge(
    unit, name_right, date_right
):
    name, day = reopened(new().sign(unit, date(2022, 4, 5))).paragraphs[-2:]
    assert (name.text, day.text) == (unit, "2022年4月5日")
    assert name.paragraph_format.right_indent == Pt(name_right * 15.8)
    assert day.paragraph_format.right_indent == Pt(date_right * 15.8)
    assert name.style.paragraph_format.keep_with_next


def test_the_signature_takes_the_last_line_along_and_leaves_room_for_the_seal():
    document = new().paragraph("特此报告。").sign("测试市公安局", None)
    last, name, day = reopened(document).paragraphs[-3:]
    assert last.paragraph_format.keep_with_next
    assert name.paragraph_format.space_before == Pt(2 * 28.95)
    assert day.text == "　　　　年　　月　　日"


def test_note_annex_and_colophon():
    document = new().heading(1, "情况").note("联系人：演示人员01")
    document.annex("汇总表", 1).heading(1, "说明").annex("名单")
    document.colophon(copies_to="市委网信办。", printed_by="办公室", on=date(2022, 4, 6))
    assert written(document)[2:] == [
        ("附注", "（联系人：演示人员01）"),
        ("附件序号", "附件1"),
        ("Title", "汇总表"),
        ("Heading 1", "一、说明"),
        ("附件序号", "附件"),
        ("Title", "名单"),
        ("表后", ""),
    ]
    assert style_of("附件序号").paragraph_format.page_break_before
    opened = reopened(document)
    cells = [cell.text for row in opened.tables[0].rows for cell in row.cells]
    assert cells == ["抄送：市委网信办。", "办公室\t2022年4月6日印发"]
    assert 'tblpYSpec="bottom"' in opened.tables[0]._tbl.xml
    only = reopened(new().colophon(printed_by="办公室")).tables[0]
    assert [cell.text for row in only.rows for cell in row.cells] == ["办公室\t"]


# --- tables --------------------------------------------------------------------------------------


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


# --- any text ------------------------------------------------------------------------------------


def test_whatever_was_typed_opens_again():
    document = OfficialDocument(title=NASTY, number=NASTY, addressee=NASTY)
    document.heading(1, NASTY + "\n换行").paragraph(NASTY).facts([(NASTY, NASTY)])
    document.table([NASTY], [[NASTY]], caption=NASTY).attachments([NASTY, NASTY])
    document.sign(NASTY, date(2022, 4, 5)).note(NASTY).annex(NASTY)
    document.colophon(copies_to=NASTY, printed_by=NASTY)
    clean = "全角“引号”，表情😀，生僻𠮷，控制符，孤立，换向字，标记"
    assert text.clean(NASTY) == clean
    words = written(document)
    assert ("Body Text", clean) in words
    assert sum(clean in line.replace("\n", "") for _style, line in words) == 11


def test_a_very_long_text_is_kept_whole():
    long = "数据" * 100_000
    assert written(new().paragraph(long))[-1][1] == long


def test_an_empty_paragraph_is_none():
    assert written(new().paragraph("  \n\r\n")) == written(new())


# --- the same bytes, and the mark of a demonstration -----------------------------------------------


def test_the_same_calls_give_the_same_bytes():
    def document():
        made = new(addressee="测试市政数局", demo=True).paragraph("正文").table(["甲"], [[1]])
        return made.sign("测试市公安局", date(2022, 4, 5))

    assert document().bytes() == document().bytes()
    once = document()
    assert once.bytes() == once.bytes()
    assert once.bytes() != document().paragraph("再加一段").bytes()


def test_the_properties_tell_the_title_and_no_time_of_writing():
    about = reopened(new()).core_properties
    assert (about.title, about.author, about.language) == ("关于报送履职情况的报告", "", "zh-CN")
    assert about.created == about.modified
    assert about.created.year == 2012


def test_a_demonstration_is_marked_on_odd_and_even_pages():
    (section,) = reopened(new(demo=True)).sections
    for header in (section.header, section.even_page_header):
        assert [row.text for row in header.paragraphs] == ["演示数据"]
        assert header.paragraphs[0].alignment.name == "CENTER"
    (section,) = reopened(new()).sections
    assert section.header.is_linked_to_previous


@pytest.mark.django_db
@pytest.mark.parametrize("is_demo", [True, False])
def test_the_site_itself_says_whether_it_is_a_demonstration(is_demo):
    SiteState.objects.update_or_create(id=1, defaults={"is_demo": is_demo})
    (section,) = reopened(documents.new(title="回执", addressee="测试市公安局")).sections
    assert (not section.header.is_linked_to_previous) is is_demo


# --- small things --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (35, "三十五"),
        (99, "九十九"),
        (100, "100"),
    ],
)
def test_ordinals(number, words):
    assert text.ordinal(number) == words


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("短标题", "短标题"),
        ("自己\n分行的标题" * 3, "自己\n分行的标题" * 3),
        (
            "测试市公安局关于报送首席数据官2022年第一季度履职情况的报告",
            "测试市公安局关于报送首席数据官\n2022年第一季度履职情况的报告",
        ),
        ("一" * 21, "一" * 11 + "\n" + "一" * 10),
        ("A" * 60, "A" * 20 + "\n" + "A" * 40),
    ],
)
def test_a_long_title_is_broken_into_lines_of_nearly_one_length(title, lines):
    assert text.balanced(title) == lines


def test_no_line_of_a_title_begins_or_ends_where_it_must_not():
    title = (
        "测试市政务服务数据管理局关于印发《首席数据官制度试点工作2022年度评价办法（试行）》的通知"
    )
    lines = text.balanced(title).split("\n")
    assert "".join(lines) == title
    assert len(lines) == 3
    assert all(text.width(line) <= 20 for line in lines)
    assert not any(line[0] in "的》）年，" or line[-1] in "《（第" for line in lines)
