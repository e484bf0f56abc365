"""Planning what is to be told, delivering it, reading it, and answering feedback."""

from .delivering import deliver, resend
from .inbox import answer_feedback, give_feedback, mark_all_opened, mark_opened
from .planning import plan
from .telling import LIAISON_VACANT, tell_liaison_vacant

__all__ = [
    "LIAISON_VACANT",
    "answer_feedback",
    "deliver",
    "give_feedback",
    "mark_all_opened",
    "mark_opened",
    "plan",
    "resend",
    "tell_liaison_vacant",
]
