"""The kind of document that signing writes, and a body may have its own template for."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from core.documents import kinds

SLIP = kinds.register(
    "signing-slip",
    _("审签单"),
    {
        "number": "审签单编号",
        "title": "标题",
        "unit": "单位",
        "purpose": "审签事项",
        "subject": "编号",
        "round": "第几次",
        "drafter": "拟稿人",
        "opened_on": "提交日期",
        "due_on": "截止日期",
        "facts.label": "要点.名称",
        "facts.value": "要点.内容",
        "steps.label": "步骤.名称",
        "steps.remark": "步骤.意见",
        "steps.name": "步骤.签名",
        "steps.on": "步骤.日期",
    },
    {
        "number": "SQ-2022-0001",
        "title": "示例市示例局2022年第一季度进展报告",
        "unit": "示例市示例局",
        "purpose": "报告",
        "subject": "BG-2022-0001",
        "round": "第1次",
        "drafter": "示例人员一",
        "opened_on": date(2022, 4, 11),
        "due_on": date(2022, 4, 15),
        "facts": [{"label": "报告期", "value": "2022年第一季度"}],
        "steps": [
            {"label": "处室负责人审核", "remark": "同意", "name": "示例人员二", "on": None},
            {"label": "首席数据官审签", "remark": "", "name": "", "on": None},
        ],
    },
)
