"""What people are told of requests for a later day and of slips. No notice names a person."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reminders.choices import Manner, Topic
from reminders.models import Notice
from reminders.registry import Rendered

from . import chasing_notice_sql as sql
from .choices import ExtensionState
from .order_notices import FAR, declare


def _words(notice: Notice) -> dict[str, Any]:
    return {**notice.facts, "unit": notice.unit.display_name if notice.unit else ""}


def _extension(notice: Notice) -> str:
    return reverse("duties:extension", args=[notice.facts["number"]])


def _asked(words: dict[str, Any]) -> list[str]:
    return [
        _("原截止日期%(latest_on)s，申请延至%(wanted_on)s") % words,
        _("任务编号：%(task)s") % words,
        _("延期申请编号：%(number)s") % words,
    ]


def render_asked(notice: Notice) -> Rendered:
    words = _words(notice)
    title = _("%(unit)s“%(title)s”申请延期，等待审批") % words
    return Rendered(title, _asked(words), _extension(notice), FAR, to_do=True)


def render_answered(notice: Notice) -> Rendered:
    words = _words(notice)
    path = _extension(notice)
    lines = [_("审批说明：%(answer)s") % words] if words["answer"] else []
    lines.append(_("任务编号：%(task)s") % words)
    if notice.stage == ExtensionState.REFUSED:
        title = _("%(unit)s“%(title)s”的延期申请没有同意，截止日期仍是%(latest_on)s") % words
    elif notice.stage == ExtensionState.PARTLY:
        title = _("%(unit)s“%(title)s”部分同意延期，延至%(granted_on)s") % words
    else:
        title = _("%(unit)s“%(title)s”同意延期，延至%(granted_on)s") % words
    return Rendered(title, lines, path, 0)


def render_sent(notice: Notice) -> Rendered:
    words = _words(notice)
    title = _("%(unit)s收到“%(title)s”的提醒单（%(label)s）") % words
    lines = [_("提醒单编号：%(number)s") % words, _("任务编号：%(task)s") % words]
    if words["reply_by"]:
        lines.insert(0, _("回复期限：%(reply_by)s") % words)
    path = reverse("duties:slip", args=[words["number"]])
    return Rendered(title, lines, path, -1, to_do=True)


def render_replied(notice: Notice) -> Rendered:
    words = _words(notice)
    title = _("%(unit)s回复了“%(title)s”的提醒单") % words
    lines = [_("提醒单编号：%(number)s") % words]
    return Rendered(title, lines, reverse("duties:slip", args=[words["number"]]), FAR)


ASKED = declare(
    "duties.extension_asked",
    gettext_lazy("延期申请待审批"),
    sql.ASKED,
    render_asked,
    topic=Topic.DESK,
)
ANSWERED = declare(
    "duties.extension_answered",
    gettext_lazy("延期申请结果"),
    sql.ANSWERED,
    render_answered,
    manner=Manner.IMMEDIATE,
    topic=Topic.DECISIONS,
)
SENT = declare(
    "duties.slip",
    gettext_lazy("提醒单"),
    sql.SENT,
    render_sent,
    manner=Manner.IMMEDIATE,
    topic=Topic.SLIPS,
)
REPLIED = declare(
    "duties.slip_replied",
    gettext_lazy("提醒单回复"),
    sql.REPLIED,
    render_replied,
    topic=Topic.DESK,
)
