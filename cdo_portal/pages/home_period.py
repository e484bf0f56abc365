"""本期报送 on the bureau's desk: of the open period, else of the summary demand."""

from typing import Any

from accounts.roles import Permission
from core import words
from duties.choices import Light, Nature
from duties.models import Assignment, LightRule
from duties.queries import Tally, unreported
from pilots.access import permissions_of
from pilots.models import Programme
from reports.models import Period
from reports.queries.overview import chosen, known_periods
from reports.queries.periods import DUE, IN, ON_TIME, Line, counts_of, lines_by_period

from .links import link, pattern, tasks
from .overview_period import place
from .tasks import word_of


def reports_block(
    programme: Programme, counts: Tally, *, user: Any, rule: LightRule
) -> dict[str, Any]:
    """Context of pages/home/desk/reports.html: three numbers with their lists, the units that still
    owe theirs, and where the list for a work group is."""
    period = chosen(known_periods(programme, user=user), "", rule.on)
    if period is not None:
        return _of_period(period, user=user, rule=rule)
    return _of_summary(programme, counts, unreported(programme, user=user, rule=rule), rule, user)


def _of_period(period: Period, *, user: Any, rule: LightRule) -> dict[str, Any]:
    lines = lines_by_period([period], user=user, rule=rule, named=True)[period.pk]
    counts = counts_of(lines)
    owed = [line for line in lines if not line.is_in]
    address = pattern("duties:assignment")
    return {
        "title": period.title,
        "due_on": period.due_on,
        "due": counts[DUE],
        "done": counts[IN],
        "on_time": counts[ON_TIME],
        "rate": words.percent_of(counts[ON_TIME], counts[DUE]),
        "due_url": place(period, DUE, rule.on),
        "done_url": place(period, IN, rule.on),
        "on_time_url": place(period, ON_TIME, rule.on),
        "missing": [_missing(line, rule, address) for line in owed],
        "missing_url": "",
        "copy_url": _copy(period.obligation.code, user, period=period.code),
    }


def _missing(line: Line, rule: LightRule, address: str) -> dict[str, Any]:
    light = line.light
    return {
        "url": address.format(line.task.number),
        "unit": line.task.unit_label,
        "state": light,
        "word": word_of(line.task, light, rule),
    }


def _of_summary(
    programme: Programme, counts: Tally, owed: list[Assignment], rule: LightRule, user: Any
) -> dict[str, Any]:
    report: dict[str, Any] = {"nature": Nature.REPORT.value}
    address = pattern("duties:assignment")
    codes = {row.obligation.code for row in owed}
    return {
        "title": "",
        "due_on": None,
        "due": counts.reports_due,
        "done": counts.reports_done,
        "on_time": counts.reports_on_time,
        "rate": words.percent_of(counts.reports_on_time, counts.reports_due),
        "due_url": tasks(programme, counted="true", **report),
        "done_url": tasks(programme, light=Light.DONE, **report),
        "on_time_url": tasks(programme, light=Light.DONE, on_time="true", **report),
        "missing": [
            {
                "url": address.format(row.number),
                "unit": row.unit_label,
                "state": row.light(rule),
                "word": word_of(row, row.light(rule), rule),
            }
            for row in owed
        ],
        "missing_url": tasks(programme, open="true", **report),
        "copy_url": _copy(codes.pop(), user) if len(codes) == 1 else "",
    }


def _copy(code: str, user: Any, **query: str) -> str:
    """「复制未报名单」, for who may."""
    if Permission.MANAGE_ASSIGNMENTS not in permissions_of(user):
        return ""
    return link("obligation-missing", code, **query)
