"""等别人办: whose turn it is with a unit's reports, and since when."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from duties.models import Assignment, LightRule
from reports.models import Report
from reports.queries.turns import reports_by_task, signing_since

from .links import link
from .tasks import item_of


def waiting(tasks: Iterable[Assignment], rule: LightRule, *, many: bool) -> list[dict[str, Any]]:
    """Rows of components/todo.html for tasks that wait for the bureau, with the days since the report
    was handed in; each leads to its report. One query."""
    rows = list(tasks)
    reports = reports_by_task(rows)
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
    return {
        task: {
            "url": link("reports:report", number),
            "note": _("待审签，%(day)s提交，%(waited)s") % {"day": day, "waited": _waited(day, on)},
        }
        for task, (number, day) in signing_since(tasks).items()
    }


def _waited(since: date, on: date) -> str:
    days = (on - since).days
    return _("已等%(days)s天") % {"days": days} if days > 0 else _("今天提交")
