"""Columns that name the unit a row points to, so that a list costs one query."""

from datetime import date
from typing import Any

from django.db.models import F, Subquery

from pilots.models.units import names_by_nearness


def with_unit(rows: Any, on: date, *paths: str) -> Any:
    """`rows` with `<path>_code` and `<path>_name` of the units at these foreign keys: the code, and
    the short name on that day; both NULL where there is none."""
    for path in paths:
        names = names_by_nearness(on, unit=f"{path}_id").values("short_name")[:1]
        label = path.replace("__", "_")
        columns = {f"{label}_code": F(f"{path}__code"), f"{label}_name": Subquery(names)}
        rows = rows.annotate(**columns)
    return rows
