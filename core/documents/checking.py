"""Whether a .docx may be a template. The upload itself was found whole and without macros before
(core.uploads); here is what a template must not do besides, and what it has to understand."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from docx.oxml.ns import qn
from lxml import etree

from ..words import listed
from . import placeholders
from .kinds import DocumentKind

MOST_BYTES = 30 * 2**20  # unpacked: every document written by it is unpacked again
MAIN = b"officedocument.wordprocessingml.document.main+xml"
EMBEDDED = re.compile(r"word/(embeddings|activeX)/")
# Text and pictures that a word processor would fetch from elsewhere, or programs it would start.
FETCHING = re.compile(
    r"\b(INCLUDE|INCLUDETEXT|INCLUDEPICTURE|DDE|DDEAUTO|LINK|IMPORT|DATABASE|RD)\b", re.IGNORECASE
)
INSTRUCTIONS = (qn("w:instrText"), qn("w:delInstrText"), qn("w:fldChar"))
PICTURES = tuple(
    f"{{urn:schemas-microsoft-com:vml}}{tag}" for tag in ("imagedata", "fill", "stroke")
)
NOT_DOCX = gettext_lazy("模板要用Word文档（docx）格式，另存为docx再传")
BROKEN = gettext_lazy("模板内容已损坏，用Word打开后另存一份再传")
SHOWN_AT_MOST = 30  # characters of a faulty text that are quoted


def check(parts: Mapping[str, bytes], kind: DocumentKind) -> None:
    """Raise ValidationError, with a sentence for every fault, unless the parts are a template that
    is safe to open and holds only placeholders of `kind`."""
    if MAIN not in parts.get("[Content_Types].xml", b"") or "word/document.xml" not in parts:
        raise ValidationError(NOT_DOCX, "kind")
    if sum(map(len, parts.values())) > MOST_BYTES:
        raise ValidationError(_("模板里的内容过大，把图片压缩后再传"), "too_large_inside")
    try:
        roots = {
            name: placeholders.read(parts[name])
            for name in parts
            if name.endswith((".xml", ".rels"))
        }
    except etree.XMLSyntaxError:
        raise ValidationError(BROKEN, "not_whole") from None
    faults = [*_dangers(roots, parts), *_misunderstandings(roots, kind)]
    if faults:
        raise ValidationError([ValidationError(fault, "template") for fault in faults])


def _dangers(roots: Mapping[str, Any], parts: Mapping[str, bytes]) -> Iterator[str]:
    if any(EMBEDDED.match(name) for name in parts):
        yield _("模板里嵌有其他文件或控件，删去后再传")
    if any(root.getroottree().docinfo.doctype for root in roots.values()):
        yield _("模板内容带有文档类型声明，用Word打开后另存一份再传")
    linked = any(_fetches(root) for name, root in roots.items() if name.endswith(".rels"))
    if linked or any(_shows_from_outside(root) for root in roots.values()):
        yield _("模板引用了文件以外的图片或模板，改为插入到文件里再传")
    if any(_fields(root) for root in roots.values()):
        yield _("模板里有从别处取内容的域（如INCLUDETEXT、DDE），删去后再传")


def _fetches(relations: Any) -> bool:
    """Anything outside the file but a plain link, which nobody follows without clicking on it."""
    return any(
        (row.get("TargetMode") == "External" and not row.get("Type", "").endswith("/hyperlink"))
        or row.get("Type", "").endswith("/aFChunk")
        for row in relations.iter("{*}Relationship")
    )


def _shows_from_outside(root: Any) -> bool:
    """An old picture (VML) that names its source itself, past the relations."""
    return any(
        etree.QName(name).localname in {"src", "href"}
        for picture in root.iter(*PICTURES)
        for name in picture.keys()  # noqa: SIM118 - an lxml element is no mapping
    )


def _fields(root: Any) -> bool:
    # Word may cut one instruction into several runs; between two fields stands a mark.
    instructions = ["".join(text.text or " " for text in root.iter(*INSTRUCTIONS))]
    instructions += [field.get(qn("w:instr"), "") for field in root.iter(qn("w:fldSimple"))]
    return any(FETCHING.search(text) for text in instructions)


def _misunderstandings(roots: Mapping[str, Any], kind: DocumentKind) -> Iterator[str]:
    seen = [root for name, root in roots.items() if placeholders.PARTS.fullmatch(name)]
    names = dict.fromkeys(name for root in seen for name in placeholders.found(root))
    known = kind.placeholders
    unknown = [name for name in names if name not in known]
    if unknown:
        yield _("“%(kind)s”里没有占位符%(unknown)s；可以用的有%(known)s") % {
            "kind": kind.label,
            "unknown": listed(_quoted(name) for name in unknown),
            "known": listed(_quoted(name) for name in kind.fields.values()),
        }
    for text in (text for root in seen for text in placeholders.left_over(root)):
        yield _("“%(text)s”里的花括号不成对；占位符写成{{名称}}的样子，不能写程序语句") % {
            "text": text[:SHOWN_AT_MOST]
        }
    for name in (name for root in seen for name in placeholders.outside_rows(root, kind)):
        yield _("%(name)s是列表里的一栏，只能放在表格的一行里，填写时按行重复") % {
            "name": _quoted(name)
        }
    if any(_mixes_lists(root, kind) for root in seen):
        yield _("表格的一行里只能放同一个列表的占位符，把不同列表分到不同的行")


def _mixes_lists(root: Any, kind: DocumentKind) -> bool:
    rows = root.iter(placeholders.ROW)
    return any(len(placeholders.lists_of(row, kind) - {""}) > 1 for row in rows)


def _quoted(name: str) -> str:
    return f"{{{{{name[:SHOWN_AT_MOST]}}}}}"
