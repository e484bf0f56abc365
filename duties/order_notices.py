"""What units are told of orders, of tasks with which they help, and of remarks."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reminders.choices import Manner, Topic
from reminders.models import Notice
from reminders.registry import NoticeType, Rendered, Select, register, still_due

from . import order_notice_sql as sql
from .choices import OPEN, Level, OrderState, Status
from .queries.orders import name_of

NEW = "duties.order"
FAR = 1000  # news without a deadline comes after everything that has one


def declare(
    name: str,
    label: Any,
    text: str,
    render: Callable[[Notice], Rendered],
    *,
    manner: Manner = Manner.DIGEST,
    topic: Topic = Topic.TASKS,
    is_news: bool = False,
    **more: Any,
) -> NoticeType:
    def select(on: date) -> Select:
        return Select(text, {"on": on, **more})

    still = partial(still_due, select)
    return register(NoticeType(name, label, select, render, still, manner, topic, is_news=is_news))


def _task(notice: Notice) -> str:
    return reverse("duties:assignment", args=[notice.facts["task"]])


def _thing(notice: Notice) -> str:
    """The task, of which its deadline is told too."""
    return f"assignment:{notice.facts['task']}"


def _unit(notice: Notice) -> str:
    return notice.unit.display_name if notice.unit else ""


def render_ordered(notice: Notice) -> Rendered:
    """「市公安局收到通知“报送需求清单”，2022-04-29截止」"""
    facts = notice.facts
    title = _("%(unit)s收到通知“%(title)s”，%(due_on)s截止") % {**facts, "unit": _unit(notice)}
    lines = [
        _("级别：%(level)s") % {"level": Level(facts["level"]).label},
        _("通知编号：%(number)s") % facts,
        _("任务编号：%(task)s") % facts,
        _("打开任务签收。"),
    ]
    days = (date.fromisoformat(facts["due_on"]) - notice.for_on).days
    return Rendered(title, lines, _task(notice), days, to_do=True, days=days, thing=_thing(notice))


def render_withdrawn(notice: Notice) -> Rendered:
    title = _("通知“%(title)s”已撤销，%(unit)s不用再办") % {**notice.facts, "unit": _unit(notice)}
    lines = [_("原因：%(reason)s") % notice.facts, _("通知编号：%(number)s") % notice.facts]
    return Rendered(title, lines, _task(notice), FAR, thing=_thing(notice))


def render_helped(notice: Notice) -> Rendered:
    facts = {**notice.facts, "unit": _unit(notice), "lead": name_of(notice.facts["lead"])}
    title = _("%(unit)s协办%(lead)s的任务“%(title)s”") % facts
    lines = [_("协办内容：%(note)s") % facts] if facts["note"] else []
    lines += [_("任务编号：%(task)s") % facts, _("由主办单位签收和报送，协办单位配合。")]
    return Rendered(title, lines, _task(notice), FAR)


def render_remark(notice: Notice) -> Rendered:
    """Without its words: who may read them opens the page."""
    title = _("%(unit)s的任务“%(title)s”有新批示") % {**notice.facts, "unit": _unit(notice)}
    lines = [_("任务编号：%(task)s") % notice.facts, _("打开任务看批示内容。")]
    path = f"{_task(notice)}#remarks"
    return Rendered(title, lines, path, 0, to_do=True, thing=_thing(notice))


ORDERED = declare(
    NEW,
    gettext_lazy("新通知"),
    sql.ORDERED,
    render_ordered,
    state=OrderState.ISSUED.value,
    statuses=sorted(OPEN),
)
WITHDRAWN = declare(
    "duties.order_withdrawn",
    gettext_lazy("通知撤销"),
    sql.WITHDRAWN,
    render_withdrawn,
    manner=Manner.IMMEDIATE,
    state=OrderState.WITHDRAWN.value,
    statuses=[Status.WITHDRAWN.value],
)
HELPED = declare("duties.helper", gettext_lazy("协办任务"), sql.HELPED, render_helped, is_news=True)
REMARKED = declare(
    "duties.remark",
    gettext_lazy("批示"),
    sql.REMARKED,
    render_remark,
    manner=Manner.IMMEDIATE,
    topic=Topic.REMARKS,
)
