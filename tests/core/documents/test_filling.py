"""Templates of a body's own, filled."""

import io
import zipfile

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy
from docx import Document

from core import files
from core.documents import kinds, package, services
from core.models import SiteState
from tests.factories.core import DocumentTemplateFactory

from .templates import CONTEXT, HOLDER, KIND, docx, rendered, replaced, texts, upload

DONE = gettext_lazy("已完成")
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kind", "folder")]


def test_a_kind_is_declared_once_and_completely(kind):
    assert kinds.get(KIND) is kind
    assert kind in kinds.registered()
    with pytest.raises(ValueError, match="twice"):
        kinds.register(KIND, "", {}, {})
    with pytest.raises(ValueError, match="one placeholder"):
        kinds.register("other", "", {"a": "甲", "b": "甲"}, {"a": 1, "b": 1})
    fields = {"a": "甲", "b": "乙", "rows.x": "行.甲", "none.y": "空.甲"}
    with pytest.raises(ValueError, match=r"has no b, rows\.x, none\.y"):
        kinds.register("other", "", fields, {"a": 1, "rows": [{}], "none": []})
    with pytest.raises(KeyError):
        kinds.get("other")


def test_the_page_can_list_the_placeholders_with_examples():
    assert services.field_list(KIND) == [
        ("{{单位名称}}", "测试市公安局"),
        ("{{备案日期}}", "2022年4月5日"),
        ("{{电话}}", "13800000000"),
        ("{{事项.名称}}", "培训"),
        ("{{事项.截止}}", "2022年3月31日"),
        ("{{人员.姓名}}", "演示人员01"),
    ]


def test_the_starter_holds_every_placeholder_and_can_be_uploaded_as_it_is(by):
    upload(services.starter(KIND), by)
    opened = rendered()
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in opened.tables]
    assert tables == [
        [["单位名称", "教育局"], ["备案日期", "2022年3月1日"], ["电话", ""]],
        [["名称", "截止"], ["目录\n编制", "2022年4月30日"], ["开放", ""]],
        [["姓名"], [""]],
    ]


def test_without_a_template_the_portal_writes_the_document_itself(by):
    assert rendered() == b"built-in"
    upload(docx("{{单位名称}}"), by, holder="other-body")
    assert rendered() == b"built-in"


def test_a_document_is_chinese_for_a_reader_of_english_too(by):
    with translation.override("en"):
        made = services.render(KIND, HOLDER, {}, build=lambda: str(DONE).encode())
        assert (made.decode(), str(DONE)) == ("已完成", "Done")
        upload(docx("{{单位名称}}"), by)
        assert texts(rendered({"unit": DONE})) == ["已完成"]


def test_a_template_is_filled_in_body_table_and_header(by):
    rows = [("事项", "截止"), ("{{事项.名称}}", "{{单位名称}}{{ items.due_on }}")]
    upload(docx("致{{ 单位名称 }}：", "｛｛备案日期｝｝收到。", rows=rows, header="{{unit}}"), by)
    opened = rendered()
    assert texts(opened) == ["致教育局：", "2022年3月1日收到。"]
    assert [[cell.text for cell in row.cells] for row in opened.tables[0].rows] == [
        ["事项", "截止"],
        ["目录\n编制", "教育局2022年4月30日"],
        ["开放", "教育局"],
    ]
    assert opened.sections[0].header.paragraphs[0].text == "教育局"


def test_a_placeholder_cut_into_runs_keeps_the_font_of_its_first(by):
    document = Document()
    line = document.add_paragraph("致")
    line.add_run("{{单").bold = True
    line.add_run("位")
    line.add_run("名称}}（{{电")
    line.add_run("话}}）")
    upload(package.saved(document), by)
    (filled,) = rendered(CONTEXT | {"secret": "1"}).paragraphs
    assert filled.text == "致教育局（1）"
    assert [run.text for run in filled.runs if run.bold] == ["教育局"]


