"""The sentences above the matrix, read off its rows."""

from datetime import date

from django.utils.translation import gettext as _

from core import words
from core.workdays import Calendar
from duties.models import Obligation
from duties.queries import Matrix


def lede(matrix: Matrix) -> str:
    """「13个试点单位。工作总结2022-04-30截止，最后一个工作日2022-04-29，还有7个工作日。」"""
    on, slots = matrix.rule.on, sum(group.slots for group in matrix.groups)
    said = [_("%(count)s个试点单位。") % {"count": matrix.size}]
    if slots:
        named = {"count": matrix.size - slots, "slots": slots}
        said.append(_("已登记名称%(count)s个，待补名%(slots)s个。") % named)
    ahead = [row for row in matrix.obligations if row.due_on and row.due_on >= on]
    certain = [row for row in ahead if not row.is_doubtful]
    if certain:
        said.append(_next(min(certain, key=_due), on))
    doubtful = [row for row in matrix.obligations if row.is_doubtful]
    if doubtful:
        names = words.listed(row.display_short_title for row in doubtful)
        wording = {"names": names, "wording": doubtful[0].wording}
        said.append(_("%(names)s“%(wording)s”完成，口径待确认。") % wording)
    return "".join(said)


def _due(row: Obligation) -> date:
    return row.due_on or date.max


def _next(row: Obligation, on: date) -> str:
    due = _due(row)
    calendar = Calendar.around(on, due, margin=20)
    last = calendar.on_or_before(due)
    facts = {
        "title": row.display_short_title,
        "due": due,
        "last": last,
        "days": max(calendar.between(on, last), 0),
    }
    if last == due:
        return _("%(title)s%(due)s截止，还有%(days)s个工作日。") % facts
    return _("%(title)s%(due)s截止，最后一个工作日%(last)s，还有%(days)s个工作日。") % facts


def unknown_then(matrix: Matrix) -> str:
    """「当时名单未知」 when the page shows a day before anybody counted (house.md §6.11)."""
    if matrix.counted_on is None or matrix.rule.on >= matrix.counted_on:
        return ""
    counted = {"day": matrix.counted_on}
    return _("当时名单未知：下表是%(day)s公布的数字，文件没有写明各单位何时加入。") % counted
