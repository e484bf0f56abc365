"""工作交接单: what a hand-over says, and the portal's own form of the document."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import clock, documents
from core.documents.services import active_template, render
from core.handover import Fate
from pilots.models import Unit
from pilots.queries import bureaus_of

from ..models import Handover
from .kinds import SLIP

WIDTHS = (5, 6, 10, 12)  # shares of the columns of items


def facts(row: Handover) -> dict[str, Any]:
    """What the slip says; the keys are those of the kind."""
    return {
        "number": row.number,
        "unit": row.unit.full_name,
        "leaver": row.leaver.name,
        "leaver_title": row.leaver.job_title,
        "taker": row.taker.name if row.taker else "",
        "on": row.on,
        "post": row.appointment.post.name if row.appointment else "",
        "note": row.note,
        "made_on": localtime(row.created_at).date(),
        "made_by": str(row.created_by or ""),
        "items": [
            {**item, "fate": str(group["fate"])} for group in grouped(row) for item in group["rows"]
        ],
    }


def write(row: Handover) -> bytes:
    """The .docx: in the unit's own template, else in that of a bureau it answers to, else ours. A
    document is Chinese, whoever reads English."""
    with override(settings.LANGUAGE_CODE):
        context = facts(row)
        return render(SLIP.name, holder(row.unit), context, lambda: _portals_own(context))


def holder(unit: Unit) -> str:
    """The code of the body by whose template the unit's slips are written."""
    codes = [unit.code, *bureaus_of(unit, clock.today())]
    return next((code for code in codes if active_template(SLIP.name, code)), unit.code)


def file_name(row: Handover, extension: str) -> str:
    with override(settings.LANGUAGE_CODE):
        name = _("工作交接单%(number)s") % {"number": row.number}
    return f"{name}.{extension}"


def grouped(row: Handover) -> list[dict[str, Any]]:
    """The items by what became of them: [{"fate", "rows"}], those that move first."""
    groups = [
        {"fate": fate.label, "rows": [item for item in row.items if item["fate"] == fate.value]}
        for fate in Fate
    ]
    return [group for group in groups if group["rows"]]


def _portals_own(context: dict[str, Any]) -> bytes:
    document = documents.new(title=str(SLIP.label))
    document.facts(_head(context))
    document.heading(1, _("交接事项"))
    if context["items"]:
        keys = ("fate", "part", "title", "detail")
        heads = [_("去向"), _("类别"), _("事项"), _("说明")]
        rows = [[item[key] for key in keys] for item in context["items"]]
        document.table(heads, rows, WIDTHS)
    else:
        document.paragraph(_("没有未完成的事项。"))
    document.heading(1, _("签字"))
    names = [(_("移交人"), context["leaver"]), (_("接收人"), context["taker"])]
    heads = [_("身份"), _("姓名"), _("签字"), _("日期")]
    document.table(heads, list(_signatures(names)), (4, 8, 8, 8))
    return document.bytes()


def _head(context: dict[str, Any]) -> list[tuple[str, Any]]:
    plain = [(key, name) for key, name in SLIP.fields.items() if "." not in key]
    return [(name, context[key] or "—") for key, name in plain]


def _signatures(names: Iterable[tuple[str, str]]) -> Iterable[list[str]]:
    for label, name in (*names, (_("监交人"), "")):
        yield [label, name, "", ""]
