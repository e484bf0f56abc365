"""Ordinals, and where a long title is broken."""

import pytest

from core.documents import text


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (35, "三十五"),
        (99, "九十九"),
        (100, "100"),
    ],
)
def test_ordinals(number, words):
    assert text.ordinal(number) == words


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("短标题", "短标题"),
        ("自己\n分行的标题" * 3, "自己\n分行的标题" * 3),
        (
            "测试市公安局关于报送首席数据官2022年第一季度履职情况的报告",
            "测试市公安局关于报送首席数据官\n2022年第一季度履职情况的报告",
        ),
        ("一" * 21, "一" * 11 + "\n" + "一" * 10),
        ("A" * 60, "A" * 20 + "\n" + "A" * 40),
    ],
)
def test_a_long_title_is_broken_into_lines_of_nearly_one_length(title, lines):
    assert text.balanced(title) == lines


def test_no_line_of_a_title_begins_or_ends_where_it_must_not():
    title = (
        "测试市政务服务数据管理局关于印发《首席数据官制度试点工作2022年度评价办法（试行）》的通知"
    )
    lines = text.balanced(title).split("\n")
    assert "".join(lines) == title
    assert len(lines) == 3
    assert all(text.width(line) <= 20 for line in lines)
    assert not any(line[0] in "的》）年，" or line[-1] in "《（第" for line in lines)
