"""What a section holds, and a whole report as the JSON of an edition."""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import override

from core import clock

from ..choices import TEXTS, Kind
from ..models import PeriodFigure, Report, Section
from .overall import annexes_of, tables_of


def asked_figures(section: Section) -> QuerySet[PeriodFigure]:
    """The key figures that the bureau asks for in that section."""
    rows = PeriodFigure.objects.filter(withdrawn_on=None).order_by("position", "id")
    if section.area_id is None or section.report.period_id is None:
        return rows.none()
    return rows.filter(period=section.report.period_id, area=section.area_id)


def content_of(section: Section) -> dict[str, Any]:
    """What the section holds: {"body", "problems", "next_steps", "completion", "items": [codes],
    "figures": {"<id of the figure>": "12.5" or None}}."""
    content: dict[str, Any] = {name.value: getattr(section, name.value) for name in TEXTS}
    content["completion"] = section.completion
    content["items"] = sorted(item.code for item in section.items.all())
    content["figures"] = {
        str(row.figure_id): None if row.value is None else f"{row.value.normalize():f}"
        for row in section.figures.all()
    }
    return content


def edition_of(report: Report) -> dict[str, Any]:
    """The whole report as it would be frozen now. Sections that stepped aside are left out; an overall
    report brings its "tables" and "annexes" along."""
    rows = (
        report.sections.standing()
        .select_related("area")
        .prefetch_related("items", "figures__figure", "attached__evidence__stored")
        .order_by("position", "id")
    )
    more: dict[str, Any] = {}
    if report.kind == Kind.OVERALL:  # figures must be as they were on the day
        with override(settings.LANGUAGE_CODE):
            tables = tables_of(report.programme, on=clock.today())
        more = {"tables": tables, "annexes": annexes_of(report)}
    return {
        "number": report.number,
        "kind": report.kind,
        "title": report.title,
        "unit": report.unit.code,
        "unit_name": report.unit.full_name,
        "programme": report.programme.code,
        "task": report.assignment.number,
        "period": report.period.code if report.period else "",
        "sections": [_section(row) for row in rows],
        **more,
    }


def _section(row: Section) -> dict[str, Any]:
    asked = sorted(row.figures.all(), key=lambda value: (value.figure.position, value.figure_id))
    return {
        "key": row.key,
        "area": row.area.code if row.area else "",
        "heading": row.heading,
        **{name.value: getattr(row, name.value) for name in TEXTS},
        "completion": row.completion,
        "origins": dict(row.origins),
        "items": [{"code": item.code, "name": item.name} for item in row.items.all()],
        "figures": [
            {
                "name": value.figure.name,
                "unit": value.figure.unit_label,
                "value": None if value.value is None else f"{value.value.normalize():f}",
            }
            for value in asked
            if value.figure.withdrawn_on is None
        ],
        "evidence": [
            {
                "id": use.evidence_id,
                "name": use.evidence.name,
                "sha256": use.evidence.stored.sha256,
                "size": use.evidence.stored.size,
            }
            for use in row.attached.all()
        ],
    }


def digest_of(content: dict[str, Any]) -> str:
    """SHA-256 over the canonical JSON: sorted keys, no spaces, UTF-8."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
