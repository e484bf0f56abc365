"""Duty areas, what is demanded and ordered, who owes it and who helps, what was done and said."""

from .areas import DutyArea, DutyItem, ItemProgress
from .assignments import Assignment, AssignmentQuerySet, Fulfilment, LightRule
from .extensions import Extension, ExtensionQuerySet
from .helpers import Helper, Opening
from .obligations import Obligation
from .orders import Order, OrderHelper, OrderLead, OrderQuerySet
from .remarks import Remark, RemarkQuerySet
from .slips import Slip, SlipLabel, SlipQuerySet, SlipReply

__all__ = [
    "Assignment",
    "AssignmentQuerySet",
    "DutyArea",
    "DutyItem",
    "Extension",
    "ExtensionQuerySet",
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
    "Slip",
    "SlipLabel",
    "SlipQuerySet",
    "SlipReply",
]
