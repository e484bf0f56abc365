"""Whose turn it is with the reports that answer a unit's tasks."""

from collections.abc import Iterable
from datetime import date

from approvals.models import Approval
from duties.models import Assignment

from ..choices import Status
from ..models import Report


def reports_by_task(tasks: Iterable[Assignment]) -> dict[int, Report]:
    """{task: its report} of tasks that the reader sees; one query."""
    return {row.assignment_id: row for row in Report.rows.filter(assignment__in=list(tasks))}


def signing_since(tasks: Iterable[Assignment]) -> dict[int, tuple[str, date]]:
    """{task: (number of its report, day on which it was put up)} where the report waits for a signature
    inside the unit. Two queries, one where none does."""
    waiting = Report.rows.filter(assignment__in=list(tasks), status=Status.TO_SIGN)
    numbers = dict(waiting.order_by().values_list("number", "assignment_id"))
    if not numbers:
        return {}
    # The newest round comes last and stays.
    rounds = Approval.rows.filter(subject__in=list(numbers)).order_by("opened_at", "id")
    return {numbers[row.subject]: (row.subject, row.opened_on) for row in rounds}
