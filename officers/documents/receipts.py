"""备案回执: the facts of an accepted filing, and the portal's own form of the document."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import documents
from core.documents import text
from core.documents.services import render

from ..models import Filing
from .kinds import RECEIPT


def facts(filing: Filing) -> dict[str, Any]:
    """What a receipt says; the keys are those of the kind."""
    return {
        "number": filing.number,
        "unit": filing.unit.full_name,
        "title": filing.title,
        "document_number": filing.document_number,
        "reported_on": filing.reported_on,
        "receipt_number": filing.receipt_number,
        "accepted_on": filing.accepted_on,
        "desk": filing.desk.full_name,
    }


def write(filing: Filing) -> bytes:
    """The .docx, in the desk's own template where it has one. A document is Chinese, whoever reads
    English."""
    context = facts(filing)
    with override(settings.LANGUAGE_CODE):
        return render(RECEIPT.name, filing.desk.code, context, lambda: _portals_own(context))


def file_name(filing: Filing, extension: str) -> str:
    with override(settings.LANGUAGE_CODE):
        name = _("备案回执%(number)s") % {"number": filing.number}
    return f"{name}.{extension}"


def shown(filing: Filing) -> dict[str, Any]:
    """The same words for the page: {"title", "addressee", "sentence", "rows", "desk", "day"}."""
    context = facts(filing)
    with override(settings.LANGUAGE_CODE):
        return {
            "title": str(RECEIPT.label),
            "addressee": context["unit"],
            "sentence": _sentence(context),
            "rows": [
                {"label": label, "value": text.shown(value)} for label, value in _rows(context)
            ],
            "desk": context["desk"],
            "day": documents.chinese_day(context["accepted_on"]),
        }


def _sentence(context: dict[str, Any]) -> str:
    return _("你单位报备的“%(title)s”收悉。经核对，予以备案。") % context


def _rows(context: dict[str, Any]) -> list[tuple[str, Any]]:
    return [(name, context[key] or "—") for key, name in RECEIPT.fields.items()]


def _portals_own(context: dict[str, Any]) -> bytes:
    """No red head and no seal: what the portal writes is for the desk to issue."""
    document = documents.new(title=str(RECEIPT.label), addressee=context["unit"])
    document.paragraph(_sentence(context)).facts(_rows(context))
    document.sign(context["desk"], context["accepted_on"])
    return document.bytes()
