"""Every change to what is owed and what was done."""

from .assignments import accept, decide_reading, follow_hand_in, restore, take_off, undecided
from .counting import fulfil, record_progress, void, void_progress
from .helpers import add_helper, note_opening, remove_helper
from .order_issuing import withdraw_order
from .order_signing import (
    recall_order,
    send_back_order,
    sign_order,
    sign_order_on_paper,
    submit_order,
)
from .orders import choose_helpers, draft_order, edit_order
from .remarks import strike_remark, transcribe_remark, write_remark
from .sync import deadline, open_occurrence, refresh_workdays, sync_all, sync_assignments

__all__ = [
    "accept",
    "add_helper",
    "choose_helpers",
    "deadline",
    "decide_reading",
    "draft_order",
    "edit_order",
    "follow_hand_in",
    "fulfil",
    "note_opening",
    "open_occurrence",
    "recall_order",
    "record_progress",
    "refresh_workdays",
    "remove_helper",
    "restore",
    "send_back_order",
    "sign_order",
    "sign_order_on_paper",
    "strike_remark",
    "submit_order",
    "sync_all",
    "sync_assignments",
    "take_off",
    "transcribe_remark",
    "undecided",
    "void",
    "void_progress",
    "withdraw_order",
    "write_remark",
]
