"""Kinds of documents that the register writes and a body may have its own template for."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from core.documents import kinds

from .documents_handover import SLIP

__all__ = ["RECEIPT", "SLIP"]

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