def test_a_text_box_is_filled_apart_from_the_paragraph_around_it(by):
    box = (
        '<w:r><w:pict xmlns:v="urn:schemas-microsoft-com:vml"><v:shape><v:textbox><w:txbxContent>'
        "<w:p><w:r><w:t>{{电话}}</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    )
    content = docx("甲{{单位名称}}乙")
    upload(
        replaced(
            content,
            "word/document.xml",
            "甲".encode(),
            "甲</w:t></w:r>".encode() + box.encode() + b"<w:r><w:t>",
        ),
        by,
    )
    (line,) = rendered(CONTEXT | {"secret": "139"}).paragraphs
    assert line.text == "甲教育局乙"
    assert [node.text for node in line._p.xpath(".//w:txbxContent//w:t")] == ["139"]


def test_a_list_with_nothing_in_it_leaves_one_empty_row(by):
    upload(docx(rows=[("事项",), ("{{事项.名称}}",)]), by)
    rows = rendered({"items": []}).tables[0].rows
    assert [row.cells[0].text for row in rows] == ["事项", ""]


def test_a_table_in_a_repeated_row_is_copied_with_it(by):
    document = Document()
    cell = document.add_table(1, 1).rows[0].cells[0]
    cell.text = "{{事项.名称}}"
    cell.add_table(1, 1).rows[0].cells[0].text = "{{人员.姓名}}"
    upload(package.saved(document), by)
    table = rendered(CONTEXT | {"people": [{"name": "甲"}, {"name": "乙"}]}).tables[0]
    assert [row.cells[0].paragraphs[0].text for row in table.rows] == ["目录\n编制", "开放"]
    inner = [[row.cells[0].text for row in row.cells[0].tables[0].rows] for row in table.rows]
    assert inner == [["甲", "乙"], ["甲", "乙"]]


def test_what_was_typed_is_text_whatever_it_looks_like(by):
    rows = [("{{事项.名称}}", "{{单位名称}}")]
    upload(docx("{{单位名称}}", rows=rows), by)
    typed = "{{电话}}｛｛电话｝｝{% x %}<w:p/>&amp;\x00{{ ''.__class__ }}"
    opened = rendered({"unit": typed, "secret": "139", "items": [{"title": typed}]})
    wanted = typed.replace("\x00", "")
    assert texts(opened) == [wanted]
    assert [cell.text for cell in opened.tables[0].rows[0].cells] == [wanted, wanted]


def test_the_same_facts_give_the_same_bytes(by):
    upload(docx("{{单位名称}}"), by)
    once, twice = (services.render(KIND, HOLDER, CONTEXT, build=bytes) for _time in range(2))
    assert once == twice


def test_a_placeholder_that_the_kind_no_longer_has_stays_to_be_seen():
    DocumentTemplateFactory(kind=KIND, content=docx("{{旧名称}}{{单位名称}}"))
    assert texts(rendered()) == ["{{旧名称}}教育局"]


def test_a_lost_or_altered_file_does_not_keep_the_document_from_being_written(by):
    template = upload(docx("{{单位名称}}"), by)
    files.path_of(template.file.sha256).unlink()
    assert rendered() == b"built-in"
    files.path_of(template.file.sha256).write_bytes(b"altered")
    assert rendered() == b"built-in"


def test_an_unknown_kind_is_a_fault_of_the_caller():
    with pytest.raises(KeyError):
        services.render("unknown", HOLDER, {}, build=bytes)


def test_a_sample_can_be_looked_at_and_says_that_it_is_one(by):
    template = upload(docx("{{单位名称}}：{{电话}}"), by)
    opened = Document(io.BytesIO(services.render_sample(template)))
    assert texts(opened) == ["测试市公安局：13800000000"]
    assert opened.sections[0].header.paragraphs[0].text == "演示数据"


def test_a_demonstration_site_marks_every_kind_of_page_header(by):
    SiteState.objects.update_or_create(id=1, defaults={"is_demo": True})
    document = Document(io.BytesIO(docx("{{单位名称}}", header="抬头")))
    document.settings.odd_and_even_pages_header_footer = True
    document.sections[0].different_first_page_header_footer = True
    document.add_section().header.is_linked_to_previous = False
    document.add_section()
    upload(package.saved(document), by)
    first, second, third = rendered().sections
    assert [row.text for row in first.header.paragraphs] == ["演示数据", "抬头"]
    for header in (first.even_page_header, first.first_page_header, second.header, third.header):
        assert [row.text for row in header.paragraphs] == ["演示数据"]
    assert third.header.is_linked_to_previous


def test_a_header_made_of_a_table_is_marked_too(by):
    SiteState.objects.update_or_create(id=1, defaults={"is_demo": True})
    document = Document(io.BytesIO(docx("{{单位名称}}", header="抬头")))
    header = document.sections[0].header
    header.add_table(1, 1, 100)
    header._element.remove(header.paragraphs[0]._p)
    upload(package.saved(document), by)
    assert "演示数据" in rendered().sections[0].header._element.xpath("string(.)")


def test_the_package_is_as_word_wants_it(by):
    upload(docx("{{单位名称}}"), by)
    content = services.render(KIND, HOLDER, CONTEXT, build=bytes)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "[Content_Types].xml"
