"""What people are told of events: a declaration that waits for the bureau, one that was returned, an
invitation that waits for its 回执."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.workdays import Calendar
from pilots.choices import Phase
from pilots.models import Programme
from reminders.choices import Manner, Topic
from reminders.models import Notice
from reminders.registry import NoticeType, Rendered, Select, register, still_due

from . import notice_sql as sql
from .choices import EventKind

SOON = 2  # working days before the day of a 回执


def _asked(text: str, on: date) -> Select | None:
    """`text` with the parameters of the day; None when no programme is followed."""
    rows = Programme.rows.filter(phase=Phase.RUNNING, started_on__lte=on)
    followed = list(rows.values_list("pk", "started_on"))
    if not followed:
        return None
    calendar = Calendar.around(on, margin=60)
    workday = calendar.on_or_before(on)
    params: dict[str, Any] = {"on": on, "soon_before": calendar.forward(workday, SOON + 1)}
    values = []
    for place, (pk, started_on) in enumerate(followed):
        params |= {f"p{place}": pk, f"s{place}": started_on}
        values.append(f"(%(p{place})s, %(s{place})s::date)")
    return Select(text.replace("{programmes}", ", ".join(values)), params)


def _declare(
    name: str,
    label: Any,
    text: str,
    render: Callable[[Notice], Rendered],
    *,
    manner: Manner,
    topic: Topic,
) -> NoticeType:
    def select(on: date) -> Select | None:
        return _asked(text, on)

    still = partial(still_due, select)
    return register(NoticeType(name, label, select, render, still, manner, topic))


def _words(notice: Notice) -> dict[str, Any]:
    return {**notice.facts, "unit": notice.unit.display_name if notice.unit else ""}


def _path(words: dict[str, Any], part: str = "") -> str:
    return reverse("trainings:event", args=[words["number"]]) + part


def render_waiting(notice: Notice) -> Rendered:
    """「市公安局申报32人参加“数据目录业务培训”，待确认」"""
    words = _words(notice)
    title = _("%(unit)s申报%(headcount)s人参加“%(title)s”，待确认") % words
    lines = [_("申报日期：%(declared_on)s") % words, _("编号：%(number)s") % words]
    return Rendered(title, lines, _path(words, "#people"), to_do=True)


def render_returned(notice: Notice) -> Rendered:
    """「“数据目录业务培训”的参加情况申报被退回」"""
    words = _words(notice)
    title = _("“%(title)s”的参加情况申报被退回，修改后再申报") % words
    lines = [_("退回原因：%(reason)s") % words, _("编号：%(number)s") % words]
    return Rendered(title, lines, _path(words, "#people"), to_do=True)


def render_invited(notice: Notice) -> Rendered:
    """「邀请参加“二季度工作例会”，2022-04-20前送回执」"""
    words = _words(notice) | {"kind": EventKind(notice.facts["kind"]).label}
    words["by"] = notice.facts["reply_by_on"] or notice.facts["starts_on"]
    title = _("邀请参加“%(title)s”，%(by)s前送参会回执") % words
    lines = [_("%(kind)s，%(starts_on)s开始") % words, _("编号：%(number)s") % words]
    days = (date.fromisoformat(words["by"]) - notice.for_on).days
    return Rendered(title, lines, _path(words), days, to_do=True, days=days)


WAITING = _declare(
    "trainings.declared",
    gettext_lazy("参加情况申报待确认"),
    sql.WAITING,
    render_waiting,
    manner=Manner.DIGEST,
    topic=Topic.DESK,
)
RETURNED = _declare(
    "trainings.returned",
    gettext_lazy("参加情况申报被退回"),
    sql.RETURNED,
    render_returned,
    manner=Manner.IMMEDIATE,
    topic=Topic.RETURNS,
)
INVITED = _declare(
    "trainings.invited",
    gettext_lazy("参会邀请和回执"),
    sql.INVITED,
    render_invited,
    manner=Manner.DIGEST,
    topic=Topic.TASKS,
)
