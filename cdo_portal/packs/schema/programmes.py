"""A programme: documents, who takes part, areas, obligations, and what else it provides."""

from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import Field, StringConstraints, model_validator

from core.deadlines import Written
from core.workdays import Almanac
from duties.choices import Nature, Origin
from pilots.choices import Certainty, Part, UnitKind

from .bodies import Body, SlotGroup, SuccessionEntry
from .officers import HolderEntry, PostRuleEntry
from .provisions import (
    Aim,
    Dimension,
    Expected,
    LeftOut,
    Milestone,
    Power,
    Support,
    Team,
)
from .reminders import RemindersEntry
from .words import (
    ClauseRef,
    Count,
    Day,
    DocumentRef,
    Entry,
    Fact,
    Flag,
    Line,
    Local,
    Name,
    Note,
    Number,
    ProgrammeCode,
    Region,
    UnitCode,
    Words,
    in_order,
    text,
)


class ClauseEntry(Fact):
    code: Local
    label: Annotated[str, text(40)]
    heading: Name | None = None
    text: Words
    is_quoted: Flag


class DocumentEntry(Fact):
    code: Local
    title: Line
    aliases: list[Line] = []
    number: Number | None = None
    issuer: Name | None = None
    addressees: Annotated[str, text(300)] | None = None
    signed_on: Day | None = None
    published_on: Day | None = None
    in_force_on: Day | None = None
    date_note: Annotated[str, text(300)] | None = None
    based_on: list[DocumentRef] = []
    note: Note | None = None
    clauses: list[ClauseEntry] = []


class CohortEntry(Fact):
    code: Local
    name: Annotated[str, text(80)]
    expected: dict[UnitKind, Count] = {}
    total: Count
    as_of: Day | None = None
    note: Note | None = None

    @model_validator(mode="after")
    def _adds_up(self) -> "CohortEntry":
        if self.expected and sum(self.expected.values()) != self.total:
            raise ValueError(_("各类单位的应有数之和不等于total。"))
        return self


class EnrolmentEntry(Fact):
    unit: UnitCode | None = None
    slots: UnitCode | None = None
    part: Part
    kind: UnitKind | None = None
    cohort: Local | None = None
    handled_by: UnitCode | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    certainty: Literal[Certainty.STATED, Certainty.INFERRED] = Certainty.STATED

    @model_validator(mode="after")
    def _one_of_two(self) -> "EnrolmentEntry":
        if (self.unit is None) == (self.slots is None):
            raise ValueError(_("写unit（单位）或slots（待补名占位），二者取一。"))
        in_order(self.starts_on, self.ends_on, _("终止日期不能早于起始日期。"))
        return self


class ItemEntry(Fact):
    code: Local
    name: Line
    name_en: Line | None = None
    kinds: list[UnitKind] = []
    units: list[UnitCode] = []
    clause: ClauseRef | None = None


class AreaEntry(Fact):
    code: Local
    name: Annotated[str, text(80)]
    medium_name: Annotated[str, text(20)]
    short_name: Annotated[str, StringConstraints(min_length=2, max_length=2)]
    name_en: Name
    clause: ClauseRef | None = None
    kinds: list[UnitKind] = []
    items: list[ItemEntry] = []


class ObligationEntry(Fact):
    code: Local
    title: Line
    short_title: Annotated[str, text(20)]
    title_en: Line | None = None
    nature: Nature
    origin: Origin = Origin.CLAUSE
    clause: ClauseRef | None = None
    area: Local | None = None
    parts: Annotated[list[Part], Field(min_length=1)]
    kinds: list[UnitKind] = []
    units: list[UnitCode] = []
    quantity: Annotated[int, Field(ge=1, le=999)] = 1
    wording: Name | None = None
    due_on: Day | None = None
    latest_on: Day | None = None
    due_rule: Written | None = None
    basis: Note | None = None
    received_by: UnitCode | None = None

    @model_validator(mode="after")
    def _deadline(self) -> "ObligationEntry":
        if self.origin == Origin.CLAUSE and self.clause is None:
            raise ValueError(_("出自文件的规定任务要写clause（依据的条款）。"))
        if self.due_rule is not None:
            self._by_rule(self.due_rule)
        if (self.due_on is None) != (self.latest_on is None):
            raise ValueError(_("due_on（提醒口径）和latest_on（最晚日期）要么都写，要么都不写。"))
        in_order(self.due_on, self.latest_on, _("latest_on（最晚日期）不能早于due_on。"))
        if (self.due_on or self.due_rule) and not self.wording:
            raise ValueError(_("有截止日期的要写wording（文件中的时限原话）。"))
        if self.due_on != self.latest_on and not self.basis:
            raise ValueError(_("两种口径并存的要写basis（口径说明）。"))
        return self

    def _by_rule(self, rule: Any) -> None:
        """A rule that counts working days sets the day by the calendar; any other must agree."""
        if rule.anchor() is None:
            raise ValueError(_("due_rule（时限规则）要写明从哪一天算起（of或on）。"))
        if rule.counts_workdays:
            if self.due_on is not None:
                raise ValueError(_("按工作日推算的规则由工作日历定日期，不写due_on和latest_on。"))
        elif self.due_on != rule.due(Almanac()):
            raise ValueError(_("due_on与due_rule（时限规则）推出的日期不一致。"))


class ProgrammeEntry(Fact):
    code: ProgrammeCode
    name: Name
    short_name: Annotated[str, text(40)]
    name_en: Name
    region_code: Region
    region_name: Annotated[str, text(30)]
    position: Annotated[int, Field(ge=0, le=9999)] = 0


class Pack(Entry):
    """One programme with all that its documents say."""

    format: Literal["programme"]
    programme: ProgrammeEntry
    bodies: list[Body] = []
    slots: list[SlotGroup] = []
    successions: list[SuccessionEntry] = []
    documents: Annotated[list[DocumentEntry], Field(min_length=1)]
    cohorts: list[CohortEntry] = []
    enrolments: list[EnrolmentEntry] = []
    areas: list[AreaEntry] = []
    obligations: list[ObligationEntry] = []
    post_rules: list[PostRuleEntry] = []
    holders: list[HolderEntry] = []
    powers: list[Power] = []
    reminders: RemindersEntry | None = None
    # Whom the trainings train that its demands ask for.
    trains: Literal["training", "officer"] = "training"
    evaluation_dimensions: list[Dimension] = []
    teams: list[Team] = []
    aims: list[Aim] = []
    milestones: list[Milestone] = []
    expected: list[Expected] = []
    incentives: list[Support] = []
    supports: list[Support] = []
    not_modelled: Annotated[list[LeftOut], Field(min_length=1)]
