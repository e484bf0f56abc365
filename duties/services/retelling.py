"""Reminders follow a deadline in the same transaction in which it moves."""

from collections.abc import Iterable

from reminders import services as reminders

from ..models import Assignment
from ..stages import DEADLINE_NOTICE


def retell(tasks: Iterable[Assignment]) -> int:
    """The deadlines of these tasks have moved, and are saved: what was to be said of the old ones is
    cancelled, what is due of the new ones planned. Returns the number of lines cancelled."""
    versions = {f"assignment:{task.number}": task.deadline_version for task in tasks}
    return reminders.deadlines_moved(DEADLINE_NOTICE, versions)
