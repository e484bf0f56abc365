"""进展报告 and 工作总结 as an official document (GB/T 9704-2012), and the 审签单 in front of a draft."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import documents
from core.documents.services import render

from ..choices import TEXTS, Completion
from ..models import Report
from .kinds import REPORT


def facts(report: Report, content: Mapping[str, Any]) -> dict[str, Any]:
    """What the document says; the keys are those of the kind."""
    receiver = report.assignment.obligation.received_by
    return {
        "title": content["title"],
        "number": report.number,
        "unit": content["unit_name"],
        "receiver": receiver.full_name if receiver else "",
        "period": report.period.title if report.period else "",
        "handed_in_on": report.handed_in_on,
        "parts": [
            {"heading": part["heading"], "text": "\n".join(line for _l, line in _texts(part))}
            for part in content["sections"]
        ],
        "figures": [
            {"part": part["heading"], "name": _name(row), "value": row["value"] or "—"}
            for part in content["sections"]
            for row in part["figures"]
        ],
    }


def write(report: Report, content: Mapping[str, Any]) -> bytes:
    """The .docx of an edition, or of the working copy, in the unit's own template where it has one."""
    with override(settings.LANGUAGE_CODE):
        context = facts(report, content)
        return render(
            REPORT.name, report.unit.code, context, lambda: _portals_own(context, content)
        )


def file_name(report: Report, extension: str) -> str:
    return f"{report.title}.{extension}"


def shown(report: Report, content: Mapping[str, Any]) -> dict[str, Any]:
    """The same words for the page on A4: {"title", "receiver", "parts", "unit", "day"}."""
    with override(settings.LANGUAGE_CODE):
        context = facts(report, content)
        day = context["handed_in_on"]
        return {
            **context,
            "day": documents.chinese_day(day) if day else "",
            "parts": [
                {
                    "heading": part["heading"],
                    "texts": _texts(part),
                    "figures": [
                        {"name": _name(row), "value": row["value"]} for row in part["figures"]
                    ],
                    "evidence": [file["name"] for file in part["evidence"]],
                }
                for part in content["sections"]
            ],
        }


def _texts(part: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(label, text) of what was written; a chapter's one text has no label."""
    found = []
    for name in TEXTS:
        text = part[name.value].strip()
        if text:
            found.append((str(name.label) if part["area"] else "", text))
    if part["completion"] in Completion.values:
        found.append((_("完成情况"), str(Completion(part["completion"]).label)))
    return found


def _name(row: Mapping[str, Any]) -> str:
    return f"{row['name']}（{row['unit']}）" if row["unit"] else row["name"]


def _portals_own(context: Mapping[str, Any], content: Mapping[str, Any]) -> bytes:
    """No red head and no seal; two lines and the unit's name are left for its signature."""
    document = documents.new(title=context["title"], addressee=context["receiver"])
    for part in content["sections"]:
        document.heading(1, part["heading"])
        for label, text in _texts(part):
            document.paragraph(f"{label}：{text}" if label else text)
        if part["figures"]:
            rows = [[_name(row), row["value"] or "—"] for row in part["figures"]]
            document.table([_("关键数字"), _("本期")], rows, (20, 8))
    names = [file["name"] for part in content["sections"] for file in part["evidence"]]
    document.attachments(list(dict.fromkeys(names)))
    document.sign(context["unit"], context["handed_in_on"])
    return document.bytes()
