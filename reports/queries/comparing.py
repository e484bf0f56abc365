"""An edition, or the working copy, beside another one: section by section, field by field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..choices import DRAFTED, TEXTS, Completion, Field, Kind
from ..models import ReviewRemark
from .differences import GONE, SAME, Piece, are_alike, differences

# How a text stands to the earlier one.
ALONE, UNCHANGED, CHANGED, REWRITTEN, ADDED, EMPTIED = (
    "alone",  # nothing to compare with
    "unchanged",
    "changed",
    "rewritten",  # so different that marks would not help
    "added",
    "emptied",
)


@dataclass(frozen=True)
class Told:
    """One text of a section. `pieces` mark what changed; `origin` is the number of the report it was
    carried over from and stands as it was; `remarks` came back with it."""

    name: str
    label: str
    text: str
    before: str
    state: str
    pieces: list[Piece]
    origin: str = ""
    remarks: list[ReviewRemark] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        return self.state not in {UNCHANGED, ALONE}

    @property
    def is_drafted(self) -> bool:
        """Whether the portal put it together and nobody has changed it since."""
        return self.origin == DRAFTED


@dataclass(frozen=True)
class Number:
    """A key figure with that of the last period; both as they were written, None for none."""

    name: str
    unit: str
    value: str | None
    before: str | None
    has_before: bool

    @property
    def is_changed(self) -> bool:
        return self.has_before and self.value != self.before


@dataclass(frozen=True)
class Part:
    """One section as it is shown."""

    key: str
    heading: str
    is_chapter: bool
    completion: str
    completion_label: str
    items: list[str]
    texts: list[Told]
    figures: list[Number]
    evidence: list[dict[str, Any]]
    remarks: Mapping[str, list[ReviewRemark]]
    has_before: bool
    completion_before: str = ""

    @property
    def section_remarks(self) -> list[ReviewRemark]:
        """Remarks on the section as a whole."""
        return self.remarks.get("", [])

    @property
    def is_unchanged(self) -> bool:
        """Whether it says what was said last period."""
        same = all(text.state == UNCHANGED for text in self.texts if text.text or text.before)
        return self.has_before and same and not any(row.is_changed for row in self.figures)


def compared(
    content: Mapping[str, Any],
    before: Mapping[str, Any] | None,
    remarks: Iterable[ReviewRemark] = (),
) -> list[Part]:
    """The sections of `content` beside those of `before` with the same key."""
    earlier = {row["key"]: row for row in (before or {}).get("sections", ())}
    said: dict[str, dict[str, list[ReviewRemark]]] = {}
    for each in remarks:
        said.setdefault(each.section_key, {}).setdefault(each.field, []).append(each)
    is_whole = content.get("kind") == Kind.OVERALL
    return [
        _part(row, earlier.get(row["key"]), said.get(row["key"], {}), is_chapter=is_whole)
        for row in content["sections"]
    ]


def _part(
    row: Mapping[str, Any],
    before: Mapping[str, Any] | None,
    remarks: Mapping[str, list[ReviewRemark]],
    *,
    is_chapter: bool,
) -> Part:
    is_chapter = is_chapter or not row["area"]
    names = (Field.BODY,) if is_chapter else TEXTS
    return Part(
        key=row["key"],
        heading=row["heading"],
        is_chapter=is_chapter,
        completion=row["completion"],
        completion_label=_completion(row["completion"]),
        items=[item["name"] for item in row["items"]],
        texts=[_told(row, before, name, remarks.get(name, [])) for name in names],
        figures=_numbers(row, before),
        evidence=list(row["evidence"]),
        remarks=remarks,
        has_before=before is not None,
        completion_before=_completion(before["completion"]) if before else "",
    )


def _completion(value: str) -> str:
    return str(Completion(value).label) if value in Completion.values else ""


def _told(
    row: Mapping[str, Any],
    before: Mapping[str, Any] | None,
    name: Field,
    remarks: list[ReviewRemark],
) -> Told:
    text = row[name.value].strip()
    old = before[name.value].strip() if before is not None else ""
    state = _state(old, text, has_before=before is not None)
    pieces = differences(old, text) if state == CHANGED else [Piece(SAME, text)] if text else []
    if state == EMPTIED:
        pieces = [Piece(GONE, old)]
    origin = row["origins"].get(name.value, "")
    return Told(name.value, str(name.label), text, old, state, pieces, origin, remarks)


def _state(old: str, new: str, *, has_before: bool) -> str:
    if not has_before:
        return ALONE
    if old == new:
        return UNCHANGED
    if not old:
        return ADDED
    if not new:
        return EMPTIED
    return CHANGED if are_alike(old, new) else REWRITTEN


def _numbers(row: Mapping[str, Any], before: Mapping[str, Any] | None) -> list[Number]:
    known = {each["name"]: each["value"] for each in before["figures"]} if before else {}
    return [
        Number(
            each["name"],
            each["unit"],
            each["value"],
            known.get(each["name"]),
            each["name"] in known,
        )
        for each in row["figures"]
    ]
