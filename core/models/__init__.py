"""Rows that know no word of the domain."""

from .audit import AuditEntry
from .base import ScopedManager, ScopedQuerySet, ScopeMissing, Versioned
from .calendar import WorkingDay
from .documents import DocumentTemplate
from .files import StoredFile
from .requests import IdempotencyKey
from .site import Heartbeat, SiteState

__all__ = [
    "AuditEntry",
    "DocumentTemplate",
    "Heartbeat",
    "IdempotencyKey",
    "ScopeMissing",
    "ScopedManager",
    "ScopedQuerySet",
    "SiteState",
    "StoredFile",
    "Versioned",
    "WorkingDay",
]
