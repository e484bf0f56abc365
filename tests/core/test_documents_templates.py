"""Templates that a body puts in the place of the portal's own documents."""

import io
import zipfile
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from docx import Document

from core import files
from core.documents import kinds, package, services
from core.errors import MoveNotAllowed
from core.models import AuditEntry, DocumentTemplate, SiteState
from tests.factories.accounts import UserFactory
from tests.factories.core import DocumentTemplateFactory

pytestmark = pytest.mark.django_db

KIND, HOLDER = "test-receipt", "440300-zsj"
FIELDS = {
    "unit": "单位名称",
    "filed_on": "备案日期",
    "secret": "电话",
    "items.title": "事项.名称",
    "items.due_on": "事项.截止",
    "people.name": "人员.姓名",
}
SAMPLE = {
    "unit": "测试市公安局",
    "filed_on": date(2022, 4, 5),
    "secret": "13800000000",
    "items": [{"title": "培训", "due_on": date(2022, 3, 31)}],
    "people": [{"name": "演示人员01"}],
}
CONTEXT = {
    "unit": "教育局",
    "filed_on": date(2022, 3, 1),
    "items": [
        {"title": "目录\n编制", "due_on": date(2022, 4, 30)},
        {"title": "开放", "due_on": None},
    ],
}


@pytest.fixture(autouse=True)
def kind():
    declared = kinds.register(KIND, "备案回执", FIELDS, SAMPLE)
    yield declared
    del kinds._kinds[KIND]


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def by():
    return UserFactory(display_name="王芳")


