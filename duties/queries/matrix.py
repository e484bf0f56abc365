"""The matrix: all bodies of a programme × its duty areas and its demands, in six queries whatever
the number of bodies."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Max, Min, OuterRef

from pilots.choices import Certainty, Part, UnitKind
from pilots.models import Enrolment, Programme, Unit
from pilots.queries import taking_part

from ..choices import COUNTED, EXCEPTIONS, PERIODIC, URGENCY, Light, Origin
from ..models import Assignment, DutyArea, DutyItem, ItemProgress, LightRule, Obligation
from .cells import AreaCell, Cell, Group, Matrix, Orders, Row, worst

# What a cell needs of an assignment.
FACTS = (
    "pk", "enrolment_id", "obligation_id", "quantity", "done_count",
    "status", "due_on", "latest_on", "last_workday_on", "done_on",
    "obligation__origin", "obligation__nature", "obligation__area_id", "obligation__withdrawn_on",
)  # fmt: skip


# (body, area) → (items with accepted progress, items that apply, those that had it before or None)
_Counts = dict[tuple[int, int], tuple[int, int, int | None]]
# (body, item) → the first and the last day on which it had progress
_Days = dict[tuple[int, int], tuple[date, date]]


def matrix(
    programme: Programme,
    *,
    user: Any,
    rule: LightRule,
    kind: str = "",
    search: str = "",
    only_exceptions: bool = False,
    since: date | None = None,
    among: list[Enrolment] | None = None,
) -> Matrix:
    """The matrix on the rule's day, of the bodies that `user` may see; `since` as in `rows_of`.
    `among` are those with a part on the day where the page knows them (`taking_part`)."""
    known = taking_part(programme, user=user, on=rule.on) if among is None else among
    enrolments = _pilots(known, kind=kind, search=search)
    areas, obligations, rows = rows_of(programme, enrolments, user=user, rule=rule, since=since)
    if only_exceptions:
        rows = [row for row in rows if row.worst in EXCEPTIONS]
    counted = [
        row.cohort.as_of
        for row in enrolments
        if row.starts_on is None and row.cohort and row.cohort.as_of
    ]
    return Matrix(programme, areas, obligations, _groups(rows), rule, min(counted, default=None))


def rows_of(
    programme: Programme,
    enrolments: list[Enrolment],
    *,
    user: Any,
    rule: LightRule,
    since: date | None = None,
) -> tuple[list[DutyArea], list[Obligation], list[Row]]:
    """Areas and demands of the programme, and a row for each of the given parts in it. Orders share
    one cell and reports of periods have none: neither is a demand of its own here. With `since`
    each area also says how many items had progress by that day."""
    areas = list(programme.areas.filter(withdrawn_on=None).defer("loaded"))
    obligations = list(
        Obligation.objects.visible_to(user)
        .filter(programme=programme, parts__contains=["pilot"])
        .exclude(origin=Origin.ORDER)
        .exclude(nature__in=PERIODIC)
        .in_force()
        .defer("loaded")
    )
    tasks = _tasks(enrolments, rule)
    days = _progress(enrolments, rule.on)
    counts = _area_counts(areas, enrolments, days, since)
    for (part, _item), (_first, last) in days.items():
        tasks.changed(part, last)
    rows = [_row(each, areas, obligations, tasks, counts) for each in enrolments]
    return areas, obligations, rows


def _pilots(known: list[Enrolment], *, kind: str, search: str) -> list[Enrolment]:
    """The pilots among them, of that kind and with that name; one query where a name is asked for."""
    rows = [row for row in known if row.part == Part.PILOT]
    if kind:
        rows = [row for row in rows if (row.kind or row.unit.kind) == kind]
    if search:
        named = Unit.rows.searched(search).filter(pk__in=[row.unit_id for row in rows])
        keys = set(named.values_list("pk", flat=True))
        rows = [row for row in rows if row.unit_id in keys]
    return rows


@dataclass
class _Tasks:
    """What the tasks of the bodies come to: the worst cell per (body, demand), as with several
    occurrences the most urgent one shows; lights per (body, area); orders and periods per body; the
    last day on which a task of the body was done or a duty had progress."""

    cells: dict[tuple[int, int], Cell]
    by_area: dict[tuple[int, int], list[Light]]
    orders: dict[int, list[Light]]
    periodic: dict[int, list[Light]]
    changed_on: dict[int, date]

    def changed(self, part: int, day: date) -> None:
        self.changed_on[part] = max(day, self.changed_on.get(part, day))


def _tasks(enrolments: list[Enrolment], rule: LightRule) -> _Tasks:
    found = _Tasks({}, defaultdict(list), defaultdict(list), defaultdict(list), {})
    rows = Assignment.rows.filter(enrolment__in=[row.pk for row in enrolments], status__in=COUNTED)
    facts = rows.with_done(rule.on).order_by("occurrence", "pk").values_list(*FACTS, named=True)
    # Plain tuples: a thousand model instances would cost more than the rest of the page.
    for row in facts:
        light = rule.light_of(row)
        if row.done_on and row.done_on <= rule.on:
            found.changed(row.enrolment_id, row.done_on)
        if row.obligation__area_id and row.obligation__withdrawn_on is None:
            found.by_area[row.enrolment_id, row.obligation__area_id].append(light)
        if row.obligation__origin == Origin.ORDER:
            found.orders[row.enrolment_id].append(light)
        elif row.obligation__nature in PERIODIC:
            found.periodic[row.enrolment_id].append(light)
        else:
            _keep(found.cells, row, light)
    return found


def _keep(cells: dict[tuple[int, int], Cell], row: Any, light: Light) -> None:
    cell = Cell(row.pk, min(row.done_count, row.quantity), row.quantity, light)
    key = (row.enrolment_id, row.obligation_id)
    if key not in cells or URGENCY[light] <= URGENCY[cells[key].light]:
        cells[key] = cell


def _area_counts(
    areas: list[DutyArea], enrolments: list[Enrolment], days: _Days, since: date | None
) -> _Counts:
    if not areas:
        return {}
    named = DutyItem.units.through.objects.filter(dutyitem=OuterRef("pk")).values("unit_id")
    items = DutyItem.rows.filter(area__in=areas, withdrawn_on=None).annotate(
        named=ArraySubquery(named)
    )
    facts = list(items.values_list("pk", "area_id", "kinds", "named"))
    counts: _Counts = defaultdict(lambda: (0, 0, None if since is None else 0))
    for enrolment in enrolments:
        kind = enrolment.kind or enrolment.unit.kind
        for item, area, kinds, units in facts:
            if _binds(kinds, units, enrolment.unit_id, kind):
                done, total, before = counts[enrolment.pk, area]
                day, _last = days.get((enrolment.pk, item), (None, None))
                if before is not None and since is not None:
                    before += day is not None and day <= since
                counts[enrolment.pk, area] = (done + (day is not None), total + 1, before)
    return counts


def _progress(enrolments: list[Enrolment], on: date) -> _Days:
    rows = ItemProgress.rows.live().filter(
        enrolment__in=[row.pk for row in enrolments], happened_on__lte=on
    )
    facts = rows.order_by().values_list("enrolment_id", "item_id")
    days = facts.annotate(first=Min("happened_on"), last=Max("happened_on"))
    return {(part, item): (first, last) for part, item, first, last in days}


def _binds(kinds: Collection[str], named: Collection[int], unit_id: int, kind: str) -> bool:
    """The same rule as `DutyItemQuerySet.applying_to`."""
    return unit_id in named if named else not kinds or kind in kinds


def applies(item: DutyItem, enrolment: Enrolment) -> bool:
    """Whether an item, its units prefetched, binds a body."""
    named = {unit.pk for unit in item.units.all()}
    return _binds(item.kinds, named, enrolment.unit_id, enrolment.kind or enrolment.unit.kind)


def _row(
    enrolment: Enrolment,
    areas: list[DutyArea],
    obligations: list[Obligation],
    tasks: _Tasks,
    counts: _Counts,
) -> Row:
    part = enrolment.pk
    ordered = tasks.orders.get(part)
    return Row(
        enrolment,
        [_area_cell(area, part, tasks, counts) for area in areas],
        [tasks.cells.get((part, obligation.pk)) for obligation in obligations],
        Orders(ordered.count(Light.DONE), len(ordered), worst(ordered)) if ordered else None,
        tuple(tasks.periodic.get(part, ())),
        tasks.changed_on.get(part),
    )


def _area_cell(area: DutyArea, part: int, tasks: _Tasks, counts: _Counts) -> AreaCell:
    done, total, before = counts.get((part, area.pk), (0, 0, None))
    return AreaCell(area, done, total, worst(tasks.by_area.get((part, area.pk), ())), before)


def _groups(rows: list[Row]) -> list[Group]:
    """Rows by kind in the document's order. A slot without a name and without anything to tell is
    folded into a count."""
    named: dict[str, list[Row]] = defaultdict(list)
    slots: dict[str, int] = defaultdict(int)
    for row in rows:
        kind = row.enrolment.kind or row.enrolment.unit.kind
        named[kind]  # keeps the kind's place even when all of it are slots
        if row.enrolment.certainty == Certainty.SLOT and row.enrolment.unit.is_slot:
            slots[kind] += 1
        else:
            named[kind].append(row)
    return [Group(UnitKind(kind), members, slots[kind]) for kind, members in named.items()]
