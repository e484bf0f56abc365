"""Reads across the rows of duties."""

from .explaining import why
from .matrix import AreaCell, Cell, Group, Matrix, Row, matrix
from .tallies import Tally, area_items, burn_up, tally, unit_strip

__all__ = [
    "AreaCell",
    "Cell",
    "Group",
    "Matrix",
    "Row",
    "Tally",
    "area_items",
    "burn_up",
    "matrix",
    "tally",
    "unit_strip",
    "why",
]
