"""Planning of some types alone: a whole day's takes eighty statements, and a year of days adds up."""

from datetime import date

from reminders.registry import types
from reminders.services import planning


def plan_only(prefix: str, on: date) -> None:
    """What of the types whose names begin so is due by that day and not yet told."""
    for one in types():
        if one.name.startswith(prefix):
            planning.insert(one, on)
