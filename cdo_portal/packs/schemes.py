"""Loading schemes of indicators. A scheme is entered once; from then on it belongs to the people who set
its weights, and where a pack says something new, that is listed as a conflict."""

from collections.abc import Iterator, Sequence
from typing import Any

from evaluations import criteria
from evaluations.models import Scheme
from evaluations.queries.checking import Sketch
from evaluations.services import create_scheme
from pilots.models import Programme

from .difference import Difference, Kind
from .schema import IndicatorEntry, SchemeEntry, Schemes


def load_schemes(content: Schemes, difference: Difference, *, by: Any) -> None:
    """Enter those that are not there yet; one whose programme is not loaded waits for it."""
    programmes = {row.code: row for row in Programme.rows.all()}
    known = {row.code: row for row in Scheme.rows.all()}
    for entry in content.schemes:
        code = code_of(entry)
        if code in known:
            _compare(difference, known[code], entry)
        elif entry.programme is None or entry.programme in programmes:
            _enter(code, entry, programmes.get(entry.programme or ""), by=by)
            difference.add(Kind.ADDED, Scheme, code)


def code_of(entry: SchemeEntry) -> str:
    """`shenzhen-2021-scheme-five`; an example of no programme is `example-scheme-…`."""
    return f"{entry.programme or 'example'}-scheme-{entry.code}"


def _enter(code: str, entry: SchemeEntry, programme: Programme | None, *, by: Any) -> None:
    create_scheme(
        programme,
        entry.title,
        by=by,
        note=entry.note,
        sketches=list(sketches(entry.indicators)),
        code=code,
        is_example=entry.is_example,
        source=entry.source,
        loaded=said(entry),
    )


def said(entry: SchemeEntry) -> dict[str, Any]:
    """What the pack says, to be compared with what it said before."""
    return entry.model_dump(mode="json", exclude={"code", "programme"})


def _compare(difference: Difference, row: Scheme, entry: SchemeEntry) -> None:
    wanted = said(entry)
    if row.loaded != wanted:
        difference.add(Kind.CONFLICT, Scheme, row.code, (("title", row.title, entry.title),))


def sketches(entries: Sequence[IndicatorEntry], parent: str = "") -> Iterator[Sketch]:
    for entry in entries:
        yield Sketch(
            key=entry.code,
            name=entry.name,
            parent=parent,
            weight=entry.weight,
            source=entry.source_kind or "",
            rule=entry.rule or "",
            criteria=criteria.read(entry.rule, entry.criteria or "") if entry.rule else {},
            text=entry.text or "",
            needs_evidence=entry.needs_evidence,
            evidence_note=entry.evidence_note or "",
            basis=entry.basis or "",
        )
        yield from sketches(entry.children, entry.code)
