"""Documents as a word processor sees them."""

import io

from docx import Document

from core.documents import OfficialDocument


def reopened(document):
    return Document(io.BytesIO(document.bytes()))


def written(document):
    """(style, text) of every paragraph of the body."""
    return [(row.style.name, row.text) for row in reopened(document).paragraphs]


def new(**values):
    return OfficialDocument(**{"title": "关于报送履职情况的报告", **values})


def style_of(name, opened=None):
    return (opened or reopened(new())).styles[name]
