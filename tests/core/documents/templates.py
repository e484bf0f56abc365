"""Templates as Word would save them, and what becomes of them."""

import io
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document

from core.documents import package, services
from core.models import DocumentTemplate

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
