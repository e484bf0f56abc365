"""Drafting: a report begins with the sections that apply, and each section is saved by itself.

Nothing that was called saved is ever lost: each saving leaves a revision, and of two windows that
change one section the later one finds both texts.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import clock
from core.errors import MoveNotAllowed, Refused
from core.numbers import next_numbers
from duties.choices import Nature
from duties.models import Assignment, DutyArea, DutyItem

from ..choices import KIND_OF_NATURE, ONE_SITTING, TEXTS, Chapter, Completion, Kind, Saving
from ..models import FigureValue, Period, Report, Section, SectionRevision
from ..queries.content import asked_figures, content_of
from .writing import hold_period, lock, record


@dataclass(frozen=True)
class Saved:
    """What became of a saving. `kept` is the revision that holds the text that was sent when another
    window had saved meanwhile: the section itself was then left as it is."""

    section: Section
    kept: SectionRevision | None = None

    @property
    def is_conflict(self) -> bool:
        return self.kept is not None


@transaction.atomic
def start_report(assignment: Assignment, *, by: Any) -> Report:
    """The report that answers a task, with its sections; the one that is there comes back.

    Raises Refused for a task that asks for no report or was taken off the table.
    """
    written = Report.rows.select_for_update(of=("self",)).filter(assignment=assignment).first()
    if written is not None:
        return sync_sections(written)
    period = _period_of(assignment)
    task = Assignment.rows.select_for_update(of=("self",)).for_lists().get(pk=assignment.pk)
    known = Report.rows.filter(assignment=task).first()
    if known is not None:  # somebody began it this very moment
        return known
    kind = KIND_OF_NATURE.get(task.obligation.nature)
    if kind is None or not task.is_open():
        words = {"task": task.number, "status": task.get_status_display()}
        raise Refused(_("任务%(task)s（%(status)s）不用写报告。") % words)
    now = clock.now()
    report = Report(
        number=next_numbers(Report.rows, "BG")[0],
        kind=kind,
        assignment=task,
        period=period,
        title=_title(task, period),
        created_at=now,
        created_by=by,
        updated_at=now,
    )
    report.full_clean()
    report.save()
    record("start", report, by=by, after={"kind": kind, "assignment": task})
    return sync_sections(report)


def sync_sections(report: Report) -> Report:
    """Give a report that may still be written the sections that apply now: one an area, or the three
    chapters. A section whose area applies no longer keeps its text and steps aside."""
    if not report.is_writable:
        return report
    wanted = _wanted(report)
    known = {row.key: row for row in report.sections.all()}
    now = clock.now()
    for place, (key, area, heading) in enumerate(wanted):
        row = known.pop(key, None)
        if row is None:
            row = Section(report=report, key=key, updated_at=now)
        facts = {"area": area, "heading": heading, "position": place, "dropped_on": None}
        if row.pk is None or any(getattr(row, name) != value for name, value in facts.items()):
            for name, value in facts.items():
                setattr(row, name, value)
            # Nothing else of a section that is there: its text may just have been saved elsewhere.
            row.save(update_fields=None if row.pk is None else list(facts))
    for row in known.values():
        if row.dropped_on is None:
            row.dropped_on = clock.today()
            row.save(update_fields=["dropped_on"])
    return report


@transaction.atomic
def save_section(
    section: Section,
    content: Mapping[str, Any],
    *,
    by: Any,
    version: int | None,
    tab: str = "",
    kind: Saving = Saving.SAVED,
) -> Saved:
    """Save what was typed: any of `body`, `problems`, `next_steps`, `completion`, `items` (codes),
    `figures` ({figure id: Decimal or None}). A text that differs from what was carried over loses its
    origin. Saving the same again changes nothing.

    When another window saved since `version`, and this one differs from it, nothing is overwritten:
    the text is kept as a revision and comes back in `Saved.kept`.

    Raises MoveNotAllowed when the report may not be written now, PeriodClosed.
    """
    report = lock(section.report, None)
    row = Section.rows.select_for_update(of=("self",)).select_related("area").get(pk=section.pk)
    row.report = report
    if not report.is_writable:
        raise MoveNotAllowed
    before = content_of(row)
    after = before | _clean(row, content)
    if after == before:
        return Saved(row)
    if version is not None and version != row.version:
        return Saved(row, _keep(row, after, by=by, tab=tab, kind=Saving.CONFLICT))
    _apply(row, before, after, by=by)
    _keep(row, after, by=by, tab=tab, kind=kind)
    report.updated_at = row.updated_at
    report.save(update_fields=["updated_at"])
    return Saved(row)


# --- parts ---------------------------------------------------------------------------------------


def _period_of(task: Assignment) -> Period | None:
    """The period that the task reports on, held as `writing.lock` holds it, and before the task."""
    nature: Any = task.obligation.nature
    if KIND_OF_NATURE.get(nature) != Kind.PROGRESS:
        return None
    period = Period.rows.get(obligation=task.obligation_id, code=task.occurrence)
    hold_period(period.pk)
    return period


def _title(task: Assignment, period: Period | None) -> str:
    """Kept in Chinese, as everything on the record."""
    if task.obligation.nature == Nature.OVERALL_REPORT:
        return f"{task.programme.region_name}首席数据官工作总体情况报告"[:200]
    if period is not None:
        return f"{task.unit.full_name}{period.title}首席数据官履职进展报告"[:200]
    return f"{task.unit.full_name}首席数据官工作总结"[:200]


def _wanted(report: Report) -> list[tuple[str, DutyArea | None, str]]:
    if report.kind == Kind.SUMMARY:
        return [(chapter.value, None, _heading(chapter)) for chapter in Chapter]
    if report.kind == Kind.OVERALL:  # its parts are laid out when it is drafted
        return [
            (row.key, row.area, row.heading) for row in report.sections.all() if not row.dropped_on
        ]
    enrolment = report.assignment.enrolment
    applying = DutyItem.rows.applying_to(enrolment).values("area")
    areas = DutyArea.rows.filter(programme=enrolment.programme, withdrawn_on=None, pk__in=applying)
    return [(area.code, area, area.name) for area in areas.order_by("position", "id")]


def _heading(chapter: Chapter) -> str:
    headings = {"progress": "工作进度", "problems": "存在问题", "suggestions": "意见建议"}
    return headings[chapter.value]


def _clean(row: Section, content: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, in the shape of `content_of`: line ends as one, no trailing white space."""
    found: dict[str, Any] = {}
    for name in TEXTS:
        if name in content:
            text = str(content[name] or "").replace("\r\n", "\n").replace("\r", "\n")
            found[str(name.value)] = text.replace("\x00", "").rstrip()
    if "completion" in content:
        chosen = content["completion"] or ""
        found["completion"] = chosen if chosen in Completion.values else ""
    if "items" in content and row.area_id is not None:
        known = DutyItem.rows.filter(area=row.area_id, code__in=list(content["items"] or ()))
        found["items"] = sorted(known.values_list("code", flat=True))
    if "figures" in content:
        given = {int(key): value for key, value in content["figures"].items()}
        found["figures"] = {
            str(figure.pk): _number(given[figure.pk])
            for figure in asked_figures(row)
            if figure.pk in given
        }
        found["figures"] = content_of(row)["figures"] | found["figures"]
    return found


