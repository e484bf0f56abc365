"""The shape of a pack. `docs/packs.md` says the same to the people who write one.

Lengths follow the columns that the values go into (held by a test).
"""

from .bodies import Bodies, Body, DatedName, SlotGroup, SourceRegister, SuccessionEntry
from .officers import HolderEntry, PostEntry, PostRuleEntry, Posts
from .programmes import (
    AreaEntry,
    ClauseEntry,
    CohortEntry,
    DocumentEntry,
    EnrolmentEntry,
    ItemEntry,
    ObligationEntry,
    Pack,
    ProgrammeEntry,
)
from .reminders import RemindersEntry
from .schemes import IndicatorEntry, SchemeEntry, Schemes
from .words import Entry, Fact

# Sections that go into Programme.provisions as they are.
PROVISIONS = (
    "powers",
    "evaluation_dimensions",
    "teams",
    "aims",
    "milestones",
    "expected",
    "incentives",
    "supports",
    "not_modelled",
)
FORMATS: dict[str, type[Entry]] = {
    "sources": SourceRegister,
    "posts": Posts,
    "bodies": Bodies,
    "programme": Pack,
    "schemes": Schemes,
}

__all__ = [
    "FORMATS",
    "PROVISIONS",
    "AreaEntry",
    "Bodies",
    "Body",
    "ClauseEntry",
    "CohortEntry",
    "DatedName",
    "DocumentEntry",
    "EnrolmentEntry",
    "Entry",
    "Fact",
    "HolderEntry",
    "IndicatorEntry",
    "ItemEntry",
    "ObligationEntry",
    "Pack",
    "PostEntry",
    "PostRuleEntry",
    "Posts",
    "ProgrammeEntry",
    "RemindersEntry",
    "SchemeEntry",
    "Schemes",
    "SlotGroup",
    "SourceRegister",
    "SuccessionEntry",
]
