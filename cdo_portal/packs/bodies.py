"""Loading bodies: units with their names, numbered slots, successions."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from pilots.models import Succession, Unit

from . import codes
from .difference import Difference, Kind
from .names import Names, named, names_of
from .rows import Link, Table, plain
from .schema import Bodies, Body, Pack, SlotGroup, SuccessionEntry


def load_bodies(content: Bodies | Pack, difference: Difference, on: date) -> None:
    """Write the bodies of a file. A body that left the file stays: others may stand on it."""
    section = _Section(content, difference, on)
    for level in levels(content.bodies):
        section.write_level(level)
    section.write_slots(content.slots)
    _succeed(content.successions, difference)


def levels(bodies: Sequence[Body]) -> Iterable[list[Body]]:
    """Bodies in rounds, such that a parent in the same file comes a round before its children.
    Bodies that are each other's parents come last, together, and the database refuses them."""
    waiting = {body.code: body for body in bodies}
    while waiting:
        ready = [body for body in waiting.values() if body.parent not in waiting]
        ready = ready or list(waiting.values())
        yield ready
        for body in ready:
            del waiting[body.code]


class _Section:
    """The bodies of one file beside the units that exist."""

    def __init__(self, content: Bodies | Pack, difference: Difference, on: date) -> None:
        self.difference, self.on = difference, on
        wanted = [body.code for body in content.bodies]
        wanted += [
            code for group in content.slots for code in codes.of_slots(group.code, group.count)
        ]
        rows = Unit.rows.select_for_update().filter(code__in=wanted)
        self.present = {row.code: row for row in rows}
        parents = [body.parent for body in content.bodies if body.parent]
        self.parents = Link(dict(Unit.rows.filter(code__in=parents).values_list("code", "pk")))
        self.names = Names(row.pk for row in self.present.values())

    def _table(self, codes_: Iterable[str], **options: Any) -> Table:
        mine = {code: self.present[code] for code in codes_ if code in self.present}
        sides = {"names": self.names}
        return Table(Unit, mine, self.difference, self.on, sides=sides, **options)

    def write_level(self, bodies: list[Body]) -> None:
        table = self._table(
            (body.code for body in bodies), links={"parent": self.parents}, grows=self.parents
        )
        for body in bodies:
            values = {
                **plain(body, "kind", "established_on", "ceased_on", "source"),
                "region_code": body.region_code or body.code[:6],
                "parent": body.parent,
                "credit_code": body.credit_code,
                "is_slot": False,
                "names": names_of(body),
            }
            table.want(body.code, values, leave=self._unmovable(body), code=body.code)
        table.write(withdraw=False)

    def _unmovable(self, body: Body) -> set[str]:
        row, wanted = self.present.get(body.code), names_of(body)
        if row is None or self.names.can_become(row, wanted):
            return set()
        detail = ("names", _said(self.names.current(row)), _said(wanted))
        self.difference.add(Kind.CONFLICT, Unit, row.code, (detail,))
        return {"names"}

    def write_slots(self, groups: Sequence[SlotGroup]) -> None:
        """Numbered places. One that was named or identified meanwhile belongs to the bureau."""
        places = [
            (code, f"{number:02}" if group.count > 1 else "", group)
            for group in groups
            for number, code in enumerate(codes.of_slots(group.code, group.count), start=1)
        ]
        table = self._table(code for code, _mark, _group in places)
        for code, mark, group in places:
            row = self.present.get(code)
            if row is not None and (not row.is_slot or row.ceased_on is not None):
                continue
            english = f"{group.name_en} {mark}".strip() if group.name_en else None
            values = {
                **plain(group, "kind", "source"),
                "region_code": group.code[:6],
                "is_slot": True,
                "names": [named(group.name + mark, group.short + mark, english, group.source)],
            }
            table.want(code, values, code=code)
        table.write(withdraw=False)


def _said(names: list[dict[str, Any]]) -> list[str]:
    return [
        f"{row['full_name']}（{row['starts_on'] or ''}—{row['ends_on'] or ''}）" for row in names
    ]


def _succeed(entries: Sequence[SuccessionEntry], difference: Difference) -> None:
    """Successions that are not there yet; one that is there belongs to the people who keep it."""
    named_codes = {code for entry in entries for code in (entry.from_, entry.to)}
    ids = dict(Unit.rows.filter(code__in=named_codes).values_list("code", "pk"))
    present = set(
        Succession.objects.filter(from_unit__in=ids.values()).values_list("from_unit", "to_unit")
    )
    new = [entry for entry in entries if (ids[entry.from_], ids[entry.to]) not in present]
    Succession.objects.bulk_create(
        Succession(
            from_unit_id=ids[entry.from_],
            to_unit_id=ids[entry.to],
            on=entry.happened_on,
            kind=entry.kind,
            note=entry.note or "",
        )
        for entry in new
    )
    for entry in new:
        difference.add(Kind.ADDED, Succession, f"{entry.from_} → {entry.to}")
