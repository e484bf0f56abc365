"""One filter set a list, for page, export and API alike."""

from .appointments import (
    IN_OFFICE,
    LEFT_BEHIND,
    PROPOSED,
    STATES,
    AppointmentFilter,
    PersonFilter,
)
from .filings import FilingFilter
from .handovers import HandoverFilter
from .posts import PostFilter, PostRuleFilter
from .teams import ExpertFilter, TeamFilter

__all__ = [
    "IN_OFFICE",
    "LEFT_BEHIND",
    "PROPOSED",
    "STATES",
    "AppointmentFilter",
    "ExpertFilter",
    "FilingFilter",
    "HandoverFilter",
    "PersonFilter",
    "PostFilter",
    "PostRuleFilter",
    "TeamFilter",
]
