"""发文字号: the number of an official document (GB/T 9704-2012 §7.2.5): issuer's short name, year in
hexagonal brackets, serial without leading zeros, 号. The whole number is the key: 粤办函〔2021〕63号
and 珠府办函〔2021〕63号 are two documents.
"""

import re
import unicodedata

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

PATTERN = r"^[\u4e00-\u9fff]+〔(19|20)\d{2}〕[1-9]\d*号$"
NUMBER = re.compile(PATTERN)
YEAR_IN_BRACKETS = re.compile(r"[\[【［(（〔{｛〈<]\s*(\d{4})\s*[\]】］)）〕}｝〉>]")
LONGEST = 60
HOW = _("发文字号要写成“深府办函〔2021〕71号”的样子：六角括号，序号前不加零。")
validate = RegexValidator(PATTERN, HOW)


def normalise(text: str) -> str:
    """The number with hexagonal brackets, ASCII digits and no spaces. What is no number comes back
    tidied all the same: `validate` then refuses it."""
    folded = "".join(unicodedata.normalize("NFKC", c) if c.isdigit() else c for c in text)
    return YEAR_IN_BRACKETS.sub(r"〔\1〕", "".join(folded.split()))
