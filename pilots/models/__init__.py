"""Programmes as data, bodies through time, and who acts for which body."""

from .documents import Clause, PolicyDocument
from .enrolments import Cohort, Enrolment
from .memberships import Membership
from .programmes import Programme
from .saved_views import SavedView
from .units import Succession, Unit, UnitName

__all__ = [
    "Clause",
    "Cohort",
    "Enrolment",
    "Membership",
    "PolicyDocument",
    "Programme",
    "SavedView",
    "Succession",
    "Unit",
    "UnitName",
]
