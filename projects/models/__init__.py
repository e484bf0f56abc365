"""IT projects, opinions at their gates, records beside them, and findings."""

from .findings import Finding, FindingQuerySet, FindingStep
from .opinions import GateCheck, Opinion, OpinionQuerySet, ProjectRecord
from .powers import Power
from .projects import Project, ProjectQuerySet

__all__ = [
    "Finding",
    "FindingQuerySet",
    "FindingStep",
    "GateCheck",
    "Opinion",
    "OpinionQuerySet",
    "Power",
    "Project",
    "ProjectQuerySet",
    "ProjectRecord",
]
