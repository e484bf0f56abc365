"""The matrix: all bodies of a programme × its duty areas and its demands, in eight queries whatever
the number of bodies."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Min, Prefetch, Q

from pilots.choices import Certainty, UnitKind
from pilots.models import Enrolment, Programme, Unit

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


def matrix(
    programme: Programme,
    *,
    user: Any,
    rule: LightRule,
    kind: str = "",
    search: str = "",
    only_exceptions: bool = False,
    since: date | None = None,
) -> Matrix:
    """The matrix on the rule's day, of the bodies that `user` may see; `since` as in `rows_of`."""
    enrolments = _enrolments(programme, user=user, on=rule.on, kind=kind, search=search)
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
    counts = _area_counts(areas, enrolments, rule.on, since)
    rows = [_row(each, areas, obligations, tasks, counts) for each in enrolments]
    return areas, obligations, rows


def _enrolments(
    programme: Programme, *, user: Any, on: date, kind: str, search: str
) -> list[Enrolment]:
    """Pilots standing on the day, in the document's order, each unit with its name of that day."""
    rows = (
        Enrolment.objects.visible_to(user)
        .filter(programme=programme)
        .pilots()
        .standing(on)
        .in_document_order()
        .select_related("cohort")
        .defer("loaded")
        .prefetch_related(Prefetch("unit", Unit.rows.with_name(on).defer("loaded")))
    )
    if kind:
        rows = rows.filter(Q(kind=kind) | Q(kind="", unit__kind=kind))
    if search:
        rows = rows.filter(unit__in=Unit.rows.searched(search))
    return list(rows)


@dataclass
class _Tasks:
    """What the tasks of the bodies come to: the worst cell per (body, demand), as with several
    occurrences the most urgent one shows; lights per (body, area); orders and periods per body."""

    cells: dict[tuple[int, int], Cell]
    by_area: dict[tuple[int, int], list[Light]]
    orders: dict[int, list[Light]]
    periodic: dict[int, list[Light]]


def _tasks(enrolments: list[Enrolment], rule: LightRule) -> _Tasks:
    found = _Tasks({}, defaultdict(list), defaultdict(list), defaultdict(list))
    rows = Assignment.rows.filter(enrolment__in=[row.pk for row in enrolments], status__in=COUNTED)
    facts = rows.with_done(rule.on).order_by("occurrence", "pk").values_list(*FACTS, named=True)
    # Plain tuples: a thousand model instances would cost more than the rest of the page.
    for row in facts:
        light = rule.light_of(row)
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
    areas: list[DutyArea], enrolments: list[Enrolment], on: date, since: date | None
) -> _Counts:
    if not areas:
        return {}
    items = DutyItem.rows.filter(area__in=areas, withdrawn_on=None)
    facts = list(items.values_list("pk", "area_id", "kinds"))
    named: dict[int, set[int]] = defaultdict(set)
    for item, unit in DutyItem.units.through.objects.filter(dutyitem__in=items).values_list(
        "dutyitem_id", "unit_id"
    ):
        named[item].add(unit)
    first = _first_progress(enrolments, on)
    counts: _Counts = defaultdict(lambda: (0, 0, None if since is None else 0))
    for enrolment in enrolments:
        kind = enrolment.kind or enrolment.unit.kind
        for item, area, kinds in facts:
            if _binds(kinds, named.get(item, ()), enrolment.unit_id, kind):
                done, total, before = counts[enrolment.pk, area]
                day = first.get((enrolment.pk, item))
                if before is not None and since is not None:
                    before += day is not None and day <= since
                counts[enrolment.pk, area] = (done + (day is not None), total + 1, before)
    return counts


def _first_progress(enrolments: list[Enrolment], on: date) -> dict[tuple[int, int], date]:
    """(body, item) → the first day on which it had progress."""
    rows = ItemProgress.rows.live().filter(
        enrolment__in=[row.pk for row in enrolments], happened_on__lte=on
    )
    facts = rows.order_by().values_list("enrolment_id", "item_id")
    return {(part, item): day for part, item, day in facts.annotate(first=Min("happened_on"))}


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
