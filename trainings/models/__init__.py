"""Events, who organised and who came, what of them counts."""

from .attendance import Attendance, AttendanceQuerySet
from .counting import CountingRule, CountingRuleQuerySet, Credit
from .declarations import Declaration, DeclarationQuerySet
from .events import Event, EventFile, EventFileQuerySet, EventQuerySet
from .meetings import Resolution, ResolutionQuerySet
from .parties import Organiser, Participant, ParticipantQuerySet

__all__ = [
    "Attendance",
    "AttendanceQuerySet",
    "CountingRule",
    "CountingRuleQuerySet",
    "Credit",
    "Declaration",
    "DeclarationQuerySet",
    "Event",
    "EventFile",
    "EventFileQuerySet",
    "EventQuerySet",
    "Organiser",
    "Participant",
    "ParticipantQuerySet",
    "Resolution",
    "ResolutionQuerySet",
]
