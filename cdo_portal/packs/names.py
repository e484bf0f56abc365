"""Names of units through time, as one value of the unit: a list in order of time."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from pilots.models import UnitName

from .schema import Body

FIELDS = ("full_name", "short_name", "name_en", "starts_on", "ends_on", "basis")


def names_of(body: Body) -> list[dict[str, Any]]:
    """What the pack says of a body's names, in the form that `Names.current` gives."""
    if not body.names:
        return [named(body.name, body.short, body.name_en, _basis(body.note, body.source))]
    rows = sorted(body.names, key=lambda row: row.starts_on or date.min)
    return [
        named(
            row.name,
            row.short,
            row.name_en or body.name_en,
            _basis(row.date_note or body.note, row.source),
            starts_on=row.starts_on.isoformat() if row.starts_on else None,
            ends_on=row.ends_on.isoformat() if row.ends_on else None,
        )
        for row in rows
    ]


def named(
    full: str | None, short: str | None, english: str | None, basis: str, **period: str | None
) -> dict[str, Any]:
    """One name; `period` gives starts_on and ends_on in ISO notation, open when left out."""
    facts = {"full_name": full, "short_name": short, "name_en": english or "", "basis": basis}
    return facts | {"starts_on": None, "ends_on": None} | period


def _basis(note: str | None, source: str) -> str:
    return f"{note}（{source}）" if note else source


class Names:
    """The side of `Table` that reads and writes names."""

    def __init__(self, unit_ids: Iterable[int]) -> None:
        self.present: dict[int, list[UnitName]] = {}
        for row in UnitName.objects.filter(unit_id__in=list(unit_ids)):
            self.present.setdefault(row.unit_id, []).append(row)
        for rows in self.present.values():
            rows.sort(key=lambda row: row.starts_on or date.min)

    def current(self, unit: Any) -> list[dict[str, Any]]:
        return [
            {
                name: value.isoformat() if isinstance(value := getattr(row, name), date) else value
                for name in FIELDS
            }
            for row in self.present.get(unit.pk, [])
        ]

    def can_become(self, unit: Any, wanted: list[dict[str, Any]]) -> bool:
        """Whether the present names can turn into these without one being dropped or torn from its
        time; otherwise a person has to decide on the unit's page."""
        present = self.present.get(unit.pk, [])
        return len(wanted) >= len(present) and all(
            first <= last for first, last in map(_common, present, wanted)
        )

    def write(self, values: list[tuple[Any, Any]]) -> None:
        """Names are matched by their place in time: a corrected name is the same row, a further
        one is added."""
        old: list[tuple[UnitName, dict[str, Any]]] = []
        new: list[tuple[UnitName, dict[str, Any]]] = []
        for unit, wanted in values:
            present = self.present.get(unit.pk, [])
            for index, facts in enumerate(wanted):
                row = present[index] if index < len(present) else UnitName(unit=unit)
                (old if row.pk else new).append((row, facts))
        self._shrink(old)
        for row, facts in [*old, *new]:
            _fill(row, facts)
        UnitName.objects.bulk_update([row for row, _facts in old], [*FIELDS, "pinyin", "initials"])
        UnitName.objects.bulk_create([row for row, _facts in new])

    def _shrink(self, pairs: list[tuple[UnitName, dict[str, Any]]]) -> None:
        """First only what both the old and the new period hold: so no two names ever overlap on
        the way, which the database refuses row by row."""
        for row, facts in pairs:
            first, last = _common(row, facts)
            row.starts_on = None if first == date.min else first
            row.ends_on = None if last == date.max else last
        UnitName.objects.bulk_update([row for row, _facts in pairs], ["starts_on", "ends_on"])


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _common(row: UnitName, facts: dict[str, Any]) -> tuple[date, date]:
    """First and last day that the present and the wanted period have in common."""
    starts = (row.starts_on or date.min, _day(facts["starts_on"]) or date.min)
    ends = (row.ends_on or date.max, _day(facts["ends_on"]) or date.max)
    return max(starts), min(ends)


def _fill(row: UnitName, facts: dict[str, Any]) -> None:
    for name in ("starts_on", "ends_on"):
        setattr(row, name, _day(facts[name]))
    for name in ("full_name", "short_name", "name_en", "basis"):
        setattr(row, name, facts[name])
    row.spell()
