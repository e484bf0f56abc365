"""Rows that know no word of the domain."""

from .audit import AuditEntry
from .base import ScopedManager, ScopedQuerySet, ScopeMissing, Versioned, counts_of
from .calendar import WorkingDay
from .checks import Checked
from .documents import DocumentTemplate
from .files import StoredFile
from .outbound import OutboundGate
from .requests import IdempotencyKey
from .site import Heartbeat, SiteState

__all__ = [
    "AuditEntry",
    "Checked",
    "DocumentTemplate",
    "Heartbeat",
    "IdempotencyKey",
    "OutboundGate",
    "ScopeMissing",
    "ScopedManager",
    "ScopedQuerySet",
    "SiteState",
    "StoredFile",
    "Versioned",
    "WorkingDay",
    "counts_of",
]
