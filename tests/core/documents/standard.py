"""What GB/T 9704-2012 asks of a page, figure by figure: for a document that is open in a word
processor, the writer's own or one that was downloaded."""

from docx.oxml.ns import qn
from docx.shared import Mm, Pt

MILLIMETRES = {
    "page_width": 210,
    "page_height": 297,
    "top_margin": 37,
    "left_margin": 28,
    "right_margin": 26,
    "bottom_margin": 35,
}
# Style: East Asian font, size in points.
FONTS = {
    "Title": ("方正小标宋简体", 22),
    "Normal": ("仿宋", 16),
    "Body Text": ("仿宋", 16),
    "主送机关": ("仿宋", 16),
    "Heading 1": ("黑体", 16),
    "Heading 2": ("楷体", 16),
    "Heading 3": ("仿宋", 16),
    "附件序号": ("黑体", 16),
    "版记": ("仿宋", 14),
    "页码（单页）": ("宋体", 14),
    "页码（双页）": ("宋体", 14),
}


def has_its_margins(opened) -> None:
    for section in opened.sections:
        for name, millimetres in MILLIMETRES.items():
            assert abs(getattr(section, name) - Mm(millimetres)) <= Mm(0.1), name


def holds_22_lines_of_28_characters(opened) -> None:
    for section in opened.sections:
        height = section.page_height - section.top_margin - section.bottom_margin
        width = section.page_width - section.left_margin - section.right_margin
        body = opened.styles["Normal"]
        pitch = body.paragraph_format.line_spacing
        assert pitch == Pt(28.95)
        assert body.paragraph_format.line_spacing_rule.name == "EXACTLY"
        assert 22 <= height / pitch < 23
        closer = int(body.element.find(f".//{qn('w:rPr')}/{qn('w:spacing')}").get(qn("w:val"))) / 20
        assert 28 <= width / Pt(16 + closer) < 29
        grid = section._sectPr.find(qn("w:docGrid"))
        assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")


def font_of(opened, name):
    """East Asian font and size in points, the style's own or that of the document."""
    style = opened.styles[name]
    fonts = style.element.find(f".//{qn('w:rFonts')}")
    if fonts is None:
        fonts = style.element.getparent().find(f"{qn('w:docDefaults')}//{qn('w:rFonts')}")
    assert {fonts.get(qn(f"w:{kind}")) for kind in ("ascii", "hAnsi", "eastAsia", "cs")} == {
        fonts.get(qn("w:eastAsia"))
    }
    return fonts.get(qn("w:eastAsia")), style.font.size.pt if style.font.size else 16


def numbers_its_pages_outside(opened) -> None:
    assert opened.settings.odd_and_even_pages_header_footer
    for section in opened.sections:
        sides = {"RIGHT": section.footer, "LEFT": section.even_page_footer}
        for side, footer in sides.items():
            (line,) = footer.paragraphs
            assert line.text == "— 1 —"
            assert "PAGE" in footer._element.xpath("string(.//w:instrText)")
            assert line.style.paragraph_format.alignment.name == side
        # 7 mm from the type area to the upper edge of the number.
        gap = section.bottom_margin - section.footer_distance - Pt(14)
        assert abs(gap - Mm(7)) < Mm(0.2)


def keeps_the_standard(opened) -> None:
    """Everything above, of every section and style."""
    has_its_margins(opened)
    holds_22_lines_of_28_characters(opened)
    for name, wanted in FONTS.items():
        assert font_of(opened, name) == wanted, name
    numbers_its_pages_outside(opened)
