"""Every change to periods, reports, their sections and editions, and what the bureau answers."""

from .carrying import carry_over, mark_unchanged
from .drafting import Saved, save_section, start_report, sync_sections
from .files import attach, detach, keep_evidence
from .handing_in import Letter, enter_letter, recall
from .letters import drop_letter, finish_letter, start_letter
from .overall import (
    Pick,
    Sending,
    choose_passages,
    dispatch,
    draft_overall,
    void_dispatch,
)
from .periods import (
    FigureAsked,
    Opening,
    change_period,
    close_period,
    open_period,
    reopen_period,
    sync_periods,
)
from .reviewing import Remark, accept, open_for_review, return_report, undo
from .signing import put_up, put_up_and_sign, record_paper, sign, take_back, turn_back
from .support import (
    Asked,
    Enclosure,
    answer_support,
    close_support,
    mend_support,
    promise_support,
    raise_support,
    reopen_support,
    withdraw_support,
)

__all__ = [
    "Asked",
    "Enclosure",
    "FigureAsked",
    "Letter",
    "Opening",
    "Pick",
    "Remark",
    "Saved",
    "Sending",
    "accept",
    "answer_support",
    "attach",
    "carry_over",
    "change_period",
    "choose_passages",
    "close_period",
    "close_support",
    "detach",
    "dispatch",
    "draft_overall",
    "drop_letter",
    "enter_letter",
    "finish_letter",
    "keep_evidence",
    "mark_unchanged",
    "mend_support",
    "open_for_review",
    "open_period",
    "promise_support",
    "put_up",
    "put_up_and_sign",
    "raise_support",
    "recall",
    "record_paper",
    "reopen_period",
    "reopen_support",
    "return_report",
    "save_section",
    "sign",
    "start_letter",
    "start_report",
    "sync_periods",
    "sync_sections",
    "take_back",
    "turn_back",
    "undo",
    "void_dispatch",
    "withdraw_support",
]
