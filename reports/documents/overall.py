"""总体报告 as an official document (GB/T 9704-2012): parts, tables, annexes per unit. A draft for
issuing: no red head and no seal of the portal's own accord."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import clock, documents
from core.documents.services import render
from pilots.choices import Part as UnitPart
from pilots.models import Enrolment, Unit

from ..choices import Part
from ..models import Dispatch, Report
from ..queries.content import edition_of
from .kinds import OVERALL

DUTIES = "各项职责推进情况"
TABLE_WIDTHS = {6: (9, 4, 4, 4, 4.5, 4.5), 3: (14, 8, 8)}


def write(report: Report) -> bytes:
    """The .docx of the report: of the edition that was signed, or of the draft as it stands."""
    with override(settings.LANGUAGE_CODE):
        content = content_to_write(report)
        entry = standing_dispatch(report)
        context = facts(report, content, entry)
        return render(
            OVERALL.name, report.unit.code, context, lambda: _portals_own(context, content)
        )


def file_name(report: Report, extension: str) -> str:
    return f"{report.title}.{extension}"


def content_to_write(report: Report) -> dict[str, Any]:
    """The frozen content once it was signed; while it is written, the working copy."""
    if report.is_writable or not report.editions:
        return edition_of(report)
    return report.submissions.latest("edition").content


def standing_dispatch(report: Report) -> Dispatch | None:
    rows = report.dispatches.filter(voided_at=None).select_related("receiver")
    return rows.first()


def receiver_of(report: Report) -> Unit | None:
    """The body above the programme: to whom its overall report goes."""
    rows = Enrolment.rows.filter(
        programme=report.programme, part=UnitPart.SUPERIOR, withdrawn_on=None
    ).standing(clock.today())
    found = rows.select_related("unit").in_document_order().first()
    return found.unit if found else None


def facts(report: Report, content: dict[str, Any], entry: Dispatch | None) -> dict[str, Any]:
    """What the document says; the keys are those of the kind."""
    receiver = entry.receiver if entry else receiver_of(report)
    return {
        "title": report.title,
        "number": entry.document_number if entry else "",
        "receiver": receiver.full_name if receiver else "",
        "unit": report.unit.full_name,
        "sent_on": entry.sent_on if entry else None,
        "parts": [
            {"heading": part["heading"], "text": part["body"]}
            for part in content["sections"]
            if part["body"].strip()
        ],
        "annexes": [
            {"title": annex["title"], "text": "\n".join(_annex_lines(annex))}
            for annex in content.get("annexes", [])
        ],
    }


def _portals_own(context: dict[str, Any], content: dict[str, Any]) -> bytes:
    document = documents.new(
        title=context["title"], number=context["number"], addressee=context["receiver"]
    )
    tables = content.get("tables", [])
    is_in_duties = False
    for part in content["sections"]:
        if part["area"]:
            if not is_in_duties:
                document.heading(1, DUTIES)
                is_in_duties = True
                _table(document, tables, 1)
            document.heading(2, part["heading"])
            document.paragraph(part["body"] or _("本期没有登记进展。"))
            continue
        if part["body"].strip():
            document.heading(1, part["heading"])
            document.paragraph(part["body"])
        if part["key"] == Part.INTRO:
            _table(document, tables, 0)
    annexes = content.get("annexes", [])
    document.attachments([annex["title"] for annex in annexes])
    document.sign(context["unit"], context["sent_on"])
    for place, annex in enumerate(annexes, start=1):
        _annex(document, annex, place if len(annexes) > 1 else None)
    return document.bytes()


def _table(document: Any, tables: list[dict[str, Any]], place: int) -> None:
    if place < len(tables) and tables[place]["rows"]:
        table = tables[place]
        widths = TABLE_WIDTHS.get(len(table["heads"]))
        document.table(table["heads"], table["rows"], widths, caption=table["title"])


def _annex(document: Any, annex: dict[str, Any], number: int | None) -> None:
    document.annex(annex["title"], number)
    for section in annex["sections"]:
        document.heading(1, section["heading"])
        document.paragraph(section["body"])


def _annex_lines(annex: dict[str, Any]) -> list[str]:
    return [line for row in annex["sections"] for line in (row["heading"], row["body"])]
