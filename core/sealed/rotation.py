"""Bringing every sealed column under the newest key.

The order for operators: put the new key first in FIELD_KEYS and restart everything; rotate; take the
old key out and restart. Rows that a process with the old list writes in between are found by
rotating once more: it may run at any time, any number of times, at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils.translation import gettext as _

from .. import audit
from ..errors import Refused
from .fields import SealedField
from .keys import SealBroken, digest, is_under_newest
from .values import Sealed

BATCH = 500
LOCK = "SELECT pg_advisory_xact_lock(hashtext('core.rotate_field_keys'))"


@dataclass
class Outcome:
    """Columns counted by `app.Model.field`: read in all, brought under the newest key, unreadable."""

    seen: dict[str, int] = field(default_factory=dict)
    renewed: dict[str, int] = field(default_factory=dict)
    unreadable: dict[str, list[Any]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.renewed.values())

    @property
    def lost(self) -> int:
        return sum(len(keys) for keys in self.unreadable.values())


def sealed_fields() -> Iterator[SealedField]:
    """Every SealedField of every installed model, proxies left out."""
    for model in apps.get_models():
        if not model._meta.proxy:
            for column in model._meta.local_fields:
                if isinstance(column, SealedField):
                    yield column


@transaction.atomic
def rotate(*, by: Any = None, is_trial_run: bool = False) -> Outcome:
    """Seal every value anew that is not under the newest key, and write the newest digest of each.

    All or nothing; a second run at the same time waits and then finds nothing left to do. Values that
    no key opens are counted and left alone. `is_trial_run` only counts. Raises Refused when two rows
    turn out to hold the same value, naming their primary keys.
    """
    outcome = Outcome()
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
    for column in sealed_fields():
        _rotate_column(column, outcome, is_trial_run=is_trial_run)
    if outcome.total and not is_trial_run:
        audit.record("field_keys.rotate", by=by, subject="FIELD_KEYS", after=dict(outcome.renewed))
    return outcome


def _rotate_column(column: SealedField, outcome: Outcome, *, is_trial_run: bool) -> None:
    name = f"{column.model._meta.label}.{column.name}"
    outcome.seen[name] = outcome.renewed[name] = 0
    for row in _rows(column, is_locked=not is_trial_run):
        outcome.seen[name] += 1
        try:
            changes = _changes(column, row)
        except SealBroken:
            outcome.unreadable.setdefault(name, []).append(row.pk)
            continue
        if changes:
            outcome.renewed[name] += 1
            if not is_trial_run:
                _write(column, row, changes)


def _rows(column: SealedField, *, is_locked: bool) -> Iterator[models.Model]:
    """The rows that hold something, batch by batch, each batch locked against other writers."""
    names = ["pk", column.name, *filter(None, [column.digest_field])]
    filled = column.model._base_manager.filter(**{f"{column.name}__isnull": False}).order_by("pk")
    rows = filled.select_for_update(of=("self",)) if is_locked else filled
    last: Any = None
    while batch := list((rows if last is None else rows.filter(pk__gt=last)).only(*names)[:BATCH]):
        # An empty text says nothing, and comes back as None.
        yield from (row for row in batch if getattr(row, column.attname) is not None)
        last = batch[-1].pk


def _changes(column: SealedField, row: models.Model) -> dict[str, Any]:
    """The columns to write, none when all is under the newest key; raises SealBroken."""
    value: Sealed = getattr(row, column.attname)
    plain = value.reveal()
    changes: dict[str, Any] = {}
    if not is_under_newest(value.token):
        changes[column.name] = Sealed.of(plain, column.mask)
    if column.digest_field:
        newest = digest(plain, purpose=column.purpose)
        if getattr(row, column.digest_field) != newest:
            changes[column.digest_field] = newest
    return changes


def _write(column: SealedField, row: models.Model, changes: dict[str, Any]) -> None:
    rows = column.model._base_manager
    try:
        with transaction.atomic():
            rows.filter(pk=row.pk).update(**changes)
    except IntegrityError:
        same = rows.filter(**{column.digest_field: changes[column.digest_field]})
        facts = {
            "name": f"{column.model._meta.label}.{column.name}",
            "one": row.pk,
            "other": "、".join(str(key) for key in same.values_list("pk", flat=True)),
        }
        raise Refused(
            _("%(name)s：记录%(one)s和%(other)s内容相同，合并其中一条后再轮换。没有改动任何数据。")
            % facts
        ) from None
