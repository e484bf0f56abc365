"""Every change to what is owed and what was done."""

from .assignments import accept, decide_reading, follow_hand_in, restore, take_off, undecided
from .calendar import YEARS_AHEAD, Effect, add_year, set_workdays
from .counting import fulfil, record_progress, void, void_progress
from .extension_deciding import decide_extension, undo_decision
from .extension_signing import (
    agree_extension,
    recall_extension,
    send_back_extension,
    sign_extension_on_paper,
)
from .extension_writing import Letter, Request
from .extensions import ask_extension, enter_extension, resubmit_extension, withdraw_extension
from .helpers import add_helper, note_opening, remove_helper
from .order_issuing import withdraw_order
from .order_signing import (
    check_whole,
    recall_order,
    send_back_order,
    sign_order,
    sign_order_on_paper,
    submit_order,
)
from .orders import choose_helpers, draft_order, edit_order
from .remarks import strike_remark, transcribe_remark, write_remark
from .retelling import retell
from .slip_signing import agree_slip, recall_slip, send_back_slip, sign_slip_on_paper
from .slips import (
    Draft,
    Issued,
    cancel_slip,
    issue_slip,
    issue_slips,
    name_levels,
    reply_slip,
    resubmit_slip,
)
from .sync import deadline, open_occurrence, refresh_workdays, sync_all, sync_assignments

__all__ = [
    "YEARS_AHEAD",
    "Draft",
    "Effect",
    "Issued",
    "Letter",
    "Request",
    "accept",
    "add_helper",
    "add_year",
    "agree_extension",
    "agree_slip",
    "ask_extension",
    "cancel_slip",
    "check_whole",
    "choose_helpers",
    "deadline",
    "decide_extension",
    "decide_reading",
    "draft_order",
    "edit_order",
    "enter_extension",
    "follow_hand_in",
    "fulfil",
    "issue_slip",
    "issue_slips",
    "name_levels",
    "note_opening",
    "open_occurrence",
    "recall_extension",
    "recall_order",
    "recall_slip",
    "record_progress",
    "refresh_workdays",
    "remove_helper",
    "reply_slip",
    "restore",
    "resubmit_extension",
    "resubmit_slip",
    "retell",
    "send_back_extension",
    "send_back_order",
    "send_back_slip",
    "set_workdays",
    "sign_extension_on_paper",
    "sign_order",
    "sign_order_on_paper",
    "sign_slip_on_paper",
    "strike_remark",
    "submit_order",
    "sync_all",
    "sync_assignments",
    "take_off",
    "transcribe_remark",
    "undecided",
    "undo_decision",
    "void",
    "void_progress",
    "withdraw_extension",
    "withdraw_order",
    "write_remark",
]
