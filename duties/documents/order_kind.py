"""通知 as a kind of document that a bureau may have its own template for."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from core.documents import kinds

ORDER = kinds.register(
    "order",
    _("通知"),
    {
        "number": "通知编号",
        "document_number": "发文字号",
        "title": "标题",
        "addressee": "主送单位",
        "source": "来源文件",
        "level": "级别",
        "wanted": "工作要求",
        "acceptance": "验收要求",
        "due_on": "截止日期",
        "template_name": "填报模板",
        "issuer": "发文机关",
        "issued_on": "成文日期",
        "units.lead": "分工.主办单位",
        "units.helpers": "分工.协办单位",
        "units.note": "分工.协办内容",
    },
    {
        "number": "TZ-2022-0001",
        "document_number": "示例函〔2022〕1号",
        "title": "关于报送公共数据共享需求清单的通知",
        "addressee": "示例市示例局、示例区人民政府",
        "source": "《示例工作方案》（示例办〔2021〕1号）",
        "level": "一般",
        "wanted": "梳理本单位共享需求，按模板填报。",
        "acceptance": "清单盖章，字段完整。",
        "due_on": date(2022, 4, 29),
        "template_name": "需求清单模板.xlsx",
        "issuer": "示例市市政数局",
        "issued_on": date(2022, 4, 15),
        "units": [{"lead": "示例市示例局", "helpers": "示例区人民政府", "note": "提供数据"}],
    },
)
