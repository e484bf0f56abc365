"""Loading one programme: the scheme itself, its documents and clauses, who takes part."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from pilots.choices import Certainty
from pilots.models import Clause, Cohort, Enrolment, PolicyDocument, Programme, Unit

from . import codes
from .difference import Difference
from .rows import Link, Many, Table, plain
from .schema import PROVISIONS, EnrolmentEntry, Pack, PostRuleEntry

SELF = "self"  # of who appoints or removes: the body itself
DOCUMENT = (
    "title", "aliases", "number", "issuer", "addressees", "signed_on", "published_on",
    "in_force_on", "date_note", "note", "source",
)  # fmt: skip


class Load:
    """What the sections of one load share: the pack, the difference that grows, the day, and the
    links from codes to rows, which one section fills for the next."""

    def __init__(self, pack: Pack, difference: Difference, on: date) -> None:
        self.pack, self.difference, self.on = pack, difference, on
        self.code = pack.programme.code
        self.programme: Programme
        self.units = Link(_unit_ids(pack))
        self.documents, self.clauses = Link({}), Link({})
        self.cohorts, self.areas = Link({}), Link({})

    def table(self, model: Any, present: dict[Any, Any], **options: Any) -> Table:
        return Table(model, present, self.difference, self.on, **options)

    def clause(self, reference: str | None) -> str | None:
        return codes.of_clause(self.code, reference) if reference else None


def _unit_ids(pack: Pack) -> dict[str, int]:
    """Units that the pack names, members of its groups of slots, and those enrolled so far."""
    named = {code for row in pack.enrolments for code in (row.unit, row.handled_by)}
    named |= {code for area in pack.areas for item in area.items for code in item.units}
    named |= {code for row in pack.obligations for code in (*row.units, row.received_by)}
    named |= {code for row in pack.post_rules for code in (*row.units, *authorities(row))}
    named |= {row.unit for row in pack.holders}
    ids = dict(Unit.rows.filter(code__in=named - {None}).values_list("code", "pk"))
    for entry in pack.enrolments:
        if entry.slots:
            members = Unit.rows.filter(code__startswith=entry.slots)
            ids |= dict(members.values_list("code", "pk"))
    enrolled = Enrolment.rows.filter(programme__code=pack.programme.code)
    return ids | dict(enrolled.values_list("unit__code", "unit_id"))


def authorities(rule: PostRuleEntry) -> tuple[str | None, ...]:
    """Codes of who appoints, removes and takes filings; None where no source says, and for the body
    itself."""
    given = (rule.appointed_by, rule.removed_by, rule.filed_at)
    return tuple(None if code == SELF else code for code in given)


def load_pilots(load: Load) -> None:
    """Write what belongs to the step of programmes and units."""
    _programme(load)
    _documents(load)
    _clauses(load)
    _cohorts(load)
    _enrolments(load)


def _programme(load: Load) -> None:
    entry = load.pack.programme
    rows = Programme.rows.select_for_update().filter(code=entry.code)
    table = load.table(Programme, {row.code: row for row in rows})
    values = plain(
        entry, "name", "short_name", "name_en", "region_code", "region_name", "position", "source"
    )
    values["provisions"] = _provisions(load)
    load.programme = table.want(entry.code, values, code=entry.code)
    table.write()


def _provisions(load: Load) -> dict[str, Any]:
    """The other sections as they stand, with the global codes of their clauses."""
    sections = load.pack.model_dump(mode="json", include=set(PROVISIONS), exclude_defaults=True)
    for entries in sections.values():
        for entry in entries:
            if "clause" in entry:
                entry["clause"] = load.clause(entry["clause"])
    return sections


def _documents(load: Load) -> None:
    pack, code = load.pack, load.code
    foreign = {codes.of_document(code, ref) for row in pack.documents for ref in row.based_on}
    link = load.documents
    link.ids |= dict(PolicyDocument.rows.filter(code__in=foreign).values_list("code", "pk"))
    rows = PolicyDocument.rows.select_for_update().filter(programme=load.programme)
    present = {row.code: row for row in rows}
    sides = {"based_on": Many(PolicyDocument.based_on, link, present.values())}
    table = load.table(PolicyDocument, present, sides=sides, grows=link)
    for position, entry in enumerate(pack.documents, start=1):
        values = plain(entry, *DOCUMENT) | {"position": position}
        values["based_on"] = sorted(codes.of_document(code, ref) for ref in entry.based_on)
        own = codes.of_document(code, entry.code)
        table.want(own, values, code=own, programme=load.programme)
    table.write()


def _clauses(load: Load) -> None:
    rows = Clause.rows.select_for_update().filter(document__programme=load.programme)
    table = load.table(Clause, {row.code: row for row in rows}, grows=load.clauses)
    for document in load.pack.documents:
        owner = load.documents.ids[codes.of_document(load.code, document.code)]
        for position, entry in enumerate(document.clauses, start=1):
            values = plain(entry, "label", "heading", "text", "is_quoted", "source")
            own = codes.of_clause(load.code, f"{document.code}.{entry.code}")
            table.want(own, values | {"position": position}, code=own, document_id=owner)
    table.write()


def _cohorts(load: Load) -> None:
    rows = Cohort.objects.select_for_update().filter(programme=load.programme)
    table = load.table(Cohort, {row.code: row for row in rows}, grows=load.cohorts)
    for position, entry in enumerate(load.pack.cohorts, start=1):
        values = plain(entry, "name", "expected", "total", "as_of", "note", "source")
        values |= {"as_of": values["as_of"] or None, "position": position}
        own = codes.of_part(load.code, entry.code)
        table.want(own, values, code=own, programme=load.programme)
    table.write()


# --- enrolments ----------------------------------------------------------------------------------


def _enrolments(load: Load) -> None:
    links = {"unit": load.units, "handled_by": load.units, "cohort": load.cohorts}
    present = _present(load)
    table = load.table(Enrolment, present, links=links)
    turns: dict[tuple[str, str], int] = defaultdict(int)
    position = 0
    for entry in load.pack.enrolments:
        for unit in _members(entry, load.units):
            position += 1
            turn = turns[(unit, entry.part)]
            turns[(unit, entry.part)] += 1
            key = (unit, str(entry.part), turn)
            values = _enrolment(load, entry, unit) | {"position": position}
            leave = {"unit", "certainty"} if _is_identified(present.get(key), entry) else ()
            table.want(key, values, leave=leave, programme=load.programme)
    table.write()


def _present(load: Load) -> dict[Any, Enrolment]:
    """Enrolments by the unit and part they were loaded with: a slot that was identified points to
    another unit now, and is still the slot of the pack. The third of the key counts periods."""
    rows = Enrolment.rows.select_for_update().filter(programme=load.programme)
    found: dict[Any, Enrolment] = {}
    turns: dict[tuple[str, str], int] = defaultdict(int)
    for row in sorted(rows, key=lambda row: (row.starts_on or date.min, row.pk)):
        unit = row.loaded.get("unit") or load.units.code(row.unit_id) or ""
        key = (unit, row.loaded.get("part") or row.part)
        found[(*key, turns[key])] = row
        turns[key] += 1
    return found


def _members(entry: EnrolmentEntry, units: Link) -> Iterable[str]:
    return codes.in_slots(entry.slots, units.ids) if entry.slots else [str(entry.unit)]


def _is_identified(row: Enrolment | None, entry: EnrolmentEntry) -> bool:
    return bool(row and entry.slots and row.certainty != Certainty.SLOT)


def _enrolment(load: Load, entry: EnrolmentEntry, unit: str) -> dict[str, Any]:
    values = plain(entry, "part", "kind", "starts_on", "ends_on", "source")
    return values | {
        "unit": unit,
        "certainty": Certainty.SLOT.value if entry.slots else entry.certainty.value,
        "cohort": codes.of_part(load.code, entry.cohort) if entry.cohort else None,
        "handled_by": entry.handled_by,
    }
