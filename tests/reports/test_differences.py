"""What is marked between two texts, and how a section stands to the one before."""

import pytest

from reports.queries import comparing
from reports.queries.comparing import compared
from reports.queries.differences import GONE, NEW, SAME, Piece, are_alike, differences


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("同样的话。", "同样的话。"),
        ("编目300项。", "编目500项。"),
        ("没有了。", ""),
        ("", "新写的。"),
        ("甲乙丙丁戊己庚辛", "甲乙丁丙戊己辛庚"),
        ("第一句。第二句。" * 200, "第一句。另一句。" * 200),
        ("a.b 12.5%", "a.b 13.5%"),
    ],
)
def test_the_pieces_make_up_both_texts(before, after):
    pieces = differences(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != NEW) == before
    assert "".join(piece.text for piece in pieces if piece.kind != GONE) == after


def test_a_number_is_marked_as_a_whole():
    assert differences("编目300项。", "编目500项。") == [
        Piece(SAME, "编目"),
        Piece(GONE, "300"),
        Piece(NEW, "500"),
        Piece(SAME, "项。"),
    ]


def test_a_few_characters_between_two_changes_are_marked_with_them():
    pieces = differences("开头部分甲的乙结尾部分", "开头部分丙的丁结尾部分")
    assert [piece.text for piece in pieces] == ["开头部分", "甲的乙", "丙的丁", "结尾部分"]


def test_texts_that_share_little_are_not_marked():
    assert are_alike("召开协调会两次。", "召开协调会三次。")
    assert not are_alike("召开协调会两次。", "完成系统改造和验收工作")


def section(**facts):
    whole = {
        "key": "a",
        "area": "a",
        "heading": "推进数据治理",
        "body": "",
        "problems": "",
        "next_steps": "",
        "completion": "under_way",
        "origins": {},
        "items": [],
        "figures": [],
        "evidence": [],
    }
    return {"sections": [whole | facts]}


def states(now, before):
    return [told.state for told in compared(now, before)[0].texts]


def test_each_text_says_how_it_stands_to_the_one_before():
    before = section(body="召开协调会两次，完成编目。", problems="经费不足。", next_steps="继续。")
    now = section(body="召开协调会三次，完成编目。", problems="", next_steps="继续。")
    assert states(now, before) == ["changed", "emptied", "unchanged"]
    assert states(now, None) == ["alone"] * 3
    assert states(before, section()) == ["added"] * 3
    assert states(section(body="完全是另外一段文字"), before)[0] == comparing.REWRITTEN
    part = compared(now, before)[0]
    assert [told.is_changed for told in part.texts] == [True, True, False]
    assert part.texts[1].pieces == [Piece(GONE, "经费不足。")]
    assert not part.is_unchanged


def test_a_section_is_unchanged_when_texts_and_numbers_are():
    row = {"name": "编目数量", "unit": "项", "value": "12"}
    same = section(body="一样。", figures=[row])
    assert compared(same, same)[0].is_unchanged
    other = section(body="一样。", figures=[row | {"value": "13"}])
    part = compared(other, same)[0]
    assert not part.is_unchanged
    assert (part.figures[0].before, part.figures[0].is_changed) == ("12", True)
    alone = compared(other, section(body="一样。"))[0]
    assert not alone.figures[0].has_before
    assert alone.section_remarks == []
    assert alone.completion_before == "推进中"


def test_a_chapter_has_one_text():
    chapter = section(area="", body="正文。")
    assert len(compared(chapter, None)[0].texts) == 1
    overall = section(body="正文。") | {"kind": "overall"}
    assert compared(overall, None)[0].is_chapter
    assert compared(section(completion=""), None)[0].completion_label == ""
