"""What a document provides beyond units, areas and obligations: kept as it stands, as JSON."""

from django.utils.translation import gettext as _
from pydantic import model_validator

from pilots.choices import UnitKind
from projects.choices import Condition, Gate, PowerKind

from .words import ClauseRef, Count, Day, Fact, Line, Local, Name, Note, Short


class Provision(Fact):
    code: Local
    clause: ClauseRef | None = None
    note: Note | None = None


class Power(Provision):
    kind: PowerKind
    name: Short
    moments: list[Gate] = []
    conditions: list[Condition] = []
    text: Note

    @model_validator(mode="after")
    def _grounded(self) -> "Power":
        """Nobody vetoes on hearsay: by which clause, and at which gates."""
        if self.kind in {PowerKind.VETO, PowerKind.GATE} and not (self.moments and self.clause):
            raise ValueError(_("veto和gate要写moments（哪个环节）和clause（依据的条款）。"))
        if bool(self.conditions) != (self.kind == PowerKind.GATE):
            raise ValueError(_("gate要写conditions（审批要件）；其他职权不写。"))
        return self


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
