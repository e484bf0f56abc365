"""Kinds of documents that the register writes and a body may have its own template for."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from core.documents import kinds

RECEIPT = kinds.register(
    "filing-receipt",
    _("备案回执"),
    {
        "number": "件号",
        "unit": "报备单位",
        "title": "备案事项",
        "document_number": "来文文号",
        "reported_on": "报备日期",
        "receipt_number": "备案编号",
        "accepted_on": "备案日期",
        "desk": "备案机关",
    },
    {
        "number": "BA-2022-0001",
        "unit": "示例市示例局",
        "title": "示例人员首席数据官任命备案",
        "document_number": "示例函〔2022〕1号",
        "reported_on": date(2022, 4, 1),
        "receipt_number": "BA-2022-0001",
        "accepted_on": date(2022, 4, 5),
        "desk": "示例市领导小组办公室",
    },
)

SLIP = kinds.register(
    "handover-slip",
    _("工作交接单"),
    {
        "number": "交接编号",
        "unit": "单位",
        "leaver": "移交人",
        "leaver_title": "移交人职务",
        "taker": "接收人",
        "on": "最后一天",
        "post": "岗位",
        "note": "说明",
        "made_on": "办理日期",
        "made_by": "经办人",
        "items.part": "事项.类别",
        "items.title": "事项.名称",
        "items.detail": "事项.说明",
        "items.fate": "事项.去向",
    },
    {
        "number": "JJ-2022-0001",
        "unit": "示例市示例局",
        "leaver": "示例人员一",
        "leaver_title": "副局长",
        "taker": "示例人员二",
        "on": date(2022, 4, 15),
        "post": "首席数据官",
        "note": "目录更新的台账在共享文件夹。",
        "made_on": date(2022, 4, 15),
        "made_by": "示例经办人",
        "items": [
            {
                "part": "未完成的任务",
                "title": "工作总结",
                "detail": "RW-2022-0001，已签收，2022-04-30截止",
                "fate": "留在单位",
            }
        ],
    },
)
