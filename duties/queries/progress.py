"""How far the bodies of a programme are in the items of one area."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from pilots.models import Enrolment

from ..models import DutyArea, DutyItem, ItemProgress
from .matrix import applies


@dataclass(frozen=True)
class ItemState:
    """One item: the newest live progress of each body that has some, and the bodies that have none."""

    item: DutyItem
    entries: list[ItemProgress]
    missing: list[Enrolment]

    @property
    def done(self) -> int:
        return len(self.entries)

    @property
    def total(self) -> int:
        return len(self.entries) + len(self.missing)


def bodies(area: DutyArea, *, user: Any, on: date) -> list[Enrolment]:
    """The pilots of the area's programme that `user` may see, in the document's order."""
    return list(
        Enrolment.objects.visible_to(user)
        .filter(programme=area.programme)
        .pilots()
        .standing(on)
        .in_document_order()
        .select_related("unit", "programme")
        .prefetch_related("unit__names")
    )


def item_states(area: DutyArea, enrolments: list[Enrolment], *, on: date) -> list[ItemState]:
    """Items of the area in order. Four queries, whatever the number of bodies."""
    items = area.items.filter(withdrawn_on=None).select_related("clause__document")
    rows = (
        ItemProgress.rows.live()
        .filter(item__area=area, enrolment__in=[row.pk for row in enrolments], happened_on__lte=on)
        .select_related("created_by")
        .order_by("happened_on", "id")
    )
    latest = {(row.item_id, row.enrolment_id): row for row in rows}
    places = {row.pk: row for row in enrolments}
    for entry in latest.values():
        entry.enrolment = places[entry.enrolment_id]
    return [
        _state(item, enrolments, latest)
        for item in items.prefetch_related("units").order_by("position", "id")
    ]


def _state(
    item: DutyItem, enrolments: list[Enrolment], latest: dict[tuple[int, int], ItemProgress]
) -> ItemState:
    bound = [row for row in enrolments if applies(item, row)]
    entries = [latest[item.pk, row.pk] for row in bound if (item.pk, row.pk) in latest]
    missing = [row for row in bound if (item.pk, row.pk) not in latest]
    return ItemState(item, entries, missing)
