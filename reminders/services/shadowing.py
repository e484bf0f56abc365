"""Tables of one transaction's own in front of the engine's: what is planned there is planned nowhere else.

PostgreSQL looks for an unqualified name among the session's temporary tables first. So the statements of
planning, as they are, read and write the shadows, and nobody who works on the real rows waits.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import connection, transaction

from pilots.choices import Phase
from pilots.models import Programme

from ..models import Delivery, DeliveryLine, Endpoint, Notice
from .bundling import TOLD_WITHIN

# Indexes, defaults and checks come along, foreign keys and triggers do not: a foreign key would lock the
# row that it names. What is generated is a plain column, so that whole rows can be copied.
MAKE = """
CREATE TEMPORARY TABLE {table} (LIKE public.{table} INCLUDING ALL EXCLUDING GENERATED)
ON COMMIT DROP
"""
COPY = "INSERT INTO pg_temp.{table} SELECT * FROM public.{table} AS told WHERE {condition}"
# Ids go on after all that are real.
GO_ON = """
SELECT setval(pg_get_serial_sequence('pg_temp.{table}', 'id'),
              coalesce((SELECT max(id) FROM public.{table}), 0) + 1, false)
"""
# From here on the database itself refuses to write to any table but a temporary one.
ONLY_SHADOWS = "SET TRANSACTION READ ONLY"

# What was told before the first day; of its messages only what bundling may still ask for.
BEFORE = "programme_id = %(programme)s AND for_on < %(first)s"
CARRIED = f"""
notice_id IN (SELECT id FROM public.reminders_notice
              WHERE {BEFORE} AND for_on >= %(first)s::date - %(within)s)
"""  # noqa: S608 - constants of this module, values are parameters
ALL, NONE = "true", "false"
# Where there is no other programme, nobody looks through the tasks of all (measured: 11 s instead of 13
# for a quarter, one programme of sixteen).
THIS = "id = %(programme)s"
COPIED: dict[Any, str] = {
    Notice: BEFORE,
    Delivery: NONE,
    DeliveryLine: CARRIED,
    Endpoint: ALL,
    Programme: THIS,
}


@contextmanager
def shadows(programme: Programme, first: date) -> Iterator[None]:
    """Inside, notices, messages and addresses are as they will be on the morning of `first` when all goes
    well: of the programme what was told before, no message that waits, every address, no other
    programme. A draft is followed from `first` on. In the end nothing of it was there.

    No table but the shadows can be written inside; the attempt raises InternalError of the database.
    """
    params = {"programme": programme.pk, "first": first, "within": TOLD_WITHIN}
    with transaction.atomic():
        for model, condition in COPIED.items():
            _shadow(model, condition, params)
        if programme.phase == Phase.DRAFT:
            row = Programme.rows.filter(pk=programme.pk)
            row.update(phase=Phase.RUNNING, started_on=programme.started_on or first)
        with connection.cursor() as cursor:
            cursor.execute(ONLY_SHADOWS)
        yield
        transaction.set_rollback(True)


def _shadow(model: Any, condition: str, params: dict[str, Any]) -> None:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(MAKE.format(table=table))
        if condition != NONE:
            cursor.execute(COPY.format(table=table, condition=condition), params)
            cursor.execute(f"ANALYZE pg_temp.{table}")
        cursor.execute(GO_ON.format(table=table))