def _number(value: Decimal | None) -> str | None:
    return None if value is None else f"{value.normalize():f}"


def _apply(row: Section, before: dict[str, Any], after: dict[str, Any], *, by: Any) -> None:
    for name in TEXTS:
        if after[name.value] != before[name.value]:
            row.origins.pop(name.value, None)
            setattr(row, name.value, after[name.value])
    row.completion = after["completion"]
    row.version += 1
    row.updated_at, row.updated_by = clock.now(), by
    row.full_clean()
    row.save()
    if after["items"] != before["items"]:
        row.items.set(DutyItem.rows.filter(code__in=after["items"]))
    if after["figures"] != before["figures"]:
        for key, value in after["figures"].items():
            number = None if value is None else Decimal(value)
            FigureValue.objects.update_or_create(
                section=row, figure_id=int(key), defaults={"value": number}
            )


def _keep(
    row: Section, content: dict[str, Any], *, by: Any, tab: str, kind: Saving
) -> SectionRevision:
    now = clock.now()
    last = row.revisions.order_by("-id").first()
    same_sitting = (
        last is not None
        and kind == Saving.SAVED == last.kind
        and (last.saved_by_id, last.tab) == (getattr(by, "pk", None), tab)
        and bool(tab)
        and now - last.saved_at < ONE_SITTING
        and not _shrinks(last.content, content)
    )
    revision = last if same_sitting and last is not None else SectionRevision(section=row)
    revision.version, revision.kind, revision.content = row.version, kind, content
    revision.tab, revision.saved_at, revision.saved_by = tab[:40], now, by
    revision.save()
    return revision


def _shrinks(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether some text became shorter: what was deleted by mistake must be found again."""
    return any(len(after[name.value]) < len(before[name.value]) for name in TEXTS)
