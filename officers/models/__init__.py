"""People, the posts they hold, how that was filed, and who supports them."""

from .appointments import Appointment, AppointmentQuerySet
from .directory import PublicDirectory
from .filings import Filing, FilingQuerySet
from .handovers import Handover
from .people import Person, PersonQuerySet
from .posts import Post, PostRule
from .teams import Team, TeamMember

__all__ = [
    "Appointment",
    "AppointmentQuerySet",
    "Filing",
    "FilingQuerySet",
    "Handover",
    "Person",
    "PersonQuerySet",
    "Post",
    "PostRule",
    "PublicDirectory",
    "Team",
    "TeamMember",
]
