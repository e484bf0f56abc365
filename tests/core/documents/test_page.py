"""The page of an official document: GB/T 9704-2012, figure by figure."""

import io
import zipfile

import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from .opened import new, reopened, style_of


def font_of(style):
    """East Asian font and size in points, the style's own or that of the document."""
    fonts = style.element.find(f".//{qn('w:rFonts')}")
    if fonts is None:
        fonts = style.element.getparent().find(f"{qn('w:docDefaults')}//{qn('w:rFonts')}")
    assert {fonts.get(qn(f"w:{kind}")) for kind in ("ascii", "hAnsi", "eastAsia", "cs")} == {
        fonts.get(qn("w:eastAsia"))
    }
    return fonts.get(qn("w:eastAsia")), style.font.size.pt if style.font.size else 16


def test_the_page_is_a4_with_the_margins_of_the_standard():
    (section,) = reopened(new()).sections
    near = Mm(0.1)
    wanted = {
        "page_width": 210,
        "page_height": 297,
        "top_margin": 37,
        "left_margin": 28,
        "right_margin": 26,
        "bottom_margin": 35,
    }
    for name, millimetres in wanted.items():
        assert abs(getattr(section, name) - Mm(millimetres)) <= near, name


def test_the_type_area_holds_22_lines_of_28_characters():
    opened = reopened(new())
    (section,) = opened.sections
    height = section.page_height - section.top_margin - section.bottom_margin
    width = section.page_width - section.left_margin - section.right_margin
    body = style_of("Normal", opened)
    pitch = body.paragraph_format.line_spacing
    assert pitch == Pt(28.95)
    assert body.paragraph_format.line_spacing_rule.name == "EXACTLY"
    assert 22 <= height / pitch < 23
    closer = int(body.element.find(f".//{qn('w:rPr')}/{qn('w:spacing')}").get(qn("w:val"))) / 20
    assert 28 <= width / Pt(16 + closer) < 29
    grid = section._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")


@pytest.mark.parametrize(
    ("style", "font", "size"),
    [
        ("Title", "方正小标宋简体", 22),
        ("Normal", "仿宋", 16),
        ("Body Text", "仿宋", 16),
        ("主送机关", "仿宋", 16),
        ("heading 1", "黑体", 16),
        ("heading 2", "楷体", 16),
        ("heading 3", "仿宋", 16),
        ("附件序号", "黑体", 16),
        ("版记", "仿宋", 14),
        ("页码（单页）", "宋体", 14),
        ("页码（双页）", "宋体", 14),
    ],
)
def test_every_element_has_its_font_and_size(style, font, size):
    names = {row.name: row for row in reopened(new()).styles}
    assert font_of(names[style.replace("heading", "Heading")]) == (font, size)


def test_the_body_is_black_and_begins_two_characters_in():
    indent = style_of("Body Text").element.find(f".//{qn('w:ind')}")
    assert indent.get(qn("w:firstLineChars")) == "200"
    assert int(indent.get(qn("w:firstLine"))) == 2 * 316
    defaults = reopened(new()).styles.element.find(f"{qn('w:docDefaults')}//{qn('w:color')}")
    assert defaults.get(qn("w:val")) == "000000"


def test_page_numbers_stand_outside_between_dashes():
    opened = reopened(new())
    assert opened.settings.odd_and_even_pages_header_footer
    (section,) = opened.sections
    sides = {"RIGHT": section.footer, "LEFT": section.even_page_footer}
    for side, footer in sides.items():
        (line,) = footer.paragraphs
        assert line.text == "— 1 —"
        assert "PAGE" in footer._element.xpath("string(.//w:instrText)")
        assert line.style.paragraph_format.alignment.name == side
    # 7 mm from the type area to the upper edge of the number.
    gap = section.bottom_margin - section.footer_distance - Pt(14)
    assert abs(gap - Mm(7)) < Mm(0.2)


def test_the_fonts_name_what_a_machine_without_them_may_take():
    with zipfile.ZipFile(io.BytesIO(new().bytes())) as archive:
        table = archive.read("word/fontTable.xml").decode()
    for font in ("仿宋", "黑体", "楷体", "宋体", "方正小标宋简体"):
        assert f'w:name="{font}"' in table
    assert table.count("Noto") == 5


def test_nothing_is_red_and_there_is_no_picture():
    with zipfile.ZipFile(io.BytesIO(new(number="测府〔2022〕1号").bytes())) as archive:
        parts = archive.namelist()
        body = archive.read("word/document.xml") + archive.read("word/styles.xml")
    assert b"FF0000" not in body
    assert not any("media" in name for name in parts)
