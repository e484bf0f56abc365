"""Counts that pages show; each has the filter of the list that it counts beside it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, Value

from core.charts import Point
from pilots.models import Enrolment, Programme

from ..choices import Nature, Status
from ..models import Assignment, DutyItem, ItemProgress, LightRule


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
    owed = ~done & ~Q(status=Status.SUBMITTED)
    return Tally(
        **rows.aggregate(
            reports_due=Count("pk", filter=report),
            reports_done=Count("pk", filter=report & done),
            reports_on_time=Count(
                "pk", filter=report & done & (Q(latest_on=None) | Q(done_on__lte=F("latest_on")))
            ),
            to_review=Count("pk", filter=Q(status=Status.SUBMITTED)),
            doubtful=Count("pk", filter=owed & Q(due_on__lt=rule.on, latest_on__gte=rule.on)),
            overdue=Count("pk", filter=owed & Q(latest_on__lt=rule.on)),
            due_soon=Count(
                "pk", filter=owed & Q(due_on__gte=rule.on, last_workday_on__lte=rule.soon_until)
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
        item.latest = latest.get(item.pk)
        grouped.setdefault(item.area_id, (item.area, []))[1].append(item)
    return list(grouped.values())


def burn_up(programme: Programme, *, user: Any, on: date) -> list[Point]:
    """Cumulative counts of the dated assignments by day: due by their last allowed day, done by
    `done_on`; what is done after `on` is not known. Empty where the documents set no dates."""
    rows = (
        Assignment.objects.visible_to(user)
        .filter(enrolment__programme=programme)
        .counted()
        .exclude(latest_on=None)
    )
    finished = rows.filter(status=Status.DONE, done_on__lte=on)
    due, done = _by_day({"latest_on": rows, "done_on": finished})
    if not due:
        return []
    days = {*due, *done, on}
    if programme.started_on:
        days.add(min(programme.started_on, *days))
    points, owed, made = [], 0, 0
    for day in sorted(days):
        owed, made = owed + due.get(day, 0), made + done.get(day, 0)
        points.append(Point(day, owed, made if day <= on else None))
    return points


def _by_day(asked: dict[str, Any]) -> list[dict[date, int]]:
    """How many of the rows have each day in that field; one query."""
    first, *others = (
        rows.order_by().values_list(Value(field), field).annotate(count=Count("pk"))
        for field, rows in asked.items()
    )
    found: dict[str, dict[date, int]] = {field: {} for field in asked}
    for field, day, count in first.union(*others, all=True):
        found[field][day] = count
    return list(found.values())
