"""等别人办: whose turn it is with a unit's reports, and since when."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from approvals.models import Approval
from duties.models import Assignment, LightRule
from reports.choices import Status
from reports.models import Report

from .links import link
from .tasks import item_of


def waiting(tasks: Iterable[Assignment], rule: LightRule, *, many: bool) -> list[dict[str, Any]]:
    """Rows of components/todo.html for tasks that wait for the bureau, with the days since the report
    was handed in; each leads to its report. One query."""
    rows = list(tasks)
    reports = {row.assignment_id: row for row in Report.rows.filter(assignment__in=rows)}
    return [_waiting(row, reports.get(row.pk), rule, many=many) for row in rows]


def _waiting(
    task: Assignment, report: Report | None, rule: LightRule, *, many: bool
) -> dict[str, Any]:
    item = item_of(task, rule, with_unit=many)
    if report is None or report.handed_in_on is None:
        return item
    said = _("待市政数局审核，%(day)s报送，%(waited)s") % {
        "day": report.handed_in_on,
        "waited": _waited(report.handed_in_on, rule.on),
    }
    unit = f"{task.unit.display_name} · " if many else ""
    url = link("reports:report", report.number)
    # Its own deadline is met or missed already: what counts now is how long the bureau takes.
    return {**item, "url": url, "state": "", "word": "", "note": f"{unit}{said}"}


def signing(tasks: Iterable[Assignment], on: date) -> dict[int, dict[str, str]]:
    """{task: where its report is and what to say} of those whose report waits for a signature inside
    the unit. Two queries, one where none does."""
    reports = list(
        Report.rows.filter(assignment__in=list(tasks), status=Status.TO_SIGN).only(
            "assignment_id", "number"
        )
    )
    if not reports:
        return {}
    numbers = [row.number for row in reports]
    rounds = Approval.rows.filter(subject__in=numbers).order_by("opened_at", "id")
    since = {row.subject: row.opened_on for row in rounds}
    return {
        row.assignment_id: {
            "url": link("reports:report", row.number),
            "note": _("待审签，%(day)s提交，%(waited)s")
            % {"day": since[row.number], "waited": _waited(since[row.number], on)},
        }
        for row in reports
        if row.number in since
    }


def _waited(since: date, on: date) -> str:
    days = (on - since).days
    return _("已等%(days)s天") % {"days": days} if days > 0 else _("今天提交")
