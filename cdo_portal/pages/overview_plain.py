"""The list of bodies of a programme whose documents set neither areas nor tasks."""

from collections.abc import Mapping
from typing import Any

from duties.queries import Matrix

from .links import pattern
from .units_officers import NOBODY, Standing


def plain_groups(found: Matrix, present: Mapping[int, Standing] | None) -> list[dict[str, Any]]:
    """Groups of rows for pages/parts/plain_units.html; empty where the matrix is shown instead."""
    if present is None or found.obligations:
        return []
    address = pattern("unit")
    return [
        {
            "kind": group.kind,
            "size": group.size,
            "slots": group.slots,
            "rows": [
                {
                    "enrolment": row.enrolment,
                    "url": address.format(row.enrolment.unit.code),
                    "present": present.get(row.enrolment.unit_id, NOBODY),
                }
                for row in group.rows
            ],
        }
        for group in found.groups
    ]
