"""Rows that are made once a process and laid down again with one statement.

Half of all tests want the city, and making it takes thirty statements.
"""

import copy
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction


class Kept:
    """What `make` returned and every row that it wrote; of these, the database keeps none."""

    def __init__(self, make: Callable[[], Any]) -> None:
        before = {model: _newest(model) for model in _models()}
        with transaction.atomic():
            self.made = make()
            grown = [model for model in before if _newest(model) > before[model]]
            self.statement = " ".join(map(_laying, grown))
            self.rows = [_rows(model, before[model]) for model in grown]
            transaction.set_rollback(True)

    def lay(self) -> Any:
        """The rows with the keys that they had, which no sequence gives away a second time, and a copy
        of what was returned: a test may change either."""
        with connection.cursor() as cursor:
            cursor.execute(self.statement, self.rows)
        return copy.deepcopy(self.made)


def _models() -> list[type[models.Model]]:
    found = apps.get_models(include_auto_created=True)
    return [model for model in found if isinstance(model._meta.pk, models.AutoField)]


def _newest(model: type[models.Model]) -> int:
    return model._base_manager.aggregate(newest=models.Max("pk"))["newest"] or 0


def _rows(model: type[models.Model], after: int) -> str:
    with connection.cursor() as cursor:
        table = model._meta.db_table
        cursor.execute(f'SELECT json_agg(t)::text FROM "{table}" t WHERE id > %s', [after])
        return cursor.fetchone()[0]


def _laying(model: type[models.Model]) -> str:
    """Foreign keys are looked at when the transaction ends: tables may come in any order."""
    columns = [f'"{one.column}"' for one in model._meta.concrete_fields if not one.generated]
    table, names = model._meta.db_table, ", ".join(columns)
    return (
        f'INSERT INTO "{table}" ({names}) '
        f'SELECT {names} FROM json_populate_recordset(NULL::"{table}", %s);'
    )
