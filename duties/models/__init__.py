"""Duty areas, what is demanded and ordered, who owes it and who helps, what was done and said."""

from .areas import DutyArea, DutyItem, ItemProgress
from .assignments import Assignment, AssignmentQuerySet, Fulfilment, LightRule
from .helpers import Helper, Opening
from .obligations import Obligation
from .orders import Order, OrderHelper, OrderLead, OrderQuerySet
from .remarks import Remark, RemarkQuerySet

__all__ = [
    "Assignment",
    "AssignmentQuerySet",
    "DutyArea",
    "DutyItem",
    "Fulfilment",
    "Helper",
    "ItemProgress",
    "LightRule",
    "Obligation",
    "Opening",
    "Order",
    "OrderHelper",
    "OrderLead",
    "OrderQuerySet",
    "Remark",
    "RemarkQuerySet",
]
