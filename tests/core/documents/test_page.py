"""The page of an official document: GB/T 9704-2012, figure by figure."""

import io
import zipfile

import pytest
from docx.oxml.ns import qn

from . import standard
from .opened import new, reopened, style_of


def test_the_page_is_a4_with_the_margins_of_the_standard():
    opened = reopened(new())
    assert len(opened.sections) == 1
    standard.has_its_margins(opened)


def test_the_type_area_holds_22_lines_of_28_characters():
    standard.holds_22_lines_of_28_characters(reopened(new()))


@pytest.mark.parametrize("style", standard.FONTS)
def test_every_element_has_its_font_and_size(style):
    assert standard.font_of(reopened(new()), style) == standard.FONTS[style]


def test_the_body_is_black_and_begins_two_characters_in():
    indent = style_of("Body Text").element.find(f".//{qn('w:ind')}")
    assert indent.get(qn("w:firstLineChars")) == "200"
    assert int(indent.get(qn("w:firstLine"))) == 2 * 316
    defaults = reopened(new()).styles.element.find(f"{qn('w:docDefaults')}//{qn('w:color')}")
    assert defaults.get(qn("w:val")) == "000000"


def test_page_numbers_stand_outside_between_dashes():
    standard.numbers_its_pages_outside(reopened(new()))


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
