"""What people are told of signing: what waits for them, what was sent back, what was signed.

No notice names a person (ux.md §8): whoever opens the page may read that there.
"""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from reminders.choices import Manner, Topic
from reminders.models import Notice
from reminders.registry import NoticeType, Rendered, Select, register, still_due

from . import doors
from . import notice_sql as sql
from .choices import State
from .models.approvals import minutes_of

FAR = 1000  # what has no day comes after everything that has one


def _declare(
    name: str,
    label: Any,
    text: str,
    render: Callable[[Notice], Rendered],
    *,
    manner: Manner = Manner.DIGEST,
    topic: Topic = Topic.SIGNING,
    **more: Any,
) -> NoticeType:
    def select(on: date) -> Select | None:
        return Select(text, {"on": on, **more})

    still = partial(still_due, select)
    return register(NoticeType(name, label, select, render, still, manner, topic))


def _path(notice: Notice) -> str:
    facts = notice.facts
    return doors.address(facts["purpose"], facts["subject"], facts["number"])


def _urgency(notice: Notice) -> int:
    """Days to the due day; negative when it is over."""
    due = notice.facts.get("due_on")
    return (date.fromisoformat(due) - notice.for_on).days if due else FAR


def _lines(notice: Notice) -> list[str]:
    facts = notice.facts
    lines = [_("编号：%(subject)s") % facts]
    if facts.get("due_on"):
        lines.append(_("截止日期：%(due_on)s") % facts)
    return lines


def render_waiting(notice: Notice) -> Rendered:
    """「待审签：2022年第一季度进展报告」"""
    count = minutes_of(notice.facts["length"])
    reading = ngettext("约%(count)s分钟", "约%(count)s分钟", count) % {"count": count}
    title = _("待审签：%(title)s") % notice.facts
    lines = [*_lines(notice), _("阅读：%(time)s") % {"time": reading}]
    return Rendered(title, lines, _path(notice), _urgency(notice), to_do=True)


def render_sent_back(notice: Notice) -> Rendered:
    title = _("审签退回：%(title)s") % notice.facts
    lines = [_("要改什么：%(reason)s") % notice.facts, *_lines(notice)]
    return Rendered(title, lines, _path(notice), _urgency(notice), to_do=True)


def render_signed(notice: Notice) -> Rendered:
    title = _("已审签：%(title)s") % notice.facts
    return Rendered(title, _lines(notice), _path(notice), FAR)


WAITING = _declare("approvals.waiting", gettext_lazy("待审签"), sql.WAITING, render_waiting)
SENT_BACK = _declare(
    "approvals.sent_back",
    gettext_lazy("审签退回"),
    sql.DECIDED,
    render_sent_back,
    manner=Manner.IMMEDIATE,
    topic=Topic.RETURNS,
    state=State.SENT_BACK.value,
)
SIGNED = _declare(
    "approvals.signed",
    gettext_lazy("已审签"),
    sql.DECIDED,
    render_signed,
    manner=Manner.IMMEDIATE,
    topic=Topic.DECISIONS,
    state=State.SIGNED.value,
)
