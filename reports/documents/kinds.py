"""Kinds of documents that reports write and a body may have its own template for."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from core.documents import kinds

REPORT = kinds.register(
    "unit-report",
    _("进展报告和工作总结"),
    {
        "title": "标题",
        "number": "报告编号",
        "unit": "报送单位",
        "receiver": "主送机关",
        "period": "报告期",
        "handed_in_on": "报送日期",
        "parts.heading": "部分.标题",
        "parts.text": "部分.正文",
        "figures.part": "数字.部分",
        "figures.name": "数字.名称",
        "figures.value": "数字.本期",
    },
    {
        "title": "示例市示例局2022年第一季度履职进展报告",
        "number": "BG-2022-0001",
        "unit": "示例市示例局",
        "receiver": "示例市政数局",
        "period": "2022年第一季度",
        "handed_in_on": date(2022, 4, 15),
        "parts": [{"heading": "推进数据治理", "text": "完成数据目录编制。"}],
        "figures": [{"part": "推进数据治理", "name": "编目数量（项）", "value": "312"}],
    },
)

OVERALL = kinds.register(
    "overall-report",
    _("总体报告"),
    {
        "title": "标题",
        "number": "发文字号",
        "receiver": "主送机关",
        "unit": "报送单位",
        "sent_on": "报送日期",
        "parts.heading": "部分.标题",
        "parts.text": "部分.正文",
        "annexes.title": "附件.标题",
        "annexes.text": "附件.正文",
    },
    {
        "title": "示例市首席数据官制度试点工作总体情况报告",
        "number": "示例函〔2022〕9号",
        "receiver": "示例省示例局",
        "unit": "示例市示例局",
        "sent_on": date(2022, 5, 10),
        "parts": [{"heading": "基本情况", "text": "共有13个单位参加试点。"}],
        "annexes": [{"title": "示例区试点工作总结", "text": "已印发实施方案。"}],
    },
)

BRIEF = kinds.register(
    "work-brief",
    _("工作情况专报"),
    {
        "title": "标题",
        "on": "日期",
        "unit": "编报单位",
        "overall": "总体进展",
        "late": "需要关注",
        "duties": "职责推进",
    },
    {
        "title": "示例市首席数据官工作情况专报",
        "on": date(2022, 5, 10),
        "unit": "示例市示例局",
        "overall": "13个试点单位共有规定任务100件，已完成90件。",
        "late": "没有逾期任务。",
        "duties": "推进数字政府建设有13个单位登记进展。",
    },
)

BULLETIN = kinds.register(
    "work-bulletin",
    _("通报"),
    {
        "title": "标题",
        "on": "日期",
        "unit": "发出单位",
        "overall": "总体进展",
        "late": "逾期情况",
        "units.name": "单位.名称",
        "units.total": "单位.任务数",
        "units.done": "单位.已完成",
        "units.on_time": "单位.按时",
        "units.late": "单位.逾期",
        "units.returns": "单位.退回",
    },
    {
        "title": "关于示例市首席数据官工作进展情况的通报",
        "on": date(2022, 5, 10),
        "unit": "示例市示例局",
        "overall": "13个试点单位共有规定任务100件，已完成90件。",
        "late": "没有逾期任务。",
        "units": [
            {
                "name": "示例市示例局",
                "total": 9,
                "done": 9,
                "on_time": 8,
                "late": 0,
                "returns": 1,
            }
        ],
    },
)
