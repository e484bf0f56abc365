"""Numbers of records: 「RW-2022-0001」, a prefix and year with a running count."""

from typing import Any

from django.db import connection
from django.db.models.functions import Length

from . import clock


def next_numbers(rows: Any, letters: str, count: int = 1) -> list[str]:
    """The next `count` free numbers <letters>-<year>-<four digits or more> of `rows` (a queryset
    with a `number` column), under a lock till the transaction ends."""
    if not count:
        return []
    prefix = f"{letters}-{clock.today().year}-"
    # Two creators never take one number: the second waits here until the first has committed.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [prefix])
    known = rows.filter(number__startswith=prefix).order_by(Length("number").desc(), "-number")
    last = known.values_list("number", flat=True).first()
    start = int(last.removeprefix(prefix)) if last else 0
    return [f"{prefix}{start + step:04d}" for step in range(1, count + 1)]
