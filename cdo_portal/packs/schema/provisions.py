"""What a document provides beyond units, areas and obligations: kept as it stands, as JSON."""

from typing import Literal

from pilots.choices import UnitKind

from .words import ClauseRef, Count, Day, Fact, Line, Local, Name, Note, Short


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
