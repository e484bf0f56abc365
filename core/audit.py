"""Writing the audit record. Services call `record()` inside the transaction of the change."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.db import models

from . import clock, context
from .models import AuditEntry
from .models.audit import SYSTEM


def record(
    verb: str,
    *,
    by: Any,
    subject: Any,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    unit: Any = None,
    programme: Any = None,
) -> AuditEntry:
    """Append one entry. `by` is a user or None for the system itself; `subject` a model instance
    or a text label; `unit` and `programme` anything with `.code`. `before`/`after` hold plain
    field values; only what changed is worth giving."""
    request = context.current()
    return AuditEntry.objects.create(
        at=clock.now(),
        actor_id=getattr(by, "pk", None),
        actor=actor(by),
        role=str(getattr(by, "audit_role", ""))[:60],
        verb=verb,
        subject=label(subject),
        subject_label=str(subject)[:300],
        unit_code=getattr(unit, "code", "") or "",
        programme_code=getattr(programme, "code", "") or "",
        before=plain(before),
        after=plain(after),
        request_id=request.request_id,
        ip=request.ip,
    )


def record_refusal(verb: str, **facts: Any) -> None:
    """Append an entry, as `record()` does, about something that is being refused. The transaction
    around it is undone, so within a request it is written when the request is over."""
    request = context.current()
    if request is context.NONE:
        record(verb, **facts)
        return
    request.afterwards.append(partial(record, verb, **facts))


def actor(by: Any) -> str:
    """How a person, or the system itself (None), is named in records that outlive the account."""
    return str(getattr(by, "audit_label", by or SYSTEM))


def label(subject: Any) -> str:
    """`model:key` of an instance, where key is its `audit_key`, `code`, `number` or primary key."""
    if not isinstance(subject, models.Model):
        return str(subject)
    for name in ("audit_key", "code", "number"):
        if value := getattr(subject, name, None):
            return f"{subject._meta.model_name}:{value}"
    return f"{subject._meta.model_name}:{subject.pk}"


def facts(instance: models.Model, names: Iterable[str]) -> dict[str, Any]:
    """Values of the named fields, for `before` and `after`; a foreign key gives its label."""
    return {name: getattr(instance, name) for name in names}


def plain(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if values is None else {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return label(value)
    if isinstance(value, date | datetime | Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return str(value)
