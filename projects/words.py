"""The record of projects and findings in words: verbs, fields and stored values."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.history import Vocabulary

from .choices import (
    Condition,
    Decision,
    FindingMove,
    FindingStatus,
    Gate,
    Nature,
    ProjectKind,
    RecordKind,
    Route,
)

VERBS: dict[str, Any] = {
    "project.register": _("登记项目"),
    "project.mend": _("更正项目"),
    "project.withdraw": _("撤销项目登记"),
    "project.opine": _("首席数据官意见"),
    "project.check": _("登记审批要件"),
    "project.record": _("登记评价和协调"),
    "projects.export": _("导出信息化项目"),
    "finding.report": _("登记发现的问题"),
    "finding.mend": _("更正发现的问题"),
    "finding.follow_up": _("跟踪记录"),
    **{f"finding.{move.value}": move.label for move in FindingMove},
}

FIELDS: dict[str, Any] = {
    "project.name": _("项目名称"),
    "project.kind": _("类别"),
    "project.document_number": _("文号"),
    "project.basis": _("依据"),
    "project.result": _("结果"),
    "project.reason": _("理由"),
    "city_code": _("全市项目代码"),
    "budget": _("投资额（万元）"),
    "responsible": _("项目负责人"),
    "project.started_on": _("启动日期"),
    "project.closed_on": _("结束日期"),
    "project.summary": _("建设内容"),
    "withdraw_reason": _("撤销登记原因"),
    "gate": _("环节"),
    "decision": pgettext_lazy("opinion", "意见"),
    "given_on": _("出具日期"),
    "cdo_name": _("首席数据官"),
    "project.route": _("出具方式"),
    "condition": _("审批要件"),
    "is_met": _("已完成"),
    "evidence": _("佐证"),
    "checked_on": _("核对日期"),
    "text": _("内容"),
    "nature": _("性质"),
    "what": _("发现的情况"),
    "finding.basis": _("依据"),
    "finding.title": _("标题"),
    "finding.status": _("状态"),
    "finding.due_on": _("整改期限"),
    "finding.closed_on": _("了结日期"),
    "found_on": _("发现日期"),
    "stopped_on": _("制止日期"),
    "measures": _("整改要求"),
    "corrected_on": _("纠正日期"),
    "close_reason": _("了结原因"),
}

VALUES: dict[str, dict[str, Any]] = {
    "gate": dict(Gate.choices),
    "decision": dict(Decision.choices),
    "condition": dict(Condition.choices),
    "nature": dict(Nature.choices),
    "project.route": dict(Route.choices),
    "project.kind": {**dict(ProjectKind.choices), **dict(RecordKind.choices)},
    "finding.status": dict(FindingStatus.choices),
}
COMMON: dict[str, Any] = {
    "note": _("说明"),
    "file_name": _("附件"),
    "happened_on": _("日期"),
    "count": _("数目"),
    "filters": _("筛选条件"),
}
PROJECTS = Vocabulary(VERBS, {**COMMON, **FIELDS}, VALUES)
