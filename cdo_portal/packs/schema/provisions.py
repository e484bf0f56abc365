"""What a document provides beyond units, areas and obligations: kept as it stands, as JSON."""

from typing import Literal

from pilots.choices import Part, UnitKind

from .words import ClauseRef, Count, Day, Fact, Flag, Line, Local, Name, Note, Short, UnitCode


class Provision(Fact):
    code: Local
    clause: ClauseRef | None = None
    note: Note | None = None


class Power(Provision):
    kind: Literal["veto", "gate", "correct", "coordinate", "guide", "decide"]
    name: Short
    moments: list[Literal["approval", "acceptance"]] = []
    text: Note


class Dimension(Provision):
    name: Short


class PostRule(Provision):
    post: Literal[
        "cdo", "executive", "cio", "cpo", "data_specialist", "affairs_specialist", "liaison"
    ]
    title: Short
    kinds: list[UnitKind] = []
    units: list[UnitCode] = []
    part: Part | None = None
    count: Count | None = None
    holder: Line | None = None
    is_in_principle: Flag = False
    is_concurrent: Flag = False
    appointed_by: UnitCode | Literal["self"] | None = None
    removed_by: UnitCode | Literal["self"] | None = None
    filed_at: UnitCode | None = None


class Team(Provision):
    name: Short
    text: Note
    kinds: list[UnitKind] = []


class Aim(Provision):
    group: Short
    name: Line
    items: list[Line] = []


class Milestone(Provision):
    name: Line
    wording: Name
    on_or_before: Day | None = None


class Expected(Provision):
    name: Short
    count: Count


class Support(Provision):
    name: Short
    text: Note


class LeftOut(Fact):
    what: Line
    why: Note
