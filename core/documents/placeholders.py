"""Placeholders 「{{单位名称}}」 in the XML of a document: found, and replaced by plain text.

There is no language behind them, on purpose: nothing is evaluated, so nothing can be reached. Word
cuts one placeholder into several runs as it likes; it is read over the runs and written into the
first of them, whose font it keeps.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from docx.oxml.ns import qn
from lxml import etree

from .elements import element
from .kinds import DocumentKind
from .text import shown

PLACEHOLDER = re.compile(r"[{｛]{2}\s*([^{}｛｝]*?)\s*[}｝]{2}")
PARAGRAPH, ROW, TEXT = qn("w:p"), qn("w:tr"), qn("w:t")
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
# Where text that is seen can stand, besides the document itself.
PARTS = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes)\.xml")

# Braces in a value are held back until all is filled: what somebody typed is never a placeholder.
# (clean() lets neither of these characters through.)
HELD = str.maketrans({"{": "\ufdd0", "｛": "\ufdd1"})
RELEASED = str.maketrans({"\ufdd0": "{", "\ufdd1": "｛"})

Lookup = Callable[[str], str | None]


def read(part: bytes) -> Any:
    """The part as a tree. Entities are not resolved and nothing is fetched; raises
    etree.XMLSyntaxError for what is no XML."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return etree.fromstring(part, parser)


def fill(
    parts: Mapping[str, bytes], kind: DocumentKind, context: Mapping[str, Any]
) -> dict[str, bytes]:
    """The parts of a template with every placeholder of `kind` replaced from `context`. A row of a
    table with columns of a list comes once for each entry, once and empty for an empty list. One
    that the kind does not know stays as it is, to be seen."""
    filled = dict(parts)
    for name in filter(PARTS.fullmatch, parts):
        root = read(parts[name])
        # From the last to the first, so that a table inside a row is ready when its row is copied.
        for row in reversed(list(root.iter(ROW))):
            if key := next((key for key in lists_of(row, kind) if key), ""):
                _repeat(row, kind, key, context.get(key) or [{}])
        _fill(root, _plain(kind, context))
        for piece in root.iter(TEXT):
            piece.text = (piece.text or "").translate(RELEASED)
        filled[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return filled


def found(root: Any) -> list[str]:
    """The names of all placeholders under `root`, each once, in their order."""
    texts = (_text(pieces) for _paragraph, pieces in _paragraphs(root))
    return list(dict.fromkeys(name for text in texts for name in PLACEHOLDER.findall(text)))


def left_over(root: Any) -> list[str]:
    """Texts in which braces are left that make no placeholder: 「{{单位」, 「{% if %}」."""
    texts = (_text(pieces) for _paragraph, pieces in _paragraphs(root))
    return [
        text for text in texts if re.search(r"[{｛]{2}|[}｝]{2}|{%|%}", PLACEHOLDER.sub("", text))
    ]


def lists_of(row: Any, kind: DocumentKind) -> set[str]:
    """Keys of the lists whose columns stand in this row itself; '' stands for plain placeholders."""
    own = (pieces for paragraph, pieces in _paragraphs(row) if _row_of(paragraph) is row)
    return {kind.list_of(name) for pieces in own for name in PLACEHOLDER.findall(_text(pieces))}


def outside_rows(root: Any, kind: DocumentKind) -> list[str]:
    """Columns of a list that stand in no row of a table, where nothing can be repeated."""
    free = (pieces for paragraph, pieces in _paragraphs(root) if _row_of(paragraph) is None)
    names = (name for pieces in free for name in PLACEHOLDER.findall(_text(pieces)))
    return [name for name in names if kind.list_of(name)]


def _plain(kind: DocumentKind, context: Mapping[str, Any]) -> Lookup:
    known = kind.placeholders

    def lookup(name: str) -> str | None:
        return shown(context.get(known[name])) if name in known else None

    return lookup


def _repeat(row: Any, kind: DocumentKind, key: str, entries: Sequence[Mapping[str, Any]]) -> None:
    """Put a copy for each entry where `row` stands, with the columns of the list `key` replaced."""
    known = kind.placeholders
    for entry in entries:
        copy = deepcopy(row)
        row.addprevious(copy)

        def lookup(name: str, entry: Mapping[str, Any] = entry) -> str | None:
            if kind.list_of(name) != key:
                return None
            return shown(entry.get(known[name].partition(".")[2]))

        _fill(copy, lookup)
    row.getparent().remove(row)


def _fill(root: Any, lookup: Lookup) -> None:
    for _paragraph, pieces in _paragraphs(root):
        matches = list(PLACEHOLDER.finditer(_text(pieces)))
        for match in reversed(matches):
            words = lookup(match[1])
            if words is not None:
                _replace(pieces, match.start(), match.end(), words.translate(HELD))
        if matches:
            for piece in pieces:
                _break_lines(piece)


def _paragraphs(root: Any) -> Iterator[tuple[Any, list[Any]]]:
    """Each paragraph with its own pieces of text; those of a text box in it are another's."""
    for paragraph in root.iter(PARAGRAPH):
        pieces = paragraph.iter(TEXT)
        yield paragraph, [p for p in pieces if next(p.iterancestors(PARAGRAPH)) is paragraph]


def _text(pieces: Sequence[Any]) -> str:
    return "".join(piece.text or "" for piece in pieces)


def _row_of(paragraph: Any) -> Any:
    return next(paragraph.iterancestors(ROW), None)


def _replace(pieces: Sequence[Any], start: int, end: int, words: str) -> None:
    """Put `words` into the first piece between the two places of the text, and cut the others."""
    place, is_written = 0, False
    for piece in pieces:
        text = piece.text or ""
        first, last = max(start - place, 0), min(end - place, len(text))
        place += len(text)
        if first < last:
            piece.text = text[:first] + ("" if is_written else words) + text[last:]
            piece.set(SPACE, "preserve")
            is_written = True


def _break_lines(piece: Any) -> None:
    """Make line breaks of the newlines in a text."""
    first, *rest = (piece.text or "").split("\n")
    piece.text = first
    for line in reversed(rest):
        more = element("t")
        more.text = line
        more.set(SPACE, "preserve")
        piece.addnext(more)
        piece.addnext(element("br"))
