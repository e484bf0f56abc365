"""What people are told of requests for support: raised, promised, answered, not answered by the day.
Each ends with the next move. No notice names a person."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duties.order_notices import FAR, declare
from reminders.choices import Manner, Topic
from reminders.models import Notice
from reminders.registry import Rendered

from . import support_notice_sql as sql
from .choices import SupportStatus


def _words(notice: Notice) -> dict[str, Any]:
    return {**notice.facts, "unit": notice.unit.display_name if notice.unit else ""}


def _path(words: dict[str, Any]) -> str:
    return reverse("reports:support", args=[words["number"]])


def _number(words: dict[str, Any]) -> str:
    return _("支持事项编号：%(number)s") % words


def render_raised(notice: Notice) -> Rendered:
    """「市公安局提出“申请目录编制经费”，等待答复」"""
    words = _words(notice)
    title = _("%(unit)s提出“%(title)s”，等待答复") % words
    if notice.stage == SupportStatus.REOPENED:
        title = _("%(unit)s再次提出“%(title)s”，等待答复") % words
    lines = [_("提出日期：%(raised_on)s") % words, _number(words), _("先定答复期限，或直接答复。")]
    return Rendered(title, lines, _path(words), FAR, to_do=True)


def render_promised(notice: Notice) -> Rendered:
    words = _words(notice)
    title = _("%(unit)s提出的“%(title)s”，市政数局%(answer_by)s前答复") % words
    return Rendered(title, [_number(words)], _path(words), FAR)


def render_answered(notice: Notice) -> Rendered:
    words = _words(notice)
    title = _("%(unit)s提出的“%(title)s”已答复") % words
    lines = [_number(words), _("解决了就确认结束，没有解决可以再次提出。")]
    return Rendered(title, lines, _path(words), FAR, to_do=True)


def render_overdue(notice: Notice) -> Rendered:
    words = _words(notice)
    title = _("%(unit)s提出的“%(title)s”超过答复期限%(answer_by)s") % words
    days = (date.fromisoformat(words["answer_by"]) - notice.for_on).days
    return Rendered(title, [_number(words)], _path(words), days, to_do=True, days=days)


RAISED = declare(
    "support.raised",
    gettext_lazy("支持事项待答复"),
    sql.RAISED,
    render_raised,
    topic=Topic.DESK,
)
PROMISED = declare(
    "support.promised",
    gettext_lazy("支持事项答复期限"),
    sql.PROMISED,
    render_promised,
    manner=Manner.INBOX,
)
ANSWERED = declare(
    "support.answered",
    gettext_lazy("支持事项答复"),
    sql.ANSWERED,
    render_answered,
    manner=Manner.IMMEDIATE,
    topic=Topic.DECISIONS,
)
OVERDUE = declare(
    "support.overdue",
    gettext_lazy("支持事项超期"),
    sql.OVERDUE,
    render_overdue,
    topic=Topic.DESK,
)
