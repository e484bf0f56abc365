"""What the API says of the register of officers."""

from .appointments import AppointmentSerializer
from .filings import FilingSerializer
from .handovers import HandoverSerializer
from .people import PersonSerializer
from .posts import PostRuleSerializer, PostSerializer
from .teams import ExpertSerializer, TeamSerializer

__all__ = [
    "AppointmentSerializer",
    "ExpertSerializer",
    "FilingSerializer",
    "HandoverSerializer",
    "PersonSerializer",
    "PostRuleSerializer",
    "PostSerializer",
    "TeamSerializer",
]
