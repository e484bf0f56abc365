"""The matrix: all bodies of a programme × its duty areas and its demands, in eight queries whatever
the number of bodies."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Prefetch, Q

from pilots.choices import Certainty, UnitKind
from pilots.models import Enrolment, Programme, Unit

from ..choices import COUNTED, EXCEPTIONS, URGENCY, Light
from ..models import Assignment, DutyArea, DutyItem, ItemProgress, LightRule, Obligation

# What a cell needs of an assignment.
FACTS = (
    "pk", "enrolment_id", "obligation_id", "quantity", "done_count",
    "status", "due_on", "latest_on", "last_workday_on", "done_on",
)  # fmt: skip


class AreaCell(NamedTuple):
    """職责 cell: `done` items with accepted progress of `total` that apply; `light` is the worst
    of the assignments that belong to the area (Light.NOT_APPLICABLE when there is nothing to show)."""

    area: DutyArea
    done: int
    total: int
    light: Light

    @property
    def text(self) -> str:
        return f"{self.done}/{self.total}" if self.total else ""

    @property
    def state(self) -> Light:
        """The light to show: the exception of the area's assignments, else how far its items are."""
        if self.light in EXCEPTIONS:
            return self.light
        if not self.total:
            return self.light
        return Light.DONE if self.done >= self.total else Light.NORMAL


class Cell(NamedTuple):
    """要求 cell: one obligation of one body, by the key of its assignment; None stands where the
    obligation does not bind it."""

    assignment_id: int
    done: int
    quantity: int
    light: Light

    @property
    def text(self) -> str:
        return f"{self.done}/{self.quantity}"


@dataclass(frozen=True)
class Row:
    enrolment: Enrolment
    areas: list[AreaCell]
    cells: list[Cell | None]

    @property
    def lights(self) -> list[Light]:
        return [cell.light for cell in self.cells if cell] + [cell.light for cell in self.areas]

    @property
    def worst(self) -> Light:
        return worst(self.lights)


@dataclass(frozen=True)
class Group:
    """Rows of one kind of body, in the document's order; nameless slots are only counted."""

    kind: UnitKind
    rows: list[Row]
    slots: int

    @property
    def size(self) -> int:
        return len(self.rows) + self.slots


@dataclass(frozen=True)
class Matrix:
    """What the overview shows. A programme without areas has no area columns. `counted_on` is the
    day of a source that only gives a number: who took part before it is not known."""

    programme: Programme
    areas: list[DutyArea]
    obligations: list[Obligation]
    groups: list[Group]
    rule: LightRule
    counted_on: date | None = None

    @property
    def size(self) -> int:
        return sum(group.size for group in self.groups)


def worst(lights: Iterable[Light]) -> Light:
    return min(lights, key=URGENCY.__getitem__, default=Light.NOT_APPLICABLE)


def matrix(
    programme: Programme,
    *,
    user: Any,
    rule: LightRule,
    kind: str = "",
    search: str = "",
    only_exceptions: bool = False,
) -> Matrix:
    """The matrix on the rule's day, of the bodies that `user` may see."""
    enrolments = _enrolments(programme, user=user, on=rule.on, kind=kind, search=search)
    areas, obligations, rows = rows_of(programme, enrolments, user=user, rule=rule)
    if only_exceptions:
        rows = [row for row in rows if row.worst in EXCEPTIONS]
    counted = [
        row.cohort.as_of
        for row in enrolments
        if row.starts_on is None and row.cohort and row.cohort.as_of
    ]
    return Matrix(programme, areas, obligations, _groups(rows), rule, min(counted, default=None))


def rows_of(
    programme: Programme, enrolments: list[Enrolment], *, user: Any, rule: LightRule
) -> tuple[list[DutyArea], list[Obligation], list[Row]]:
    """Areas and demands of the programme, and a row for each of the given parts in it."""
    areas = list(programme.areas.filter(withdrawn_on=None).defer("loaded"))
    obligations = list(
        Obligation.objects.visible_to(user)
        .filter(programme=programme, parts__contains=["pilot"])
        .in_force()
        .defer("loaded")
    )
    cells = _cells(enrolments, rule)
    counts = _area_counts(areas, enrolments, rule.on)
    rows = [_row(enrolment, areas, obligations, cells, counts) for enrolment in enrolments]
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


def _cells(enrolments: list[Enrolment], rule: LightRule) -> dict[tuple[int, int], Cell]:
    """Worst cell per (body, obligation): with several occurrences the most urgent one shows."""
    found: dict[tuple[int, int], Cell] = {}
    rows = Assignment.rows.filter(enrolment__in=[row.pk for row in enrolments], status__in=COUNTED)
    facts = rows.with_done(rule.on).order_by("occurrence", "pk").values_list(*FACTS, named=True)
    # Plain tuples: a thousand model instances would cost more than the rest of the page.
    for row in facts:
        done = min(row.done_count, row.quantity)
        cell = Cell(row.pk, done, row.quantity, rule.light_of(row))
        key = (row.enrolment_id, row.obligation_id)
        if key not in found or URGENCY[cell.light] <= URGENCY[found[key].light]:
            found[key] = cell
    return found


def _area_counts(
    areas: list[DutyArea], enrolments: list[Enrolment], on: date
) -> dict[tuple[int, int], tuple[int, int]]:
    """(body, area) → (items with accepted progress, items that apply)."""
    if not areas:
        return {}
    items = DutyItem.rows.filter(area__in=areas, withdrawn_on=None)
    facts = list(items.values_list("pk", "area_id", "kinds"))
    named: dict[int, set[int]] = defaultdict(set)
    for item, unit in DutyItem.units.through.objects.filter(dutyitem__in=items).values_list(
        "dutyitem_id", "unit_id"
    ):
        named[item].add(unit)
    progress = set(
        ItemProgress.rows.live()
        .filter(enrolment__in=[row.pk for row in enrolments], happened_on__lte=on)
        .order_by()
        .values_list("enrolment_id", "item_id")
        .distinct()
    )
    counts: dict[tuple[int, int], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for enrolment in enrolments:
        kind = enrolment.kind or enrolment.unit.kind
        for item, area, kinds in facts:
            if _binds(kinds, named.get(item, ()), enrolment.unit_id, kind):
                done, total = counts[enrolment.pk, area]
                done += (enrolment.pk, item) in progress
                counts[enrolment.pk, area] = (done, total + 1)
    return counts


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
    cells: dict[tuple[int, int], Cell],
    counts: dict[tuple[int, int], tuple[int, int]],
) -> Row:
    mine = [cells.get((enrolment.pk, obligation.pk)) for obligation in obligations]
    by_area: dict[int, list[Light]] = defaultdict(list)
    for obligation, cell in zip(obligations, mine, strict=True):
        if cell and obligation.area_id:
            by_area[obligation.area_id].append(cell.light)
    area_cells = [
        AreaCell(area, *counts.get((enrolment.pk, area.pk), (0, 0)), worst(by_area[area.pk]))
        for area in areas
    ]
    return Row(enrolment, area_cells, mine)


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
