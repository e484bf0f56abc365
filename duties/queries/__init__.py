"""Reads across the rows of duties."""

from .desk import Doubt, UnitTasks, doubts, exceptions_by_unit, unreachable, unreported
from .explaining import why
from .matrix import AreaCell, Cell, Group, Matrix, Row, matrix, rows_of, worst
from .tallies import Tally, area_items, burn_up, tally
from .todo import Todo, own_assignments, todo_of

__all__ = [
    "AreaCell",
    "Cell",
    "Doubt",
    "Group",
    "Matrix",
    "Row",
    "Tally",
    "Todo",
    "UnitTasks",
    "area_items",
    "burn_up",
    "doubts",
    "exceptions_by_unit",
    "matrix",
    "own_assignments",
    "rows_of",
    "tally",
    "todo_of",
    "unreachable",
    "unreported",
    "why",
    "worst",
]
