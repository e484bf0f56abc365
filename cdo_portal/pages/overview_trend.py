"""On-time rates of the last eight periods, and of all dated tasks against both deadlines."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from core import charts, words
from duties.models import Assignment, LightRule
from duties.queries.extensions import punctuality
from pilots.models import Enrolment, Programme
from reports.queries.overview import Past, UnitPast


def trend_chart(past: list[Past]) -> charts.Chart | None:
    """Small bars with numbers and a table; None before any period is over. The second rate, by the
    day first set, stands in the table where a later day was granted."""
    if not past:
        return None
    values = [(row.period.code, round(_rate(row.on_time, row.due), 1)) for row in past]
    drawn = charts.bars(_finding(past), values, "%")
    with_first = any(row.extended for row in past)
    columns = [_("报告期"), _("应报"), _("按时报送"), _("按时率")]
    if with_first:
        columns.append(_("按原定日期"))
    rows = [_row(row, with_first=with_first) for row in past]
    return replace(drawn, columns=columns, rows=rows)


def _rate(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0


def _finding(past: list[Past]) -> str:
    """What the bars say in ten words."""
    last = past[-1]
    now = {"title": last.period.title, "now": words.percent_of(last.on_time, last.due)}
    if len(past) == 1:
        return _("%(title)s按时报送率%(now)s") % now
    before = past[-2]
    then = {**now, "then": words.percent_of(before.on_time, before.due)}
    # Compared crosswise, as a rounded rate may hide a difference.
    change = last.on_time * before.due - before.on_time * last.due
    if change > 0:
        return _("按时报送率由%(then)s升至%(now)s") % then
    if change < 0:
        return _("按时报送率由%(then)s降至%(now)s") % then
    return _("按时报送率与上期持平，%(now)s") % then


def _row(row: Past, *, with_first: bool) -> tuple[Any, ...]:
    rate = words.percent_of(row.on_time, row.due)
    shown = (row.period.title, row.due, row.on_time, rate)
    if not with_first:
        return shown
    first = f"{row.on_time_first}/{row.due} {words.percent_of(row.on_time_first, row.due)}"
    return (*shown, first)


def rates(
    programme: Programme, *, user: Any, rule: LightRule, part: Enrolment | None = None
) -> str:
    """「到期任务30件，按时完成28件（93.3%）；按原定日期27件（90.0%），1件经批准延期。」 '' while none is due.
    The second half only where a later day was granted. One query."""
    rows = Assignment.objects.visible_to(user).filter(enrolment__programme=programme)
    found = punctuality(rows.filter(enrolment=part) if part else rows, rule.on)
    if not found.due:
        return ""
    facts = {
        "due": found.due,
        "done": found.on_time,
        "rate": words.percent_of(found.on_time, found.due),
        "first": found.on_time_first,
        "first_due": found.due_first,
        "first_rate": words.percent_of(found.on_time_first, found.due_first),
        "extended": found.extended,
    }
    said = _("到期或已完成的有时限任务%(due)s件，按时完成%(done)s件（%(rate)s）。") % facts
    if found.extended:
        said += (
            _(
                "按原定日期算，%(first_due)s件中按时%(first)s件（%(first_rate)s），%(extended)s件经批准延期。"
            )
            % facts
        )
    return said


def unit_chart(found: list[UnitPast]) -> charts.Chart | None:
    """Items with progress in each period of one body, the oldest first; None without a report."""
    if not any(row.items for row in found):
        return None
    past = found[::-1]
    most = max(row.items for row in past)
    values = [(row.period.code, float(row.items)) for row in past]
    last = past[-1]
    title = _("%(title)s有%(count)s个事项报了进展") % {
        "title": last.period.title,
        "count": last.items,
    }
    drawn = charts.bars(title, values, "", most)
    rows = [(row.period.title, punctual(row), row.items) for row in past]
    return replace(drawn, columns=[_("报告期"), _("按时"), _("有进展的事项")], rows=rows)


def punctual(row: UnitPast) -> str:
    """By the granted day; by the first one too where the two differ."""
    line = row.line
    if not line.is_in:
        return _("逾期未报") if line.is_late else _("未报")
    said = _("按时") if line.is_on_time else _("逾期报送")
    if line.is_extended and line.is_on_time and not line.is_on_time_first:
        said += _("（按批准的日期，晚于原定日期）")
    return said
