"""提醒单 and 提醒函: what a slip says on one A4 page (GB/T 9704-2012; the letter as far as the writer
goes: its own title, no red head)."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import documents
from core.documents import text
from core.documents.services import render

from ..models import Slip
from .slip_kind import SLIP

LETTER = "提醒函"


def facts(slip: Slip) -> dict[str, Any]:
    """What the document says; the keys are those of the kind."""
    task = slip.assignment
    return {
        "number": slip.number,
        "title": _title(slip),
        "addressee": slip.unit.full_name,
        "text": slip.text,
        "task": task.obligation.title,
        "task_number": task.number,
        "due_on": slip.due_on,
        "reply_by": slip.reply_by,
        "issuer": slip.issuer.full_name,
        "issued_on": slip.sent_on or slip.drafted_on,
    }


def write(slip: Slip) -> bytes:
    """The .docx, in the bureau's own template where it has one. A document is Chinese, whoever reads
    English."""
    with override(settings.LANGUAGE_CODE):
        context = facts(slip)
        return render(SLIP.name, slip.issuer.code, context, lambda: _portals_own(context))


def file_name(slip: Slip, extension: str) -> str:
    with override(settings.LANGUAGE_CODE):
        kind = LETTER if slip.label == LETTER else _("提醒单")
    return f"{kind}{slip.number}.{extension}"


def shown(slip: Slip) -> dict[str, Any]:
    """The same words for the page: {"title", "addressee", "lines", "rows", "issuer", "day"}."""
    with override(settings.LANGUAGE_CODE):
        context = facts(slip)
        return {
            "title": context["title"],
            "addressee": context["addressee"],
            "lines": [line for line in _lines(context) if line.strip()],
            "rows": [
                {"label": label, "value": text.shown(value)} for label, value in _rows(context)
            ],
            "issuer": context["issuer"],
            "day": documents.chinese_day(context["issued_on"]),
        }


def _title(slip: Slip) -> str:
    task = slip.assignment.obligation.short_title
    with override(settings.LANGUAGE_CODE):
        if slip.label == LETTER:
            return _("关于%(task)s的提醒函") % {"task": task}
        return _("关于%(task)s的提醒单（%(label)s）") % {"task": task, "label": slip.label}


def _lines(context: dict[str, Any]) -> list[str]:
    lines = str(context["text"]).split("\n")
    if context["reply_by"]:
        day = documents.chinese_day(context["reply_by"])
        lines.append(_("请于%(day)s前回复。") % {"day": day})
    return lines


def _rows(context: dict[str, Any]) -> list[tuple[str, Any]]:
    keys = ("number", "task_number", "task", "due_on")
    return [(SLIP.fields[key], context[key] or "—") for key in keys]


def _portals_own(context: dict[str, Any]) -> bytes:
    """No red head and no seal: what the portal writes is for the bureau to issue."""
    document = documents.new(title=context["title"], addressee=context["addressee"])
    document.paragraph("\n".join(_lines(context))).facts(_rows(context))
    document.sign(context["issuer"], context["issued_on"])
    return document.bytes()
