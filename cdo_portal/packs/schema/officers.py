"""The list of posts, what a programme rules about them, and holders whom a source names."""

from typing import Annotated, Literal

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from officers.choices import PostLevel
from pilots.choices import Part, UnitKind

from .provisions import Provision
from .words import (
    Day,
    Entry,
    Fact,
    Flag,
    Line,
    Local,
    PostCode,
    Short,
    UnitCode,
    Words,
    in_order,
    text,
)

Holders = Annotated[int, Field(ge=1, le=999)]
Days = Annotated[int, Field(ge=1, le=3650)]
Authority = UnitCode | Literal["self"]


class PostEntry(Fact):
    """`quote` is where the source speaks of the post, to the letter; it proves the entry."""

    code: PostCode
    name: Annotated[str, text(40)]
    name_en: Annotated[str, text(80)]
    is_single: Flag = True
    quote: Words | None = None


class Posts(Entry):
    """`posts.yaml`: one list for all programmes."""

    format: Literal["posts"]
    posts: Annotated[list[PostEntry], Field(min_length=1)]


class PostRuleEntry(Provision):
    post: PostCode
    title: Short
    part: Part = Part.PILOT
    kinds: list[UnitKind] = []
    units: list[UnitCode] = []
    count: Holders | None = None
    is_encouraged: Flag = False
    holder: Line | None = None
    minimum_level: PostLevel | None = None
    asks_in_charge: Flag = False
    is_in_principle: Flag = False
    is_concurrent: Flag = False
    appointed_by: Authority | None = None
    removed_by: Authority | None = None
    filed_at: UnitCode | None = None
    vacancy_days: Days | None = None
    filing_days: Days | None = None

    @model_validator(mode="after")
    def _grounded(self) -> "PostRuleEntry":
        """Ranks and days are what a document says; none is taken out of the air."""
        if (self.minimum_level or self.asks_in_charge) and not self.holder:
            raise ValueError(_("写了minimum_level或asks_in_charge的要写holder（文件的原话）。"))
        if (self.vacancy_days or self.filing_days) and self.clause is None:
            raise ValueError(_("写了时限天数的要写clause（规定时限的条款）；文件未定的不写。"))
        if self.filing_days and self.filed_at is None:
            raise ValueError(_("写了filing_days（备案时限）的要写filed_at（备案机关）。"))
        return self


class HolderEntry(Fact):
    """Somebody whom a source shows in office. `note` says how sure that is."""

    code: Local
    unit: UnitCode
    post: PostCode
    name: Annotated[str, text(40)]
    job_title: Annotated[str, text(60)] | None = None
    level: PostLevel | None = None
    starts_on: Day | None = None
    known_on: Day | None = None
    ends_on: Day | None = None
    note: Annotated[str, text(300)] | None = None

    @model_validator(mode="after")
    def _term(self) -> "HolderEntry":
        first = self.starts_on or self.known_on
        if first is None:
            raise ValueError(
                _("写starts_on（任职起始日期）；查不到的，写known_on（最早见于哪天）。")
            )
        in_order(first, self.ends_on, _("终止日期不能早于起始日期。"))
        return self
