"""The few WordprocessingML elements that the writer needs, in one line each."""

from collections.abc import Iterable
from typing import Any

from docx.oxml import OxmlElement
from docx.oxml.ns import qn

TWIPS_PER_CHARACTER = 316  # 156 mm divided by 28 characters
TEXT_WIDTH = 8845  # twips of the type area, 156 mm


def element(name: str, *children: Any, **values: Any) -> Any:
    """`element("jc", val="left")` is <w:jc w:val="left"/>; keyword names are w: attributes."""
    made = OxmlElement(f"w:{name}")
    for key, value in values.items():
        made.set(qn(f"w:{key}"), str(value))
    made.extend(children)
    return made


def paragraph(text: str, style: str, *settings: Any) -> Any:
    """A paragraph of clean text: a newline breaks the line, a tab stays one. `settings` are
    children of w:pPr in the order of the schema."""
    made = element("p", element("pPr", element("pStyle", val=style), *settings))
    if text:
        run = element("r")
        run.text = text
        made.append(run)
    return made


def paragraphs(text: str, style: str) -> Iterable[Any]:
    """One paragraph a line of `text`; an empty text is one empty paragraph."""
    return [paragraph(line, style) for line in text.split("\n")]


def indent(**characters: float) -> Any:
    """w:ind in characters of the grid: indent(left=6, hanging=1)."""
    return element(
        "ind", **{side: round(n * TWIPS_PER_CHARACTER) for side, n in characters.items()}
    )
