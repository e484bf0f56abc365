"""Counts that pages show; each has the filter of the list that it counts beside it."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q

from pilots.models import Enrolment, Programme

from ..choices import Light, Nature, Status
from ..models import Assignment, DutyItem, ItemProgress, LightRule
from .matrix import AreaCell, worst


@dataclass(frozen=True)
class Tally:
    """The five facts of the overview. `reports_*` count assignments of nature `report`."""

    reports_due: int
    reports_done: int
    reports_on_time: int
    to_review: int
    doubtful: int
    overdue: int
    due_soon: int
    total: int
    done: int


def tally(programme: Programme, *, user: Any, rule: LightRule) -> Tally:
    """Counts of a programme's assignments on the rule's day, of what `user` may see. One query."""
    rows = Assignment.objects.visible_to(user).filter(enrolment__programme=programme).counted()
    report = Q(obligation__nature=Nature.REPORT)
    done = Q(status=Status.DONE, done_on__lte=rule.on)
    undone = ~done
    return Tally(
        **rows.aggregate(
            reports_due=Count("pk", filter=report),
            reports_done=Count("pk", filter=report & done),
            reports_on_time=Count(
                "pk", filter=report & done & (Q(latest_on=None) | Q(done_on__lte=F("latest_on")))
            ),
            to_review=Count("pk", filter=Q(status=Status.SUBMITTED)),
            doubtful=Count("pk", filter=undone & Q(due_on__lt=rule.on, latest_on__gte=rule.on)),
            overdue=Count("pk", filter=undone & Q(latest_on__lt=rule.on)),
            due_soon=Count(
                "pk", filter=undone & Q(due_on__gte=rule.on, last_workday_on__lte=rule.soon_until)
            ),
            total=Count("pk"),
            done=Count("pk", filter=done),
        )
    )


def area_items(enrolment: Enrolment, *, on: date) -> list[tuple[Any, list[DutyItem]]]:
    """Areas with the items that apply to a body; each item has `latest` (progress or None)."""
    latest: dict[int, ItemProgress] = {}
    rows = ItemProgress.rows.live().filter(enrolment=enrolment, happened_on__lte=on)
    for row in rows.select_related("created_by").order_by("happened_on", "id"):
        latest[row.item_id] = row
    items = (
        DutyItem.rows.applying_to(enrolment)
        .filter(area__programme_id=enrolment.programme_id, area__withdrawn_on=None)
        .select_related("area", "clause__document")
        .order_by("area__position", "position", "id")
    )
    grouped: dict[int, tuple[Any, list[DutyItem]]] = {}
    for item in items:
        item.latest = latest.get(item.pk)  # type: ignore[attr-defined]
        grouped.setdefault(item.area_id, (item.area, []))[1].append(item)
    return list(grouped.values())


def unit_strip(enrolment: Enrolment, *, rule: LightRule) -> list[AreaCell]:
    """The six-cell strip of one body: an AreaCell per area of its programme, in order."""
    applying = {area.pk: items for area, items in area_items(enrolment, on=rule.on)}
    lights: dict[int, list[Light]] = {}
    for row in Assignment.rows.filter(enrolment=enrolment).counted().select_related("obligation"):
        if row.obligation.area_id:
            lights.setdefault(row.obligation.area_id, []).append(row.light(rule))
    cells = []
    for area in enrolment.programme.areas.filter(withdrawn_on=None):
        items = applying.get(area.pk, [])
        done = sum(1 for item in items if item.latest)  # type: ignore[attr-defined]
        cells.append(AreaCell(area, done, len(items), worst(lights.get(area.pk, []))))
    return cells


def burn_up(
    programme: Programme, *, user: Any, on: date
) -> tuple[list[tuple[date, int]], list[tuple[date, int]]]:
    """Cumulative (done, due) assignments by day up to `on`: done by `done_on`, due by `latest_on`."""
    rows = Assignment.objects.visible_to(user).filter(enrolment__programme=programme).counted()
    done = Counter(
        rows.filter(status=Status.DONE, done_on__lte=on).values_list("done_on", flat=True)
    )
    due = Counter(rows.exclude(latest_on=None).values_list("latest_on", flat=True))
    return _cumulative(done), _cumulative(due)


def _cumulative(counts: Counter) -> list[tuple[date, int]]:
    total, steps = 0, []
    for day in sorted(counts):
        total += counts[day]
        steps.append((day, total))
    return steps
