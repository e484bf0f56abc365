"""OfficialDocument: a document in the format of GB/T 9704-2012.

Page and styles lie in `blank/` as XML: A4, margins 37/28/26/35 mm (top, left, right, bottom), a grid
of 22 lines (28.95 pt, exact) of 28 characters, body 三号仿宋 with two characters of first-line indent,
page numbers 四号宋体 between dashes, right on odd pages and left on even ones. No red head and no
seal: what the portal writes is a draft for issuing.

Fonts are asked for by the names that Chinese Windows and WPS know: 仿宋, 黑体, 楷体, 宋体, and
方正小标宋简体 for the title. None of them may be shipped with the portal. `blank/fontTable.xml` names
what a reader's machine may take instead (a 华文 or GB2312 font, 宋体 for 小标宋, Noto on Linux), and
core.documents.pdf gives LibreOffice the same choices.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, Self

from docx import Document

from . import package, tables
from .elements import element, indent, paragraph
from .marking import mark_demo
from .text import balanced, chinese_day, clean, ordinal, shown, width

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LINE = 579  # twips
EPOCH = datetime(2012, 7, 1, tzinfo=UTC)  # of an undated document; a clock would change its bytes
ENDS = "。；，、.;, "


class OfficialDocument:
    """A document, written from top to bottom; every method adds to the end and gives the document.

    `title` is broken into lines of a balanced length unless it has its own line breaks; `number` is
    the 发文字号 of one that has been issued; `addressee` the 主送机关 without its colon; `demo` marks
    the header of every page (core.documents.new asks the site). Any text will do: what XML cannot
    hold is left out. The same calls give the same bytes.
    """

    def __init__(
        self, *, title: str, number: str = "", addressee: str = "", demo: bool = False
    ) -> None:
        self._document = Document(io.BytesIO(package.blank()))
        self._body = self._document.element.body
        self._counts = [0, 0, 0, 0]
        self._about(title)
        if demo:
            mark_demo(self._document)
        if number:
            self._add(number, "Number")
        self._add(balanced(clean(title)), "Title")
        if addressee:
            self._add(f"{clean(addressee).rstrip('：: ')}：", "Addressee")

    def heading(self, level: int, text: str, *, numbered: bool = True) -> Self:
        """A heading 一、 / （一） / 1. / （1） of level 1 to 4; it counts itself within the one
        above unless `numbered` is false, and then may bring its own number."""
        if level not in (1, 2, 3, 4):
            raise ValueError("Official documents have headings of level 1 to 4.")
        number = ""
        if numbered:
            self._counts[level - 1] += 1
            self._counts[level:] = [0] * (4 - level)
            number = _number(level, self._counts[level - 1])
        return self._add(number + clean(text).replace("\n", " "), f"Heading{level}")

    def paragraph(self, text: str) -> Self:
        """Body text, two characters in; each line of `text` is a paragraph, blank lines none."""
        for line in clean(text).split("\n"):
            if line.strip():
                self._add(line.strip(), "BodyText")
        return self

    def facts(self, pairs: Iterable[tuple[Any, Any]]) -> Self:
        """A ruled table of label and value; none for no pairs. Values: text, numbers, dates, yes or
        no, or None."""
        kept = list(pairs)
        return self._place(tables.facts(kept)) if kept else self

    def table(
        self,
        headers: Sequence[Any],
        rows: Iterable[Sequence[Any]],
        widths: Sequence[float] | None = None,
        *,
        caption: str = "",
    ) -> Self:
        """A ruled table whose head repeats on each page, under its caption; see tables.table."""
        if caption:
            self._add(caption, "Caption")
        return self._place(tables.table(headers, rows, widths))

    def attachments(self, names: Sequence[str]) -> Self:
        """附件说明, a line below the text: numbered when there are several, wrapped lines under
        the first character of the name, no punctuation after it (§7.3.4). None for no names."""
        for place, name in enumerate(names, 1):
            label = "附件：" if place == 1 else ""
            number = f"{place}." if len(names) > 1 else ""
            hanging = width(label + number)
            left = 5 + width(number)
            settings = [
                element("keepLines"),
                element("spacing", before=LINE if place == 1 else 0),
                indent(left=left, hanging=hanging),
            ]
            self._add(label + number + clean(name).strip().rstrip(ENDS), "Attachment", *settings)
        return self

    def sign(self, unit: str, on: date | None) -> Self:
        """署名 and 成文日期 as for a sealed document (§7.3.5.1): the date four characters from the
        right edge, the name centred above it, two lines left for the seal. None leaves the date to
        be filled in by hand."""
        name = clean(unit).replace("\n", "")
        day = chinese_day(on) if on else "　　　　年　　月　　日"
        middle = max(4 + width(day) / 2, min(width(name), 28) / 2)
        # A signature never stands alone on a page (此页无正文).
        self._body.xpath("./w:p")[-1].get_or_add_pPr().get_or_add_keepNext()
        above = element("spacing", before=2 * LINE)
        self._add(name, "Signature", above, indent(right=max(middle - width(name) / 2, 0)))
        return self._add(day, "Date", indent(right=middle - width(day) / 2))

    def note(self, text: str) -> Self:
        """附注 in brackets below the date (§7.3.6)."""
        words = clean(text).strip().removeprefix("（").removesuffix("）")
        return self._add(f"（{words}）", "Note")

    def annex(self, name: str, number: int | None = None) -> Self:
        """Begin an attachment on a page of its own: 附件 and its number, then its title (§7.3.7).
        Headings count from the beginning again."""
        self._counts = [0, 0, 0, 0]
        self._add(f"附件{number or ''}", "AnnexLabel")
        return self._add(balanced(clean(name)), "Title")

    def colophon(
        self, *, copies_to: str = "", printed_by: str = "", on: date | None = None
    ) -> Self:
        """版记 at the foot of the page it falls on: 抄送机关, 印发机关 and 印发日期 (§7.4).
        (LibreOffice leaves it where the text ends.)"""
        lines = [f"抄送：{clean(copies_to).rstrip(ENDS)}。"] if copies_to else []
        if printed_by:
            day = f"{chinese_day(on)}印发" if on else ""
            lines.append(f"{clean(printed_by)}\t{day}")
        return self._place(tables.colophon(lines)) if lines else self

    def bytes(self) -> bytes:
        """The finished .docx; the document may be written on afterwards."""
        return package.saved(self._document)

    def _about(self, title: str) -> None:
        about = self._document.core_properties
        about.title = clean(title).replace("\n", "")[:255]
        about.created = about.modified = EPOCH

    def _add(self, text: str, style: str, *settings: Any) -> Self:
        made = paragraph(shown(text), style, *settings)
        self._body.insert_element_before(made, "w:sectPr")
        return self

    def _place(self, table: Any) -> Self:
        self._body.insert_element_before(table, "w:sectPr")
        # Without something between them, two tables in a row would become one.
        return self._add("", "AfterTable")


def _number(level: int, count: int) -> str:
    if level == 1:
        return f"{ordinal(count)}、"
    if level == 2:
        return f"（{ordinal(count)}）"
    return f"{count}." if level == 3 else f"（{count}）"
