"""What stands in an official document, from the number to the colophon, whatever was typed."""

from datetime import date

import pytest
from docx.shared import Pt

from core import documents
from core.documents import OfficialDocument, text
from core.models import SiteState

from .opened import new, reopened, style_of, written

NASTY = "全角“引号”，表情😀，生僻𠮷，控制\x00\x08\x1f符，孤立\ud800，换向\u202e字，\ufeff标记\ufdd0"


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
