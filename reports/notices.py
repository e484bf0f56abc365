"""What people are told of reports: a period that was opened, what came back, what was accepted, what
waits for the bureau. No notice names a person (ux.md §8)."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.workdays import Calendar
from reminders.choices import Manner, Topic
from reminders.models import Notice
from reminders.registry import NoticeType, Rendered, Select, register, still_due

from . import notice_sql as sql
from . import support_notices

# The engine finds this module; what is declared beside it comes along.
__all__ = ["ACCEPTED", "OPENED", "RETURNED", "WAITING", "support_notices"]

FAR = 1000  # news without a day comes after everything that has one
LONG = 3  # working days after which the bureau's desk is reminded


def _params(on: date) -> dict[str, Any]:
    calendar = Calendar.around(on, margin=30)
    return {"on": on, "waited": calendar.back(on, LONG + 1)}


def _declare(
    name: str,
    label: Any,
    text: str,
    render: Callable[[Notice], Rendered],
    *,
    manner: Manner = Manner.DIGEST,
    topic: Topic = Topic.TASKS,
) -> NoticeType:
    def select(on: date) -> Select | None:
        return Select(text, _params(on))

    still = partial(still_due, select)
    return register(NoticeType(name, label, select, render, still, manner, topic))


def _words(notice: Notice) -> dict[str, Any]:
    return {**notice.facts, "unit": notice.unit.display_name if notice.unit else ""}


def _report(notice: Notice) -> str:
    return reverse("reports:report", args=[notice.facts["number"]])


def _days(notice: Notice) -> int | None:
    """Days to the due day; negative when it is over."""
    due_on = notice.facts.get("due_on")
    return (date.fromisoformat(due_on) - notice.for_on).days if due_on else None


def _urgency(notice: Notice) -> int:
    days = _days(notice)
    return FAR if days is None else days


def render_opened(notice: Notice) -> Rendered:
    """「市公安局2022年第一季度进展报告开始填报，2022-04-22截止」"""
    words = _words(notice)
    title = _("%(unit)s%(period)s进展报告开始填报，%(due_on)s截止") % words
    lines = [
        _("依据：%(basis)s%(number)s") % words,
        _("任务编号：%(task)s") % words,
        _("没有变化的部分可以沿用上期。"),
    ]
    path = reverse("reports:report-start") + f"?task={words['task']}"
    days = _days(notice)
    return Rendered(title, lines, path, _urgency(notice), to_do=True, days=days)


def render_returned(notice: Notice) -> Rendered:
    words = _words(notice)
    title = _("%(title)s被退回修改，%(remarks)s处要改") % words
    lines = [_("报告编号：%(number)s") % words, _("退回意见在各栏旁边，截止日期不变。")]
    if words["due_on"]:
        lines.insert(0, _("截止日期：%(due_on)s") % words)
    # What is owed for the task until then is this report: one thing with its deadline.
    thing = f"assignment:{words['task']}" if "task" in words else ""
    urgency, days = min(_urgency(notice), 0), _days(notice)
    return Rendered(title, lines, _report(notice), urgency, to_do=True, days=days, thing=thing)


def render_accepted(notice: Notice) -> Rendered:
    words = _words(notice)
    title = _("%(title)s已通过") % words
    return Rendered(title, [_("报告编号：%(number)s") % words], _report(notice), FAR)


def render_waiting(notice: Notice) -> Rendered:
    words = _words(notice)
    title = _("%(unit)s的报告等待审核超过3个工作日") % words
    lines = [_("报送日期：%(handed_in_on)s") % words, _("报告编号：%(number)s") % words]
    path = reverse("reports:review", args=[words["number"]])
    return Rendered(title, lines, path, 0, to_do=True)


OPENED = _declare("reports.opened", gettext_lazy("报告期开启"), sql.OPENED, render_opened)
RETURNED = _declare(
    "reports.returned",
    gettext_lazy("报告退回"),
    sql.RETURNED,
    render_returned,
    manner=Manner.IMMEDIATE,
    topic=Topic.RETURNS,
)
ACCEPTED = _declare(
    "reports.accepted",
    gettext_lazy("报告通过"),
    sql.ACCEPTED,
    render_accepted,
    manner=Manner.IMMEDIATE,
    topic=Topic.DECISIONS,
)
WAITING = _declare(
    "reports.waiting",
    gettext_lazy("报告待审核"),
    sql.WAITING,
    render_waiting,
    topic=Topic.DESK,
)
