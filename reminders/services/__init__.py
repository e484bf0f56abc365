"""Planning what is to be told, delivering it, reading it, and answering feedback."""

from .delivering import deliver
from .inbox import answer_feedback, give_feedback, mark_all_opened, mark_opened
from .moving import deadlines_moved, give_up, hasten, resend
from .planning import plan
from .pulse import beat
from .simulating import Planned, TooMuch, simulate
from .telling import LIAISON_VACANT, tell_liaison_vacant
from .ticking import hold, release, tick
from .wishes import (
    hold_channel,
    release_channel,
    set_channel,
    set_preference,
    set_rule,
    switches,
)

__all__ = [
    "LIAISON_VACANT",
    "Planned",
    "TooMuch",
    "answer_feedback",
    "beat",
    "deadlines_moved",
    "deliver",
    "give_feedback",
    "give_up",
    "hasten",
    "hold",
    "hold_channel",
    "mark_all_opened",
    "mark_opened",
    "plan",
    "release",
    "release_channel",
    "resend",
    "set_channel",
    "set_preference",
    "set_rule",
    "simulate",
    "switches",
    "tell_liaison_vacant",
    "tick",
]
