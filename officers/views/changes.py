"""修改记录 of one record: who, when, before → after."""

from typing import Any

from django.db import models

from core import audit
from core.models import AuditEntry

from ..models import Appointment, Person
from ..words import OFFICERS

MOST = 30


def history(row: Appointment | Person) -> list[dict[str, Any]]:
    """The latest entries about the record for components/trail.html, the newest first; people,
    posts and bodies in them by their names."""
    entries = AuditEntry.objects.of(audit.label(row)).order_by("-id")[:MOST]
    return OFFICERS.steps(entries, _names(row))


def _names(row: models.Model) -> dict[str, str]:
    """Names of everything that was read with the record, by label."""
    related = [
        getattr(row, field.name)
        for field in row._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.is_cached(row)
    ]
    return {audit.label(each): str(each) for each in related if each is not None}
