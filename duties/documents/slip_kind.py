"""提醒单 as a kind of document that a bureau may have its own template for."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from core.documents import kinds

SLIP = kinds.register(
    "slip",
    _("提醒单"),
    {
        "number": "提醒单编号",
        "title": "标题",
        "addressee": "主送单位",
        "text": "正文",
        "task": "任务",
        "task_number": "任务编号",
        "due_on": "截止日期",
        "reply_by": "回复期限",
        "issuer": "发出单位",
        "issued_on": "成文日期",
    },
    {
        "number": "TX-2022-0001",
        "title": "关于试点工作总结的催办提醒单",
        "addressee": "示例市示例局",
        "text": "你单位承担的“报送试点工作总结”尚未完成，请抓紧办理。",
        "task": "报送试点工作总结",
        "task_number": "RW-2022-0001",
        "due_on": date(2022, 4, 30),
        "reply_by": date(2022, 5, 16),
        "issuer": "示例市市政数局",
        "issued_on": date(2022, 5, 9),
    },
)
