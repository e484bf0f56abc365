"""Rows of one model beside what a pack wants: compared in memory, written set-wise.

A field that still equals `loaded` follows the pack; any other was changed here, is kept, and is
listed as a conflict. Rows that left the pack get `withdrawn_on`; nothing is deleted (house.md §4.5).
"""

from collections.abc import Collection, Hashable, Iterable, Mapping
from datetime import date
from typing import Any, Protocol

from django.db import models

from .difference import Difference, Kind

EMPTY: tuple[Any, ...] = (None, "", [], {}, 0, False)
Detail = tuple[str, Any, Any]  # field, value now, value of the pack


class Link:
    """A foreign key written as a code. `ids` may still grow while rows are being made."""

    def __init__(self, ids: Mapping[str, int]) -> None:
        self.ids = dict(ids)
        self._codes: dict[int, str] = {}

    def code(self, pk: int | None) -> str | None:
        if len(self._codes) != len(self.ids):
            self._codes = {each: code for code, each in self.ids.items()}
        return None if pk is None else self._codes.get(pk)


class Side(Protocol):
    """A value of a row that lies in other tables: many-to-many, names."""

    def current(self, row: Any) -> Any: ...

    def write(self, values: list[tuple[Any, Any]]) -> None: ...


class Many:
    """A many-to-many relation, written as a sorted list of codes."""

    def __init__(self, relation: Any, link: Link, rows: Iterable[models.Model]) -> None:
        self.through, self.link = relation.through, link
        field = relation.field
        self.source, self.target = (
            f"{field.m2m_field_name()}_id",
            f"{field.m2m_reverse_field_name()}_id",
        )
        present = self.through.objects.filter(**{f"{self.source}__in": [row.pk for row in rows]})
        self.present: dict[int, list[int]] = {}
        for source, target in present.values_list(self.source, self.target):
            self.present.setdefault(source, []).append(target)
        named = {target for targets in self.present.values() for target in targets}
        targets = field.remote_field.model._base_manager.filter(pk__in=named)
        link.ids |= dict(targets.values_list("code", "pk"))

    def current(self, row: Any) -> list[str]:
        codes = (self.link.code(pk) for pk in self.present.get(row.pk, []))
        return sorted(code or "" for code in codes)

    def write(self, values: list[tuple[Any, Any]]) -> None:
        old = [row.pk for row, _codes in values if self.present.get(row.pk)]
        if old:
            self.through.objects.filter(**{f"{self.source}__in": old}).delete()
        pairs = [
            self.through(**{self.source: row.pk, self.target: self.link.ids[code]})
            for row, codes in values
            for code in codes
        ]
        if pairs:
            self.through.objects.bulk_create(pairs)


