"""The record of orders, helpers and remarks in words: verbs, fields and stored values."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.history import Vocabulary

from .choices import Level, OrderMove, OrderState

VERBS: dict[str, Any] = {
    "order.draft": pgettext_lazy("order", "拟稿"),
    "order.edit": pgettext_lazy("order", "修改草稿"),
    "order.helpers": _("选定协办单位"),
    **{f"order.{move.value}": move.label for move in OrderMove},
    "orders.export": _("导出专项通知"),
    "assignment.add_helper": _("指定协办单位"),
    "assignment.remove_helper": _("取消协办单位"),
    "assignment.first_open": _("首次打开"),
    "remark.online": _("批示"),
    "remark.transcribed": _("批示转录"),
    "remark.strike": _("划去批示"),
}
FIELDS: dict[str, Any] = {
    "order.title": _("通知标题"),
    "order.short_title": _("任务简称"),
    "order.level": _("级别"),
    "order.document_number": _("发文字号"),
    "order.source_title": _("来源文件"),
    "order.source_number": _("来源文件的发文字号"),
    "order.area": _("职责"),
    "order.wanted": _("工作要求"),
    "order.acceptance": _("验收要求"),
    "order.template_name": _("填报模板"),
    "order.due_on": _("截止日期"),
    "order.state": _("状态"),
    "order.units": _("主办单位"),
    "order.helpers": _("协办单位"),
    "order.obligation": _("规定任务"),
    "order.tasks": _("撤销的任务数"),
    "assignment.helper": _("协办单位"),
    "assignment.said_by": _("批示人"),
    "assignment.said_on": _("批示日期"),
    "assignment.text": _("批示内容"),
    "assignment.document_title": _("批示所在文件"),
    "assignment.number": _("批示编号"),
}
VALUES: dict[str, dict[str, Any]] = {
    "order.level": dict(Level.choices),
    "order.state": dict(OrderState.choices),
}
ORDERS = Vocabulary(VERBS, FIELDS, VALUES)
