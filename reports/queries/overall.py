"""What an overall report is put together from: the units' editions, the counts, the progress."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Prefetch, Q, Sum
from django.utils.translation import gettext as _

from duties.choices import COUNTED, Origin
from duties.choices import Status as TaskStatus
from duties.models import Assignment, ItemProgress, Obligation
from pilots.choices import Part as UnitPart
from pilots.models import Enrolment, Programme

from ..choices import TEXTS, Chapter, Kind
from ..models import Report, Submission


@dataclass(frozen=True)
class Source:
    """A unit's newest edition from which passages may be chosen. `passages`: {(section key, field):
    (heading, text)}, those that hold something."""

    report: Report
    edition: Submission
    passages: dict[tuple[str, str], tuple[str, str]]


def sources_of(programme: Programme) -> list[Source]:
    """Every report of a unit that was handed in, its newest edition, in the document's order of units;
    summaries before progress reports."""
    rows = (
        Report.rows.of_programme(programme)
        .exclude(kind=Kind.OVERALL)
        .filter(editions__gt=0)
        .for_lists()
        .prefetch_related(
            Prefetch("submissions", Submission.rows.order_by("edition"), to_attr="frozen")
        )
        .order_by("assignment__enrolment__position", "-kind", "period__starts_on", "number")
    )
    return [Source(row, row.frozen[-1], _passages(row.frozen[-1])) for row in rows]


def _passages(edition: Submission) -> dict[tuple[str, str], tuple[str, str]]:
    return {
        (section["key"], name.value): (section["heading"], section[name.value].strip())
        for section in edition.content["sections"]
        for name in TEXTS
        if section[name.value].strip()
    }


@dataclass(frozen=True)
class Demand:
    """How far one demand is: `quantity` asked of `units` bodies, `done` of it, how many bodies are done
    and how many of them by the last allowed day."""

    obligation: Obligation
    units: int
    quantity: int
    done: int
    units_done: int
    on_time: int


def demands_of(programme: Programme, *, on: date) -> list[Demand]:
    """The demands of the documents on the pilots, counted on the day."""
    obligations = Obligation.rows.filter(
        programme=programme,
        origin=Origin.CLAUSE,
        parts__contains=[UnitPart.PILOT],
        withdrawn_on=None,
    )
    return [_demand(row, on) for row in obligations.order_by("position", "code")]


def _demand(obligation: Obligation, on: date) -> Demand:
    rows = Assignment.rows.filter(obligation=obligation, status__in=COUNTED)
    done = Q(status=TaskStatus.DONE, done_on__lte=on)
    found = rows.aggregate(
        units=Count("enrolment", distinct=True),
        quantity=Sum("quantity"),
        units_done=Count("pk", filter=done),
        on_time=Count("pk", filter=done & (Q(latest_on=None) | Q(done_on__lte=F("latest_on")))),
    )
    live = Q(fulfilments__voided_at=None, fulfilments__happened_on__lte=on)
    counted = rows.filter(live).aggregate(n=Count("fulfilments"))["n"]
    return Demand(
        obligation,
        units=found["units"],
        quantity=found["quantity"] or 0,
        done=counted,
        units_done=found["units_done"],
        on_time=found["on_time"],
    )


@dataclass(frozen=True)
class AreaProgress:
    """Accepted progress in one duty area: how many units and items, and the newest words of each unit."""

    area: Any
    units: int
    items: int
    lines: list[tuple[str, str]]


def progress_of(programme: Programme, *, on: date) -> list[AreaProgress]:
    """By area, in the document's order; an area without progress has no lines."""
    found: dict[int, dict[int, ItemProgress]] = {}
    items: dict[int, set[tuple[int, int]]] = {}
    rows = (
        ItemProgress.rows.live()
        .filter(enrolment__programme=programme, happened_on__lte=on)
        .select_related("item", "enrolment__unit")
        .prefetch_related("enrolment__unit__names")
        .order_by("enrolment__position", "happened_on", "id")
    )
    for row in rows:
        found.setdefault(row.item.area_id, {})[row.enrolment_id] = row
        items.setdefault(row.item.area_id, set()).add((row.enrolment_id, row.item_id))
    return [
        AreaProgress(
            area,
            units=len(found.get(area.pk, {})),
            items=len(items.get(area.pk, ())),
            lines=[
                (str(row.enrolment.unit.short_name), row.summary)
                for row in found.get(area.pk, {}).values()
            ],
        )
        for area in programme.areas.filter(withdrawn_on=None).order_by("position", "id")
    ]


def pilots_count(programme: Programme, *, on: date) -> int:
    rows = Enrolment.rows.filter(programme=programme, part=UnitPart.PILOT, withdrawn_on=None)
    return rows.standing(on).count()


def tables_of(programme: Programme, *, on: date) -> list[dict[str, Any]]:
    """The tables of the overall report: [{"title", "heads", "rows"}], plain values only."""
    demands = [
        [d.obligation.short_title, d.units, d.quantity, d.done, d.units_done, d.on_time]
        for d in demands_of(programme, on=on)
    ]
    areas = [[p.area.medium_name, p.units, p.items] for p in progress_of(programme, on=on)]
    return [
        {
            "title": _("规定任务完成情况"),
            "heads": [
                _("任务"), _("单位数"), _("应完成"), _("已完成"), _("完成单位"), _("按时完成"),
            ],
            "rows": demands,
        },
        {
            "title": _("各项职责进展"),
            "heads": [_("职责"), _("有进展的单位"), _("有进展的事项")],
            "rows": areas,
        },
    ]  # fmt: skip


def annexes_of(report: Report) -> list[dict[str, Any]]:
    """One annex a unit whose summary was chosen from: [{"unit", "number", "title", "sections"}]."""
    seen: dict[int, Submission] = {}
    rows = report.passages.select_related("submission__report").order_by("id")
    for passage in rows:
        if passage.submission.report.kind == Kind.SUMMARY:
            seen.setdefault(passage.submission.report_id, passage.submission)
    return [
        {
            "unit": edition.content["unit_name"],
            "number": edition.content["number"],
            "title": edition.content["title"],
            "sections": [
                {"heading": section["heading"], "body": section["body"]}
                for section in edition.content["sections"]
                if section["body"].strip()
            ],
        }
        for edition in seen.values()
    ]


def chosen_texts(report: Report, chapter: Chapter) -> list[tuple[str, str]]:
    """(unit's short name, text) of the chosen passages that belong to a chapter of the summary: of
    summaries that very chapter, of progress reports their field (body, problems)."""
    fields = {Chapter.PROGRESS: "body", Chapter.PROBLEMS: "problems", Chapter.SUGGESTIONS: ""}
    found = []
    rows = report.passages.select_related(
        "submission__report__assignment__enrolment__unit"
    ).order_by("submission__report__assignment__enrolment__position", "id")
    for passage in rows:
        source = passage.submission.report
        is_chapter = source.kind == Kind.SUMMARY and passage.section_key == chapter.value
        is_field = source.kind == Kind.PROGRESS and passage.field == fields[chapter]
        if passage.text and (is_chapter or is_field):
            found.append((source.unit.short_name, passage.text))
    return found
