"""Every change to what is owed and what was done."""

from .assignments import accept, decide_reading, follow_hand_in, restore, take_off, undecided
from .counting import fulfil, record_progress, void, void_progress
from .sync import deadline, open_occurrence, refresh_workdays, sync_all, sync_assignments

__all__ = [
    "accept",
    "deadline",
    "decide_reading",
    "follow_hand_in",
    "fulfil",
    "open_occurrence",
    "record_progress",
    "refresh_workdays",
    "restore",
    "sync_all",
    "sync_assignments",
    "take_off",
    "undecided",
    "void",
    "void_progress",
]
