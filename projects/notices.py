"""What people are told of projects: a veto, and corrections whose day nears or has passed."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.workdays import DAY, Calendar
from pilots.choices import Phase
from pilots.models import Programme
from reminders.choices import Manner, Topic
from reminders.models import Notice
from reminders.registry import NoticeType, Rendered, Select, register, still_due

from . import notice_sql as sql
from .choices import Gate

SOON = 5  # working days before the day of a correction


def _asked(text: str, on: date) -> Select | None:
    """`text` with the parameters of the day; None when no programme is followed."""
    rows = Programme.rows.filter(phase=Phase.RUNNING, started_on__lte=on)
    followed = list(rows.values_list("pk", "started_on"))
    if not followed:
        return None
    calendar = Calendar.around(on, margin=60)
    workday = calendar.on_or_before(on)
    params: dict[str, Any] = {
        "on": on,
        "workday": workday,
        "next_workday": calendar.on_or_after(workday + DAY),
        "soon_before": calendar.forward(workday, SOON + 1),
    }
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


def render_veto(notice: Notice) -> Rendered:
    """「市公安局“数据共享平台”立项被否决」"""
    words = _words(notice) | {"gate": Gate(notice.facts["gate"]).label}
    title = _("%(unit)s“%(name)s”%(gate)s被否决") % words
    lines = [
        _("理由：%(reason)s") % words,
        _("出具日期：%(given_on)s") % words,
        _("项目编号：%(number)s") % words,
    ]
    path = reverse("projects:project", args=[words["number"]]) + f"#{notice.facts['gate']}"
    return Rendered(title, lines, path)


def render_correction(notice: Notice) -> Rendered:
    """「市公安局“未经审批对外提供数据”整改还剩3天」"""
    words = _words(notice)
    days = (date.fromisoformat(words["due_on"]) - notice.for_on).days
    words["days"] = abs(days)
    if days > 0:
        title = _("%(unit)s“%(title)s”整改还剩%(days)s天") % words
    elif days == 0:
        title = _("%(unit)s“%(title)s”整改今天到期") % words
    else:
        title = _("%(unit)s“%(title)s”整改逾期%(days)s天") % words
    lines = [
        _("整改期限：%(due_on)s") % words,
        _("整改要求：%(measures)s") % words,
        _("已经纠正的，登记纠正；期限有变的，调整整改期限。"),
    ]
    path = reverse("projects:finding", args=[words["number"]])
    return Rendered(title, lines, path, days, to_do=True, days=days)


VETO = _declare(
    "projects.veto",
    gettext_lazy("项目被否决"),
    sql.VETOES,
    render_veto,
    manner=Manner.IMMEDIATE,
    topic=Topic.DECISIONS,
)
CORRECTION = _declare(
    "projects.correction",
    gettext_lazy("整改期限"),
    sql.CORRECTIONS,
    render_correction,
    manner=Manner.DIGEST,
    topic=Topic.DEADLINES,
)
