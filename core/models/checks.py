"""Whether a row keeps its check constraints, asked without the database.

`full_clean()` asks the database once for each constraint, inside a savepoint: three statements, and
some rows have nine. Most conditions are plain comparisons of the row's own columns, and what surely
holds need not be asked. Whatever is false, unknown or too clever goes to Django as before, which
also finds the words; and on saving, the database judges in any case.
"""

import operator
from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models

Constraints = list[tuple[type[models.Model], Sequence[models.BaseConstraint]]]

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "exact": operator.eq,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
    "in": lambda value, options: value in options,
}


class Checked(models.Model):
    """A row whose `full_clean()` asks the database only about constraints that do not surely hold."""

    class Meta:
        abstract = True

    def get_constraints(self) -> Constraints:
        return [
            (model, [one for one in constraints if not _surely_holds(one, self)])
            for model, constraints in super().get_constraints()
        ]


def _surely_holds(constraint: models.BaseConstraint, row: models.Model) -> bool:
    if not isinstance(constraint, models.CheckConstraint):
        return False
    condition = constraint.condition
    return isinstance(condition, models.Q) and verdict(condition, row) is True


def verdict(condition: models.Q, row: models.Model) -> bool | None:
    """True or False as SQL would say; None for what SQL calls unknown and for what is not understood
    here: text patterns, arrays, JSON, expressions, columns the database fills in."""
    found = [
        verdict(part, row) if isinstance(part, models.Q) else _compared(part, row)
        for part in condition.children
    ]
    answer = _joined(condition.connector, found)
    return not answer if condition.negated and answer is not None else answer


def _joined(connector: str, found: list[bool | None]) -> bool | None:
    deciding = {models.Q.AND: False, models.Q.OR: True}.get(connector)
    if deciding is None:
        return None
    if deciding in found:
        return deciding
    return None if None in found else not deciding


def _compared(part: Any, row: models.Model) -> bool | None:
    if not isinstance(part, tuple):
        return None
    name, _sep, lookup = part[0].partition("__")
    try:
        value, wanted = _value(name, row), part[1]
        if lookup == "isnull" or (lookup in {"", "exact"} and wanted is None):
            return (value is None) == (wanted is None or bool(wanted))
        if isinstance(wanted, models.F):
            wanted = _value(wanted.name, row)  # type: ignore[attr-defined]
        if value is None or wanted is None or hasattr(wanted, "resolve_expression"):
            return None
        return COMPARISONS[lookup or "exact"](value, wanted)
    except (FieldDoesNotExist, KeyError, TypeError):
        return None


def _value(name: str, row: models.Model) -> Any:
    """What the column will hold; raises TypeError where Python does not know that."""
    field = row._meta.get_field(name)
    value = getattr(row, field.attname)  # type: ignore[union-attr]
    if isinstance(field, models.JSONField) or hasattr(value, "resolve_expression"):
        raise TypeError(name)
    return value
