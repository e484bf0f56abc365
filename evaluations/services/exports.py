"""Noting that results left the portal."""

from typing import Any

from django.db import transaction

from core import audit

from ..models import Round


@transaction.atomic
def note_export(row: Round, *, by: Any, count: int) -> None:
    """Write down who took the results of a round away, and how many lines."""
    audit.record(
        "round.export", by=by, subject=row, programme=row.programme, after={"exported": count}
    )
