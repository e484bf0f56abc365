"""Endpoints of the register of officers."""

from .appointments import AppointmentViewSet
from .confirming import ConfirmOfficersViewSet
from .filings import FilingViewSet
from .handovers import HandoverViewSet
from .people import PersonViewSet
from .posts import PostRuleViewSet, PostViewSet
from .teams import ExpertViewSet, TeamViewSet

__all__ = [
    "AppointmentViewSet",
    "ConfirmOfficersViewSet",
    "ExpertViewSet",
    "FilingViewSet",
    "HandoverViewSet",
    "PersonViewSet",
    "PostRuleViewSet",
    "PostViewSet",
    "TeamViewSet",
]
