"""How a report is changed: locked, checked, saved, audited."""

from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from core import audit, clock
from core.errors import Refused

from ..models import Report

FACTS = ("status", "editions", "returns", "handed_in_on", "decided_on")


class PeriodClosed(Refused):
    """The period is 已定稿 (409)."""

    code = "period_closed"


def lock(report: Report, version: int | None) -> Report:
    """The row under lock with its task, body and period; raises StaleVersion, PeriodClosed.

    Everybody takes rows in one order, or two would wait for each other: the report, its period, its
    task, and numbers (core.numbers) last.
    """
    rows = Report.rows.select_for_update(of=("self",)).for_lists()
    row = rows.get(pk=report.pk)
    if row.period is not None:
        row.period.closed_on = hold_period(row.period.pk)
    row.require_version(version)
    if row.is_locked:
        words = {"period": row.period, "day": row.period and row.period.closed_on}
        raise PeriodClosed(
            _("%(period)s已于%(day)s定稿，不能再改。需要更正时联系市政数局。") % words
        )
    return row


def hold_period(pk: int) -> date | None:
    """The day on which the period was closed, None while it is open. Until the transaction ends it is
    neither closed nor changed; many may hold it so at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT closed_on FROM reports_period WHERE id = %s FOR SHARE", [pk])
        found: date | None = cursor.fetchone()[0]
    return found


def save(
    row: Report,
    verb: str,
    *,
    by: Any,
    before: dict[str, Any],
    extra: dict[str, Any] | None = None,
) -> Report:
    """Check, save and audit a changed report."""
    row.version += 1
    row.updated_at = clock.now()
    row.full_clean()
    row.save()
    record(verb, row, by=by, before=before, after=audit.facts(row, FACTS) | (extra or {}))
    return row


def record(
    verb: str,
    row: Report,
    *,
    by: Any,
    before: dict[str, Any] | None = None,
    after: dict[str, Any],
) -> None:
    audit.record(
        f"report.{verb}",
        by=by,
        subject=row,
        unit=row.unit,
        programme=row.programme,
        before=before,
        after=after,
    )