class Table:
    """The rows of `model` that a pack manages. Call `want` for each entry, then `write` once.

    `present` are the rows that exist, by a key of the caller's; `links` tells which fields are
    foreign keys written as codes, `sides` which values lie in other tables; `grows` is a link that
    learns the rows of this table as they are written.
    """

    def __init__(
        self,
        model: type[models.Model],
        present: Mapping[Any, Any],
        difference: Difference,
        on: date,
        *,
        links: Mapping[str, Link] | None = None,
        sides: Mapping[str, Side] | None = None,
        grows: Link | None = None,
    ) -> None:
        self.model, self.difference, self.on = model, difference, on
        self.present = dict(present)
        self.links, self.sides, self.grows = links or {}, sides or {}, grows
        self.rows: dict[Hashable, Any] = {}
        self._new: list[Any] = []
        self._old: list[Any] = []
        self._fields: set[str] = set()
        self._staged: dict[str, list[tuple[Any, Any]]] = {name: [] for name in self.sides}

    def want(
        self,
        key: Hashable,
        values: Mapping[str, Any],
        *,
        leave: Collection[str] = (),
        **fixed: Any,
    ) -> Any:
        """One entry of the pack: `values` as JSON knows them, `fixed` for a row that is new, fields
        in `leave` stay as they are without being called a conflict. Returns the row."""
        row = self.present.pop(key, None)
        if row is None:
            row = self._make(values, fixed)
        else:
            self._follow(row, values, leave)
        self.rows[key] = row
        return row

    def write(self, *, withdraw: bool = True) -> None:
        """Write everything; with `withdraw`, managed rows that nobody wanted are withdrawn."""
        if withdraw:
            for row in self.present.values():
                self._withdraw(row)
        manager = self.model._base_manager
        if self._new:
            manager.bulk_create(self._new)
        if self._old:
            manager.bulk_update(self._old, sorted(self._fields | {"loaded"}))
        if self.grows is not None:
            self.grows.ids |= {row.code: row.pk for row in self.rows.values()}
        for name, values in self._staged.items():
            if values:
                self.sides[name].write(values)

    def changed(self) -> list[Any]:
        """Rows whose fields this load changes, withdrawals included."""
        return list(self._old)

    def _make(self, values: Mapping[str, Any], fixed: Mapping[str, Any]) -> Any:
        row: Any = self.model(**fixed)
        for name, value in values.items():
            self._put(row, name, value)
        row.loaded = dict(values)
        self._new.append(row)
        self.difference.add(Kind.ADDED, self.model, label(row))
        return row

    def _follow(self, row: Any, values: Mapping[str, Any], leave: Collection[str]) -> None:
        loaded, taken, kept = self._compare(row, values, leave)
        restored = self._restore(row, loaded, kept)
        for name, _now, wanted in taken:
            self._put(row, name, wanted)
            self._fields |= {name} - self.sides.keys()
        if taken:
            self.difference.add(Kind.CHANGED, self.model, label(row), tuple(taken))
        if kept:
            self.difference.add(Kind.CONFLICT, self.model, label(row), tuple(kept))
        if taken or restored or loaded != row.loaded:
            self.difference.adopted += not (taken or restored)
            self._mark(row, loaded, is_seen=bool(taken or restored))

    def _compare(
        self, row: Any, values: Mapping[str, Any], leave: Collection[str]
    ) -> tuple[dict[str, Any], list[Detail], list[Detail]]:
        """What `loaded` becomes, which fields follow the pack, and which are kept."""
        loaded, taken, kept = dict(row.loaded), [], []
        for name, wanted in values.items():
            now = self._get(row, name)
            if name in leave:
                continue
            follows = (loaded[name] == now) if name in loaded else (now in EMPTY)
            if now != wanted and not follows:
                kept.append((name, now, wanted))
                continue
            if now != wanted:
                taken.append((name, now, wanted))
            loaded[name] = wanted
        return loaded, taken, kept

    def _restore(self, row: Any, loaded: dict[str, Any], kept: list[Detail]) -> bool:
        """A row that a former version of the pack withdrew comes back; one withdrawn by hand stays."""
        if row.withdrawn_on is None:
            return False
        if loaded.pop("withdrawn_on", None) != row.withdrawn_on.isoformat():
            kept.append(("withdrawn_on", row.withdrawn_on.isoformat(), None))
            return False
        row.withdrawn_on = None
        self._fields.add("withdrawn_on")
        self.difference.add(Kind.RESTORED, self.model, label(row))
        return True

    def _withdraw(self, row: Any) -> None:
        if not row.loaded or row.withdrawn_on is not None:
            return
        row.withdrawn_on = self.on
        self._fields.add("withdrawn_on")
        self.difference.add(Kind.WITHDRAWN, self.model, label(row))
        self._mark(row, {**row.loaded, "withdrawn_on": self.on.isoformat()})

    def _mark(self, row: Any, loaded: dict[str, Any], *, is_seen: bool = True) -> None:
        row.loaded = loaded
        if is_seen and hasattr(row, "version"):
            row.version += 1
            self._fields.add("version")
        self._old.append(row)

    def _get(self, row: Any, name: str) -> Any:
        if name in self.sides:
            return self.sides[name].current(row)
        if name in self.links:
            pk = getattr(row, f"{name}_id")
            # A row that the pack does not know must not pass for an empty value.
            return self.links[name].code(pk) or (f"#{pk}" if pk else None)
        value = getattr(row, name)
        return value.isoformat() if isinstance(value, date) else value

    def _put(self, row: Any, name: str, value: Any) -> None:
        if name in self.sides:
            self._staged[name].append((row, value))
            return
        if name in self.links:
            setattr(row, f"{name}_id", self.links[name].ids[value] if value else None)
        else:
            field: Any = self.model._meta.get_field(name)
            setattr(row, name, field.to_python(value))


def label(row: Any) -> str:
    """The row's code; an enrolment has none and is told by its unit and part."""
    code = getattr(row, "code", None)
    return str(code or f"{row.loaded.get('unit')}/{row.loaded.get('part')}")


def plain(entry: Any, *names: str) -> dict[str, Any]:
    """Values of a schema entry as JSON and the columns know them: an empty date is None, an empty
    text is ""."""
    dumped = entry.model_dump(mode="json", include=set(names))
    return {
        name: "" if dumped[name] is None and not name.endswith("_on") else dumped[name]
        for name in names
    }
