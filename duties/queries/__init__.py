"""Reads across the rows of duties."""

from .cells import AreaCell, Cell, Group, Matrix, Orders, Row, worst
from .desk import Doubt, UnitTasks, doubts, exceptions_by_unit, slots, unreachable, unreported
from .explaining import why
from .leaving import open_of_unit
from .matrix import matrix, rows_of
from .register import Entry, is_live, parts_of, people_of, register, tasks_of
from .tallies import Tally, area_items, burn_up, tally
from .todo import Todo, own_assignments, own_rows, todo_of

__all__ = [
    "AreaCell",
    "Cell",
    "Doubt",
    "Entry",
    "Group",
    "Matrix",
    "Orders",
    "Row",
    "Tally",
    "Todo",
    "UnitTasks",
    "area_items",
    "burn_up",
    "doubts",
    "exceptions_by_unit",
    "is_live",
    "matrix",
    "open_of_unit",
    "own_assignments",
    "own_rows",
    "parts_of",
    "people_of",
    "register",
    "rows_of",
    "slots",
    "tally",
    "tasks_of",
    "todo_of",
    "unreachable",
    "unreported",
    "why",
    "worst",
]
