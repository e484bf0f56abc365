"""Planning what is to be told, delivering it, reading it, and answering feedback."""

from .delivering import deliver, resend
from .inbox import answer_feedback, give_feedback, mark_all_opened, mark_opened
from .planning import plan

__all__ = [
    "answer_feedback",
    "deliver",
    "give_feedback",
    "mark_all_opened",
    "mark_opened",
    "plan",
    "resend",
]
