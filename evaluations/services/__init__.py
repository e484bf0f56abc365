"""Every change of schemes, rounds, sheets, objections and results."""

from .beside import attach_evidence, detach_evidence
from .editions import propose_bonus, withdraw_bonus
from .exports import note_export
from .handing import finish_review, hand_in, resume_review, take_back, unfinished
from .objections import correct_score, decide_objection, raise_objection, withdraw_objection
from .rounds import Plan, change_round, prepare_round, refresh_facts
from .schemes import copy_scheme, create_scheme, new_version, set_rules
from .scores import Entry, Saved, save_score, settle
from .seats import give_seat, give_seats
from .signing import (
    advance,
    recall_result,
    send_back_result,
    sign_result,
    sign_result_on_paper,
)
from .subjects import add_subject, drop_subject
from .templates import template_of
from .trees import add_indicator, change_indicator, move_indicator, withdraw_indicator
from .workbooks import SheetFault, SheetFaults, import_tree

__all__ = [
    "Entry",
    "Plan",
    "Saved",
    "SheetFault",
    "SheetFaults",
    "add_indicator",
    "add_subject",
    "advance",
    "attach_evidence",
    "change_indicator",
    "change_round",
    "copy_scheme",
    "correct_score",
    "create_scheme",
    "decide_objection",
    "detach_evidence",
    "drop_subject",
    "finish_review",
    "give_seat",
    "give_seats",
    "hand_in",
    "import_tree",
    "move_indicator",
    "new_version",
    "note_export",
    "prepare_round",
    "propose_bonus",
    "raise_objection",
    "recall_result",
    "refresh_facts",
    "resume_review",
    "save_score",
    "send_back_result",
    "set_rules",
    "settle",
    "sign_result",
    "sign_result_on_paper",
    "take_back",
    "template_of",
    "unfinished",
    "withdraw_bonus",
    "withdraw_indicator",
    "withdraw_objection",
]
