"""Every change to IT projects, opinions and findings."""

from .findings import (
    close_finding,
    correct_finding,
    follow_up,
    mend_finding,
    order_correction,
    redate_finding,
    reopen_finding,
    report_finding,
    stop_finding,
)
from .opinions import Paper, check_gate, give_opinion, record
from .register import mend_project, note_export, register_project, withdraw_project

__all__ = [
    "Paper",
    "check_gate",
    "close_finding",
    "correct_finding",
    "follow_up",
    "give_opinion",
    "mend_finding",
    "mend_project",
    "note_export",
    "order_correction",
    "record",
    "redate_finding",
    "register_project",
    "reopen_finding",
    "report_finding",
    "stop_finding",
    "withdraw_project",
]
