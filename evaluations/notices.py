"""What people are told of evaluations: steps that wait for them, what their unit was told, objections,
results. No notice names a person or a score."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duties.order_notices import FAR, declare
from reminders.choices import Manner, Topic
from reminders.models import Notice
from reminders.registry import Rendered

from . import notice_sql as sql
from . import paths


def _words(notice: Notice) -> dict[str, Any]:
    facts = notice.facts
    return {**facts, "code": facts.get("unit"), "unit": notice.unit.display_name}  # type: ignore[union-attr] # each names its unit


def _asked(notice: Notice, opened: str, late: str, next_step: str) -> Rendered:
    """A step that waits for the reader: by when, and what to do."""
    words = _words(notice)
    days = (date.fromisoformat(words["by"]) - notice.for_on).days
    title = (late if days < 0 else opened) % words
    path = paths.sheet_path(words["number"], words["code"])
    return Rendered(title, [_("评价编号：%(number)s") % words, next_step], path, days, to_do=True)


def render_self(notice: Notice) -> Rendered:
    """「市公安局“2022年履职评价”自评，2022-05-13截止」"""
    return _asked(
        notice,
        _("%(unit)s“%(title)s”自评，%(by)s截止"),
        _("%(unit)s“%(title)s”自评已过%(by)s，还没有提交"),
        _("逐项自评并附佐证材料，由首席数据官提交。"),
    )


def render_unit(notice: Notice) -> Rendered:
    return _asked(
        notice,
        _("%(unit)s“%(title)s”本单位评价，%(by)s截止"),
        _("%(unit)s“%(title)s”本单位评价已过%(by)s，还没有提交"),
        _("由本单位经办人对首席数据官逐项评价并提交。"),
    )


def render_review(notice: Notice) -> Rendered:
    return _asked(
        notice,
        _("“%(title)s”等待评分：%(unit)s，%(by)s截止"),
        _("“%(title)s”评分已过%(by)s，还没有评完：%(unit)s"),
        _("逐项评分，扣分写明理由，评完提交。"),
    )


def render_told(notice: Notice) -> Rendered:
    words, days = _words(notice), None
    title = _("%(unit)s“%(title)s”得分已告知") % words
    lines = [_("评价编号：%(number)s") % words]
    if words["until"]:
        lines.append(_("对得分有异议的，%(until)s前提出复核申请。") % words)
        days = (date.fromisoformat(words["until"]) - notice.for_on).days
    else:
        lines.append(_("对得分有异议的，可以提出复核申请。"))
    path = paths.sheet_path(words["number"], words["code"])
    return Rendered(title, lines, path, FAR if days is None else days, days=days)


def render_published(notice: Notice) -> Rendered:
    words = _words(notice)
    title = _("%(unit)s“%(title)s”评价结果已公布") % words
    lines = [_("评价编号：%(number)s") % words]
    return Rendered(title, lines, paths.results_path(words["number"]), FAR)


def render_raised(notice: Notice) -> Rendered:
    words = _words(notice)
    title = _("%(unit)s对“%(indicator)s”提出复核申请") % words
    lines = [
        _("复核申请编号：%(number)s") % words,
        _("申请日期：%(raised_on)s") % words,
        _("由没有评过这张表的人处理。"),
    ]
    return Rendered(title, lines, paths.objection_path(words["number"]), 0, to_do=True)


def render_decided(notice: Notice) -> Rendered:
    words = _words(notice)
    title = _("%(unit)s对“%(indicator)s”的复核申请已处理") % words
    lines = [_("复核申请编号：%(number)s") % words, _("打开查看处理意见。")]
    return Rendered(title, lines, paths.objection_path(words["number"]), FAR)


SELF = declare("evaluations.self", gettext_lazy("自评"), sql.SELF, render_self)
UNIT = declare("evaluations.unit", gettext_lazy("本单位评价"), sql.UNIT, render_unit)
REVIEW = declare("evaluations.review", gettext_lazy("等待评分"), sql.REVIEW, render_review)
TOLD = declare(
    "evaluations.told",
    gettext_lazy("评价得分"),
    sql.TOLD,
    render_told,
    topic=Topic.DECISIONS,
    is_news=True,
)
PUBLISHED = declare(
    "evaluations.published",
    gettext_lazy("评价结果"),
    sql.PUBLISHED,
    render_published,
    topic=Topic.DECISIONS,
    is_news=True,
)
RAISED = declare(
    "evaluations.objection",
    gettext_lazy("复核申请"),
    sql.RAISED,
    render_raised,
    manner=Manner.INBOX,
    topic=Topic.DESK,
)
DECIDED = declare(
    "evaluations.decided",
    gettext_lazy("复核申请结果"),
    sql.DECIDED,
    render_decided,
    topic=Topic.DECISIONS,
    is_news=True,
)
