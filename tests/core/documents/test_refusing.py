"""Templates that are refused, each with a sentence that says why."""

import pytest

from tests.factories.core import DocumentTemplateFactory

from .templates import KIND, changed, docx, refused, rendered, replaced, texts, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kind", "folder")]


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


def test_an_old_picture_names_no_source_of_its_own():
    picture = (
        b'<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml">'
        b'<v:imagedata src="http://example.org/x.png"/></v:shape></w:pict></w:r>'
    )
    content = replaced(docx("x"), "word/document.xml", b"<w:r>", picture + b"<w:r>")
    assert "引用了文件以外" in refused(content)


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
        # A harmless field right before it, without a space.
        b'<w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
        b'<w:r><w:instrText>INCLUDETEXT "/etc/passwd"</w:instrText></w:r>',
        b'<w:r><w:instrText>DATABASE \\d "C:\\a.mdb"</w:instrText></w:r>',
    ],
)
def test_fields_that_fetch_or_start_something_are_refused(field):
    content = replaced(docx("x"), "word/document.xml", b"<w:r>", field + b"<w:r>")
    assert "从别处取内容的域" in refused(content)


def test_a_page_number_is_a_field_like_any_other(by):
    field = b'<w:fldSimple w:instr=" PAGE "/>'
    content = replaced(docx("{{单位名称}}"), "word/document.xml", b"<w:r>", field + b"<w:r>")
    assert upload(content, by).is_active
