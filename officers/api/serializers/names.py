"""Columns that name the unit a row points to, so that a list costs one query."""

from datetime import date
from typing import Any

from django.db.models import F

from pilots.models.units import NameOn


def with_unit(rows: Any, on: date, *paths: str) -> Any:
    """`rows` with `<path>_code` and `<path>_name` of the units at these foreign keys: the code, and
    the short name on that day; both NULL where there is none."""
    for path in paths:
        label = path.replace("__", "_")
        columns = {f"{label}_code": F(f"{path}__code"), f"{label}_name": NameOn(f"{path}_id", on)}
        rows = rows.annotate(**columns)
    return rows
