"""Reads across chains and rounds: who signs, what waits for whom, who may sign the step."""

from .chains import Planned, chain_of
from .waiting import deputies_of, last_round, may_sign, rounds_of, waiting_for

__all__ = [
    "Planned",
    "chain_of",
    "deputies_of",
    "last_round",
    "may_sign",
    "rounds_of",
    "waiting_for",
]
