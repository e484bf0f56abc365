"""What people typed, made fit for a document, and its width in characters."""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from .. import clock

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# What XML 1.0 refuses (lone surrogates among it), C1 controls, noncharacters, byte-order marks, and
# the marks that turn the direction of writing, by which a document could show what it does not say.
_UNFIT = re.compile(
    "[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
    "|[\x7f-\x9f\ufeff\ufdd0-\ufdef\u202a-\u202e\u2066-\u2069]"
)
_DIGITS = "零一二三四五六七八九"


def clean(value: Any) -> str:
    """`value` as text that every word processor opens; line ends are \\n."""
    return _UNFIT.sub("", _LINE_ENDS.sub("\n", str(value)))


def chinese_day(day: date) -> str:
    """2022年4月5日: Arabic numerals, no leading zeros (GB/T 9704-2012 §7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日"


def shown(value: Any) -> str:
    """A value in a fact or a cell: dates in words, yes or no, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        local = value.astimezone(clock.SHANGHAI) if value.tzinfo else value
        return f"{chinese_day(local)}{local:%H:%M}"
    if isinstance(value, date):
        return chinese_day(value)
    if isinstance(value, Decimal | float):
        return f"{Decimal(str(value)):f}"
    return clean(value)


def width(text: str) -> float:
    """Width in Chinese characters: a half-width letter or digit is half of one."""
    wide = sum(1 for char in text if unicodedata.east_asian_width(char) in "WFA")
    return wide + (len(text) - wide) / 2


def ordinal(number: int) -> str:
    """一 to 九十九, for headings. Beyond that Arabic numerals."""
    tens, ones = divmod(number, 10)
    if number > 99:
        return str(number)
    return ("" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十") + (
        _DIGITS[ones] if ones else ""
    )


_MAY_NOT_START = re.compile(r"[的了和与及、，。：；！？）》〉”’」』】〕%％\s]")
_MAY_NOT_END = re.compile(r"[（《〈“‘「『【〔]")
_WORD = re.compile(r"[A-Za-z0-9]")


def balanced(title: str, room: int = 20) -> str:
    """A title that needs several lines, broken into lines of nearly one length, the longer first
    (梯形, GB/T 9704-2012 §7.3.1), never inside a number or before 的. One with its own breaks keeps
    them. `room` is what one line holds, in characters."""
    if "\n" in title or width(title) <= room:
        return title
    lines, rest, left = [], title, -int(-width(title) // (room - 1))
    while left > 1:
        cut = _cut(rest, width(rest) / left, room)
        lines.append(rest[:cut].strip())
        rest, left = rest[cut:], left - 1
    return "\n".join([*lines, rest.strip()])


def _cut(text: str, wanted: float, room: int) -> int:
    """Where to break `text` so that the first line is `wanted` wide or a little more."""
    good = [
        place
        for place in range(1, len(text))
        if wanted - 2 <= width(text[:place]) <= room and _may_break(text[place - 1], text[place])
    ]
    return min(good, key=lambda place: abs(width(text[:place]) - wanted - 0.4), default=room)


def _may_break(before: str, after: str) -> bool:
    inside_word = bool(_WORD.match(before) and _WORD.match(after))
    # 年 and its figure, 第 and its number stay together.
    inside_figure = (before.isdigit() and after in "年月日号个项家") or before == "第"
    return not (
        inside_word or inside_figure or _MAY_NOT_END.match(before) or _MAY_NOT_START.match(after)
    )
