"""Every change to events, their lists, and what of them counts."""

from .attendance import Seat, add_people, strike_out
from .counting import recount, rule_of, set_counting
from .declarations import (
    confirm_declaration,
    declare,
    resubmit_declaration,
    return_declaration,
    undo_confirmation,
    withdraw_declaration,
)
from .events import (
    cancel_event,
    hold_event,
    mend_event,
    note_export,
    plan_event,
    reopen_event,
    restore_event,
)
from .files import add_file, remove_file
from .meetings import (
    add_resolution,
    answer_invitation,
    drop_resolution,
    turn_into_order,
    write_minutes,
)

__all__ = [
    "Seat",
    "add_file",
    "add_people",
    "add_resolution",
    "answer_invitation",
    "cancel_event",
    "confirm_declaration",
    "declare",
    "drop_resolution",
    "hold_event",
    "mend_event",
    "note_export",
    "plan_event",
    "recount",
    "remove_file",
    "reopen_event",
    "restore_event",
    "resubmit_declaration",
    "return_declaration",
    "rule_of",
    "set_counting",
    "strike_out",
    "turn_into_order",
    "undo_confirmation",
    "withdraw_declaration",
    "write_minutes",
]
