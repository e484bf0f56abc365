"""Schemes of indicators that come with the product: what a document names, and marked examples."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import BeforeValidator, Field, model_validator

from evaluations import criteria
from evaluations.choices import Rule, Source

from .words import Entry, Fact, Flag, Line, Local, Name, Note, ProgrammeCode, text


def _points(value: Any) -> Any:
    """Points as written: at most two places, not below 0."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal(-1)
    if not 0 <= number < 100_000 or number != round(number, 2):
        raise ValueError(_("分值要写成不小于0、最多两位小数的数。"))
    return number


Points = Annotated[Decimal, BeforeValidator(_points)]


class IndicatorEntry(Fact):
    """One indicator; `criteria` are in the words of evaluations/criteria.py. Without a weight the
    source gives none, and none is made up."""

    code: Local
    name: Annotated[str, text(80)]
    weight: Points | None = None
    source_kind: Source | None = None
    rule: Rule | None = None
    criteria: Note | None = None
    text: Note | None = None
    needs_evidence: Flag = False
    evidence_note: Line | None = None
    basis: Line | None = None
    children: "list[IndicatorEntry]" = []

    @model_validator(mode="after")
    def _readable(self) -> "IndicatorEntry":
        if self.criteria and self.rule:
            criteria.read(self.rule, self.criteria)
        return self


class SchemeEntry(Fact):
    code: Local
    title: Name
    programme: ProgrammeCode | None = None
    is_example: Flag = False
    note: Note
    indicators: Annotated[list[IndicatorEntry], Field(min_length=1)]


class Schemes(Entry):
    """`schemes.yaml`: loaded last, because a scheme may belong to a programme."""

    format: Literal["schemes"]
    schemes: Annotated[list[SchemeEntry], Field(min_length=1)]
