"""Moves between states, as tables.

A table is `{move: ({states it may start from}, state it leads to)}`. The test of each table is
the whole product of states and moves.
"""

from collections.abc import Mapping
from typing import TypeVar

from django.db.models import TextChoices

from .errors import MoveNotAllowed

State = TypeVar("State", bound=TextChoices)
Move = TypeVar("Move", bound=TextChoices)
Moves = Mapping[Move, tuple[frozenset[State], State]]


def target(moves: "Moves[Move, State]", current: str, move: Move) -> State:
    """State to which `move` leads from `current`; raises MoveNotAllowed when it does not."""
    sources, destination = moves[move]
    if current not in sources:
        raise MoveNotAllowed
    return destination


def allowed(moves: "Moves[Move, State]", current: str) -> list[Move]:
    """The moves open from `current`, in the table's order."""
    return [move for move, (sources, _destination) in moves.items() if current in sources]
