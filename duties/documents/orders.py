"""通知: what an order says, and the portal's own form of the document (GB/T 9704-2012)."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import documents
from core.documents.services import render

from ..choices import Level
from ..models import Order
from ..queries.orders import leads_of
from .order_kind import ORDER


def facts(order: Order) -> dict[str, Any]:
    """What the document says; the keys are those of the kind."""
    units = [
        {
            "lead": lead.enrolment.unit.full_name,
            "helpers": "、".join(each.unit.full_name for each in lead.helpers.all()),
            "note": "；".join(dict.fromkeys(e.note for e in lead.helpers.all() if e.note)),
        }
        for lead in leads_of(order)
    ]
    number = f"（{order.source_number}）" if order.source_number else ""
    return {
        "number": order.number,
        "document_number": order.document_number,
        "title": order.title,
        "addressee": "、".join(unit["lead"] for unit in units),
        "source": f"《{order.source_title}》{number}" if order.source_title else "",
        "level": str(Level(order.level).label),
        "wanted": order.wanted,
        "acceptance": order.acceptance,
        "due_on": order.due_on,
        "template_name": order.template_name,
        "issuer": order.issuer.full_name,
        "issued_on": order.issued_on,
        "units": units,
    }


def write(order: Order) -> bytes:
    """The .docx, in the bureau's own template where it has one. A document is Chinese, whoever reads
    English."""
    with override(settings.LANGUAGE_CODE):
        context = facts(order)
        return render(ORDER.name, order.issuer.code, context, lambda: _portals_own(context))


def file_name(order: Order, extension: str) -> str:
    return f"{order.title}_{order.number}.{extension}"


def _portals_own(context: dict[str, Any]) -> bytes:
    """No red head and no seal: what the portal writes is for the bureau to issue."""
    document = documents.new(
        title=context["title"],
        number=context["document_number"],
        addressee=context["addressee"],
    )
    if context["source"]:
        document.paragraph(_("根据%(source)s，现就有关工作通知如下。") % context)
    document.heading(1, _("工作要求")).paragraph(context["wanted"])
    document.heading(1, _("验收要求")).paragraph(context["acceptance"])
    document.heading(1, _("报送时限"))
    if context["due_on"]:
        day = documents.chinese_day(context["due_on"])
        document.paragraph(
            _("请于%(day)s前完成，通过首席数据官履职管理平台签收和报送。") % {"day": day}
        )
    helped = [unit for unit in context["units"] if unit["helpers"]]
    if helped:
        document.heading(1, _("分工"))
        rows = [[unit["lead"], unit["helpers"], unit["note"]] for unit in helped]
        document.table([_("主办单位"), _("协办单位"), _("协办内容")], rows, (5, 6, 5))
    if context["template_name"]:
        document.attachments([context["template_name"].rpartition(".")[0]])
    document.sign(context["issuer"], context["issued_on"])
    return document.bytes()