def docx(*paragraphs, rows=(), header=""):
    """A template as Word would save it: paragraphs, one table, a page header."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if rows:
        table = document.add_table(len(rows), len(rows[0]))
        for place, texts in enumerate(rows):
            for cell, text in zip(table.rows[place].cells, texts, strict=True):
                cell.text = text
    if header:
        document.sections[0].header.paragraphs[0].text = header
    return package.saved(document)


def changed(content, **parts):
    """The package with parts put in: keys with __ for / and _ for . in front of the ending."""
    held = package.unpacked(content)
    for name, part in parts.items():
        held[name.replace("__", "/")[::-1].replace("_", ".", 1)[::-1]] = part
    return package.packed(held)


def replaced(content, name, old, new):
    held = package.unpacked(content)
    assert old in held[name]
    held[name] = held[name].replace(old, new)
    return package.packed(held)


def upload(content, by=None, *, name="回执模板.docx", holder=HOLDER):
    uploaded = SimpleUploadedFile(name, content)
    return services.upload_template(KIND, holder, uploaded=uploaded, by=by)


def refused(content, name="回执模板.docx"):
    """The sentences of refusal; nothing was kept."""
    with pytest.raises(ValidationError) as caught:
        upload(content, name=name)
    assert not DocumentTemplate.objects.exists()
    return "；".join(caught.value.messages)


def rendered(context=CONTEXT, holder=HOLDER):
    content = services.render(KIND, holder, context, build=lambda: b"built-in")
    return content if content == b"built-in" else Document(io.BytesIO(content))


def texts(document):
    return [row.text for row in document.paragraphs]


# --- kinds ---------------------------------------------------------------------------------------


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


# --- filling -------------------------------------------------------------------------------------


def test_without_a_template_the_portal_writes_the_document_itself(by):
    assert rendered() == b"built-in"
    upload(docx("{{单位名称}}"), by, holder="other-body")
    assert rendered() == b"built-in"


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


# --- keeping -------------------------------------------------------------------------------------


def test_a_new_template_ends_the_one_before_and_keeps_it(by):
    first = upload(docx("第一版{{单位名称}}"), by)
    second = upload(docx("第二版{{单位名称}}"), by, name="新/模板.docx")
    first.refresh_from_db()
    assert list(services.history(KIND, HOLDER)) == [second, first]
    assert services.active_template(KIND, HOLDER) == second
    assert (second.file_name, second.uploaded_by, second.uploaded_by_id) == (
        "模板.docx",
        by.audit_label,
        by.pk,
    )
    assert (first.is_active, first.ended_by, first.ended_by_id) == (False, by.audit_label, by.pk)
    assert str(second) == f"{KIND} {HOLDER} 模板.docx"
    assert texts(rendered()) == ["第二版教育局"]
    entry = AuditEntry.objects.filter(verb="template.upload").latest("id")
    assert (entry.before, entry.after) == (
        {"file_name": "回执模板.docx"},
        {"file_name": "模板.docx"},
    )
    assert (entry.unit_code, entry.actor) == (HOLDER, by.audit_label)


def test_going_back_to_the_portals_own_form_happens_once(by):
    template = upload(docx("{{单位名称}}"), by)
    services.end_template(template, by=by)
    assert rendered() == b"built-in"
    assert AuditEntry.objects.get(verb="template.end").after == {"file_name": ""}
    with pytest.raises(MoveNotAllowed, match=r"“回执模板\.docx”已由王芳.*停用"):
        services.end_template(template, by=by)


def test_the_database_keeps_one_active_template_and_whole_ends():
    row = DocumentTemplateFactory(kind=KIND)
    for fault in ({"ended_at": row.uploaded_at}, {"ended_by": "某人"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DocumentTemplate.objects.filter(pk=row.pk).update(**fault)
    with pytest.raises(IntegrityError), transaction.atomic():
        DocumentTemplateFactory(kind=KIND)


# --- what is refused -----------------------------------------------------------------------------


def test_unknown_placeholders_are_named_and_the_known_ones_listed():
    said = refused(docx("{{单位}}和{{电话}}", rows=[("{{事项.备注}}",)]))
    assert (
        "没有占位符{{单位}}、{{事项.备注}}；可以用的有{{单位名称}}、{{备案日期}}、{{电话}}" in said
    )
    assert "备案回执" in said


@pytest.mark.parametrize(
    "attack",
    [
        "{{ ''.__class__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ config }}",
        "{{ unit.__class__ }}",
        "{{ items.__len__ }}",
        "{{ 7*7 }}",
        "{{ self._TemplateReference__context }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ unit|attr('__class__') }}",
        "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
        "{{ {}.__class__ }}",
    ],
)
def test_a_template_is_no_program(attack):
    said = refused(docx(attack))
    assert "没有占位符" in said or "花括号不成对" in said
    # Even one that came past the check gets nothing but itself.
    DocumentTemplateFactory(kind=KIND, content=docx(attack))
    assert texts(rendered()) == [attack]


def test_braces_without_their_pair_are_quoted():
    assert "“致{{单位名称”里的花括号不成对" in refused(docx("致{{单位名称"))
    assert "不能写程序语句" in refused(docx("{% if x %}"))


def test_columns_of_a_list_stand_in_rows_each_list_in_its_own():
    assert "{{事项.名称}}是列表里的一栏" in refused(docx("{{事项.名称}}"))
    assert "不同列表分到不同的行" in refused(docx(rows=[("{{事项.名称}}", "{{人员.姓名}}")]))


def test_every_fault_is_said_at_once():
    said = refused(docx("{{甲}}", "{{乙", "{{事项.名称}}"))
    assert said.count("；") >= 3


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "模板.docx", "是空文件"),
        (b"no docx at all", "模板.docx", "打不开"),
        (b"%PDF-1.4\n%%EOF", "模板.pdf", "模板要用Word文档"),
        (docx("x"), "模板.docm", "宏"),
        (docx("x"), "模板.doc", "旧版Office"),
        (docx("x")[:-40], "模板.docx", "没有传完或已损坏"),
        (changed(docx("x"), word__vbaProject_bin=b"x"), "模板.docx", "宏"),
    ],
)
def test_a_file_that_is_no_sound_document_is_refused(content, name, sentence):
    assert sentence in refused(content, name)


def test_a_zip_bomb_is_refused_before_it_is_read():
    bomb = changed(docx("x"), word__media__a_xml=b" " * (60 * 2**20))
    assert len(bomb) < 2**20
    assert "解压后过大" in refused(bomb)


def test_a_template_that_would_be_slow_to_open_every_time_is_refused(monkeypatch):
    monkeypatch.setattr("core.documents.checking.MOST_BYTES", 1000)
    assert "模板里的内容过大" in refused(docx("x"))


MAIN = b"wordprocessingml.document.main+xml"


@pytest.mark.parametrize(
    "other", [b"wordprocessingml.template.main+xml", b"presentationml.slides+xml"]
)
def test_a_word_template_or_another_document_is_not_taken_for_one(other):
    assert "模板要用Word文档" in refused(replaced(docx("x"), "[Content_Types].xml", MAIN, other))


def test_entities_are_neither_resolved_nor_taken():
    bomb = b'<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><w:document'
    content = replaced(docx("x{{单位名称}}"), "word/document.xml", b"<w:document", bomb)
    assert "文档类型声明" in refused(content)
    outside = b'<!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:document'
    assert "文档类型声明" in refused(
        replaced(docx("x"), "word/document.xml", b"<w:document", outside)
    )


def test_broken_xml_and_parts_that_are_missing_are_said_to_be_broken():
    assert "已损坏" in refused(replaced(docx("x"), "word/document.xml", b"</w:body>", b""))
    assert "已损坏" in refused(
        replaced(docx("x"), "word/_rels/document.xml.rels", b"styles.xml", b"nothing.xml")
    )


RELATION = (
    b'<Relationship Id="rId99" Type="http://x/%s" Target="http://example.org/x" TargetMode="%s"/>'
    b"</Relationships>"
)


@pytest.mark.parametrize(
    ("relation", "mode", "is_refused"),
    [
        (b"attachedTemplate", b"External", True),
        (b"image", b"External", True),
        (b"oleObject", b"External", True),
        (b"hyperlink", b"External", False),
    ],
)
def test_nothing_is_fetched_from_outside_but_a_link_may_be_written(relation, mode, is_refused, by):
    added = RELATION % (relation, mode)
    content = replaced(
        docx("{{单位名称}}"), "word/_rels/document.xml.rels", b"</Relationships>", added
    )
    if is_refused:
        assert "引用了文件以外" in refused(content)
    else:
        assert upload(content, by).is_active


def test_another_document_inside_is_refused():
    added = b'<Relationship Id="rId99" Type="http://x/aFChunk" Target="x.html"/></Relationships>'
    content = replaced(docx("x"), "word/_rels/document.xml.rels", b"</Relationships>", added)
    assert "引用了文件以外" in refused(content)
    assert "嵌有其他文件" in refused(changed(docx("x"), word__embeddings__a_bin=b"x"))


@pytest.mark.parametrize(
    "field",
    [
        b'<w:r><w:instrText> INCLUDE</w:instrText></w:r><w:r><w:instrText>TEXT "/etc/passwd"</w:instrText></w:r>',
        b'<w:fldSimple w:instr=" DDEAUTO c:\\\\cmd.exe "/>',
    ],
)
def test_fields_that_fetch_or_start_something_are_refused(field):
    content = replaced(docx("x"), "word/document.xml", b"<w:r>", field + b"<w:r>")
    assert "从别处取内容的域" in refused(content)


def test_a_page_number_is_a_field_like_any_other(by):
    field = b'<w:fldSimple w:instr=" PAGE "/>'
    content = replaced(docx("{{单位名称}}"), "word/document.xml", b"<w:r>", field + b"<w:r>")
    assert upload(content, by).is_active


def test_the_package_is_as_word_wants_it(by):
    upload(docx("{{单位名称}}"), by)
    content = services.render(KIND, HOLDER, CONTEXT, build=bytes)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "[Content_Types].xml"
