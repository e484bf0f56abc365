"""Duty areas, what is demanded, who owes it, and what was done."""

from .areas import DutyArea, DutyItem, ItemProgress
from .assignments import Assignment, AssignmentQuerySet, Fulfilment, LightRule
from .obligations import Obligation

__all__ = [
    "Assignment",
    "AssignmentQuerySet",
    "DutyArea",
    "DutyItem",
    "Fulfilment",
    "ItemProgress",
    "LightRule",
    "Obligation",
]
