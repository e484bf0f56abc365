"""Sources, bodies with their names through time, slots, successions."""

from datetime import date
from itertools import pairwise
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from pilots.choices import SuccessionKind, UnitKind

from .words import (
    CreditCode,
    Day,
    Entry,
    Fact,
    Flag,
    Line,
    Name,
    Note,
    Region,
    Short,
    UnitCode,
    coded,
    in_order,
    text,
)


class SourceEntry(Entry):
    tag: Annotated[str, coded(r"[A-Za-z]+(\.?\d+)?", "S2")]
    title: Line
    publisher: Name
    published_on: Day | None = None
    quotable: Flag
    file: Annotated[str, text(20)] | None = None
    note: Note | None = None


class SourceRegister(Entry):
    format: Literal["sources"]
    sources: list[SourceEntry]


class DatedName(Fact):
    name: Name
    short: Short
    name_en: Name | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    date_note: Annotated[str, text(150)] | None = None

    @model_validator(mode="after")
    def _period(self) -> "DatedName":
        in_order(self.starts_on, self.ends_on, _("终止日期不能早于起始日期。"))
        return self


class Body(Fact):
    code: UnitCode
    kind: UnitKind
    region_code: Region | None = None
    parent: UnitCode | None = None
    credit_code: CreditCode | None = None
    name: Name | None = None
    short: Short | None = None
    name_en: Name | None = None
    names: list[DatedName] = []
    established_on: Day | None = None
    ceased_on: Day | None = None
    note: Annotated[str, text(150)] | None = None

    @model_validator(mode="after")
    def _named_once(self) -> "Body":
        single = self.name is not None and self.short is not None
        if single == bool(self.names) or (self.names and (self.name or self.short)):
            raise ValueError(_("单位要么写name和short，要么写names（名称有变动时），二者取一。"))
        in_order(self.established_on, self.ceased_on, _("撤销日期不能早于成立日期。"))
        ordered = sorted(self.names, key=lambda row: row.starts_on or date.min)
        for earlier, later in pairwise(ordered):
            if not (earlier.ends_on and later.starts_on and earlier.ends_on < later.starts_on):
                raise ValueError(_("前后名称的起止日期不能重叠，也不能都留空。"))
        return self


class SlotGroup(Fact):
    """So many bodies whose names no source gives."""

    code: UnitCode
    count: Annotated[int, Field(ge=1, le=999)]
    kind: UnitKind
    name: Annotated[str, text(100)]
    short: Annotated[str, text(50)]
    name_en: Annotated[str, text(100)] | None = None


class SuccessionEntry(Fact):
    from_: Annotated[UnitCode, Field(alias="from")]
    to: UnitCode
    happened_on: Day | None = None
    kind: SuccessionKind
    note: Annotated[str, text(300)] | None = None


class Bodies(Entry):
    """`bodies.yaml`, or the same three lists inside a programme's own file."""

    format: Literal["bodies"]
    bodies: list[Body] = []
    slots: list[SlotGroup] = []
    successions: list[SuccessionEntry] = []
