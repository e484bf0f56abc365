"""沿用上期: what was reported last time comes into fields that are still empty, marked with its origin.
Typed text is never overwritten, and figures are never carried."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import MoveNotAllowed, Refused

from ..choices import TEXTS, Chapter, Completion, Kind, Saving
from ..models import Report, Section, SectionRevision
from ..queries.content import content_of
from ..queries.earlier import earlier_report, earlier_sections
from ..queries.summing import summed_up
from .writing import lock, record


@transaction.atomic
def carry_over(
    report: Report,
    *,
    by: Any,
    keys: Iterable[str] | None = None,
    fields: Iterable[str] | None = None,
    version: int | None = None,
) -> list[Section]:
    """Bring last period's texts into the empty fields of the sections (`keys` and `fields`, or all of
    them); a summary's chapters come from the reports of its time. Returns the sections that changed.

    Raises Refused when there is nothing to carry over, MoveNotAllowed, StaleVersion, PeriodClosed.
    """
    row = _writable(report, version)
    source = _source(row)
    if not source:
        raise Refused(_("没有可以沿用的内容：以前没有报送过。"))
    wanted = {str(name) for name in (TEXTS if fields is None else fields)}
    changed = [
        section
        for section in _sections(row, keys)
        if section.key in source and _fill(section, *source[section.key], wanted, by=by)
    ]
    record("carry_over", row, by=by, after={"sections": [each.key for each in changed]})
    return changed


@transaction.atomic
def mark_unchanged(
    report: Report, *, by: Any, keys: Iterable[str] | None = None, version: int | None = None
) -> list[Section]:
    """「本期无变化，沿用上期」: carries over, and marks as 本期无变化 the sections that then hold nothing but
    last period's words. A section in which something was typed keeps what it says.

    Raises Refused when there is no earlier report, MoveNotAllowed, StaleVersion, PeriodClosed.
    """
    row = _writable(report, version)
    if row.kind != Kind.PROGRESS or earlier_report(row) is None:
        raise Refused(_("以前没有报送过，不能选“本期无变化”。"))
    carry_over(row, by=by, keys=keys)
    marked = []
    for section in _sections(row, keys):
        if section.completion or set(section.origins) != _filled(section):
            continue
        if not section.body.strip():
            continue
        section.completion = Completion.UNCHANGED
        _save(section, by=by)
        marked.append(section)
    record("unchanged", row, by=by, after={"sections": [each.key for each in marked]})
    return marked


def _writable(report: Report, version: int | None) -> Report:
    row = lock(report, version)
    if not row.is_writable:
        raise MoveNotAllowed
    return row


def _sections(report: Report, keys: Iterable[str] | None) -> list[Section]:
    rows = report.sections.standing().select_for_update(of=("self",)).order_by("position", "id")
    return list(rows if keys is None else rows.filter(key__in=list(keys)))


def _source(report: Report) -> dict[str, tuple[str, dict[str, str]]]:
    """{section key: (number of the report it comes from, {field: text})}."""
    if report.kind == Kind.SUMMARY:
        found = summed_up(report)
        return {
            chapter.value: (found.origin, {"body": found.texts[chapter.value]})
            for chapter in Chapter
            if found.texts[chapter.value]
        }
    before = earlier_report(report)
    if before is None:
        return {}
    return {
        key: (before.number, {name.value: section[name.value] for name in TEXTS})
        for key, section in earlier_sections(report).items()
    }


def _fill(
    section: Section, origin: str, texts: dict[str, str], wanted: set[str], *, by: Any
) -> bool:
    filled = False
    for name, text in texts.items():
        if name in wanted and text.strip() and not getattr(section, name).strip():
            setattr(section, name, text)
            section.origins[name] = origin
            filled = True
    if filled:
        _save(section, by=by)
    return filled


def _filled(section: Section) -> set[str]:
    return {name.value for name in TEXTS if getattr(section, name.value).strip()}


def _save(section: Section, *, by: Any) -> None:
    section.version += 1
    section.updated_at, section.updated_by = clock.now(), by
    section.full_clean()
    section.save()
    SectionRevision.objects.create(
        section=section,
        version=section.version,
        kind=Saving.CARRIED,
        content=content_of(section),
        saved_at=section.updated_at,
        saved_by=by,
    )
