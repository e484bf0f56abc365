"""Words and dates as packs write them; messages are what the writer of a pack reads."""

import re
from datetime import date
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from core import document_numbers


def _day(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError(_("日期要写成2022-04-30的样子。"))
    return value


def _flag(value: Any) -> Any:
    if value not in {"true", "false"}:
        raise ValueError(_("这里只能写true或false。"))
    return value


def document_number(value: str) -> str:
    """The number with six-angle brackets (GB/T 9704-2012); ValueError when it is none."""
    number = document_numbers.normalise(value)
    if not document_numbers.NUMBER.match(number):
        raise ValueError(str(document_numbers.HOW))
    return number


CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def credit_code(value: str) -> str:
    """统一社会信用代码 with its check character (GB 32100-2015); ValueError when it does not fit."""
    if len(value) == 18 and set(value) <= set(CREDIT_ALPHABET):
        places = [CREDIT_ALPHABET.index(letter) for letter in value]
        total = sum(n * weight for n, weight in zip(places, CREDIT_WEIGHTS, strict=False))
        if places[17] == (31 - total % 31) % 31:
            return value
    raise ValueError(_("统一社会信用代码应为18位，且校验位要相符。"))


def coded(pattern: str, example: str) -> AfterValidator:
    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise ValueError(_("代码要写成“%(example)s”的样子。") % {"example": example})
        return value

    return AfterValidator(check)


def text(longest: int) -> StringConstraints:
    return StringConstraints(min_length=1, max_length=longest)


WORD = r"[a-z0-9]+(-[a-z0-9]+)*"
Flag = Annotated[bool, BeforeValidator(_flag)]
Day = Annotated[date, BeforeValidator(_day)]
# Lengths such that `programme-document-clause` fits into 80 characters.
Local = Annotated[str, text(24), coded(WORD, "ob-1")]
ProgrammeCode = Annotated[str, text(30), coded(r"[a-z]+(-[a-z]+)*-\d{4}", "shenzhen-2021")]
UnitCode = Annotated[str, text(60), coded(rf"\d{{6}}-{WORD}", "440300-gaj")]
Region = Annotated[str, coded(r"\d{6}", "440300")]
PostCode = Annotated[str, text(30), coded(r"[a-z]+(_[a-z]+)*", "data_specialist")]
DocumentRef = Annotated[str, coded(rf"({WORD}\.)?{WORD}", "plan")]
ClauseRef = Annotated[str, coded(rf"{WORD}\.{WORD}", "plan.4-2-1")]
Number = Annotated[str, text(60), AfterValidator(document_number)]
CreditCode = Annotated[str, AfterValidator(credit_code)]
Source = Annotated[str, text(40)]  # tags of sources.yaml, with spaces between them
Short = Annotated[str, text(60)]
Name = Annotated[str, text(120)]
Line = Annotated[str, text(200)]
Note = Annotated[str, text(500)]
Words = Annotated[str, text(10_000)]
Count = Annotated[int, Field(ge=1)]


class Entry(BaseModel):
    """A mapping of the file: unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Fact(Entry):
    """Something a source says: never without the tag of its source."""

    source: Source


def in_order(first: date | None, last: date | None, message: str) -> None:
    if first and last and last < first:
        raise ValueError(message)
