"""The record of periods and reports in words: verbs, fields and stored values."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.history import Vocabulary

from . import support_words
from .choices import Kind, Move, Status

VERBS: dict[str, Any] = {
    "period.open": _("开启报告期"),
    "period.change": _("调整报告期"),
    "period.close": _("定稿报告期"),
    "period.reopen": _("取消定稿"),
    "obligation.create": _("建立规定任务"),
    **{f"report.{move.value}": move.label for move in Move},
    "report.start": _("开始拟稿"),
    "report.carry_over": _("沿用上期内容"),
    "report.unchanged": _("标为本期无变化"),
    "report.attach": _("加佐证材料"),
    "report.detach": _("移出佐证材料"),
    "report.turn_back": _("审签退回修改"),
    "report.take_back": _("撤回审签"),
    "report.sign": pgettext_lazy("signing", "同意"),
    "report.open": _("市政数局打开"),
    "report.letter": _("来文登记，开始代录"),
    "report.drop_letter": _("取消代录"),
    "report.choose": _("选用材料"),
    "report.draft": _("起草总体报告"),
    "report.dispatch": _("登记报送"),
    "report.void_dispatch": _("作废报送登记"),
    **support_words.VERBS,
}
FIELDS: dict[str, Any] = {
    "report.status": _("办理状态"),
    "report.editions": _("报送次数"),
    "report.returns": _("退回次数"),
    "report.handed_in_on": _("报送日期"),
    "report.decided_on": _("审核日期"),
    "report.kind": _("类型"),
    "report.assignment": _("任务"),
    "report.sections": _("部分"),
    "report.section": _("部分"),
    "report.file": _("佐证材料"),
    "report.edition": _("第几稿"),
    "report.sha256": _("摘要"),
    "report.remarks": _("需要修改的处数"),
    "report.came_from": _("来文单位"),
    "report.came_on": _("来文日期"),
    "report.number": _("来文文号"),
    "report.passages": _("选用的段落"),
    "report.document_number": _("发文字号"),
    "report.receiver": _("报送对象"),
    "report.reason": _("原因"),
    "report.parts": _("部分"),
    "period.title": _("报告期"),
    "period.starts_on": _("所报期间自"),
    "period.ends_on": _("所报期间至"),
    "period.opens_on": _("开始报送"),
    "period.due_on": _("截止日期"),
    "period.reason": _("原因"),
    "period.basis_number": _("通知文号"),
    "period.closed_on": _("定稿日期"),
    "period.assignments": _("任务数"),
    "period.figures": _("关键数字"),
    **support_words.FIELDS,
}
VALUES: dict[str, dict[str, Any]] = {
    "report.status": dict(Status.choices),
    "report.kind": dict(Kind.choices),
    **support_words.VALUES,
}
REPORTS = Vocabulary(VERBS, FIELDS, VALUES)
