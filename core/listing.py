"""What the head and foot of a list need from the address: chips, sort links, page links.

All state of a list is in its address (ux.md §1.8); these functions only rewrite it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.forms import BooleanField, Form
from django.http import QueryDict
from django.utils.translation import gettext as _

PAGE_SIZES = (20, 50, 100)
LONGEST_NUMBER = 18  # digits of a bigint
EDGE = 2  # page links kept at both ends and around the current page


@dataclass(frozen=True)
class Chip:
    """One applied filter: its name, the value in words, and the address without it."""

    label: str
    value: str
    query: str


@dataclass(frozen=True)
class SortLink:
    query: str
    direction: str


@dataclass(frozen=True)
class PageLink:
    number: int  # 0 stands for a gap
    query: str
    is_current: bool = False


@dataclass(frozen=True)
class Kept:
    """What of an address is kept under a name: `query` without `?`, in one order of parameters, so
    that equal states are equal texts; `unknown` are names that the page does not know."""

    query: str
    unknown: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.query)


def kept(query: QueryDict, known: Iterable[str], blank: Iterable[str] = ()) -> Kept:
    """The parameters of `query` that are `known`, without those left empty, but for the names of
    `blank`, where nothing chosen is a choice (`?programme=` asks for every programme). The number
    of the page is never kept."""
    names, blanks, copy = set(known), set(blank), QueryDict(mutable=True)
    for name in sorted(names & set(query)):
        values = sorted({value for value in query.getlist(name) if value.strip()})
        if values or name in blanks:
            copy.setlist(name, values or [""])
    return Kept(copy.urlencode(), tuple(sorted(set(query) - names - {"page"})))


def whole_number(text: str) -> int | None:
    """The number that `text` writes in plain digits; None for anything else, and for one that no
    column holds."""
    plain = text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
    return int(text) if plain else None


def rewrite(query: QueryDict, **changes: Any) -> str:
    """`?…` with parameters replaced, and with those that become None left out."""
    copy = query.copy()
    for name, value in changes.items():
        copy.pop(name, None)
        if value is not None:
            copy[name] = str(value)
    return f"?{copy.urlencode()}"


def cleared(query: QueryDict, keep: Iterable[str], defaults: Iterable[str] = ()) -> str:
    """`?…` with only the parameters of `keep`, which are no filter, and those of `defaults` asked
    for as empty."""
    copy = QueryDict(mutable=True)
    for name in defaults:
        copy[name] = ""
    for name in keep:
        if name in query:
            copy.setlist(name, query.getlist(name))
    return f"?{copy.urlencode()}"


def sort_link(query: QueryDict, field: str, param: str) -> SortLink:
    """Link of a header: ascending first, then the other way round; back to page one."""
    current = query.get(param, "").split(",")[0]
    direction = {field: "ascending", f"-{field}": "descending"}.get(current, "")
    target = f"-{field}" if direction == "ascending" else field
    return SortLink(rewrite(query, **{param: target, "page": None}), direction)


def page_links(query: QueryDict, number: int, last: int) -> list[PageLink]:
    """Links 1 2 … 7 8 9 … 20 21; number 0 is a gap. Empty while one page holds all."""
    if last <= 1:
        return []
    shown = sorted(
        page
        for page in range(1, last + 1)
        if page <= EDGE or page > last - EDGE or abs(page - number) < EDGE
    )
    links: list[PageLink] = []
    for page in shown:
        if links and page - links[-1].number > 1:
            links.append(PageLink(0, ""))
        links.append(PageLink(page, rewrite(query, page=page), page == number))
    return links


def page_sizes(query: QueryDict, current: int, count: int) -> list[PageLink]:
    """Links to other page sizes, none when the smallest size holds all."""
    if count <= PAGE_SIZES[0]:
        return []
    return [
        PageLink(size, rewrite(query, page_size=size, page=None), size == current)
        for size in PAGE_SIZES
    ]


def applied(
    form: Form, query: QueryDict, keep: Iterable[str] = (), defaults: Iterable[str] = ()
) -> list[Chip]:
    """Chips of a bound filter form: one for each value that narrows the list. Those of `defaults`
    narrow without standing in the address; taken off, they are asked for as empty."""
    if not form.is_bound:
        return []
    form.errors  # noqa: B018 - runs the cleaning that the words below read
    full, names = query.copy(), tuple(defaults)
    for name in names:
        if name not in query and form.data.get(name):
            full[name] = form.data[name]
    found: list[Chip] = []
    for bound in form:
        if bound.name in keep or bound.is_hidden:
            continue
        chips = _chips_of(bound, full)
        if bound.name in names:
            bare = rewrite(query, **{bound.name: "", "page": None})
            chips = [replace(chip, query=bare) for chip in chips]
        found += chips
    return found


def _chips_of(bound: Any, query: QueryDict) -> list[Chip]:
    names = _parameters(bound.name, query)
    raw = [value for name in names for value in query.getlist(name) if value.strip()]
    if not raw or bound.name in bound.form.errors:
        return []
    if isinstance(bound.field, BooleanField):
        return [Chip("", str(bound.label), rewrite(query, **dict.fromkeys(names), page=None))]
    if len(names) > 1 or len(raw) == 1:
        words = _("～").join(_word(bound, value) for value in raw)
        return [Chip(str(bound.label), words, rewrite(query, **dict.fromkeys(names), page=None))]
    return [
        Chip(str(bound.label), _word(bound, value), _without(query, names[0], value))
        for value in raw
    ]


def _parameters(name: str, query: QueryDict) -> list[str]:
    """The parameters of a field: its name, or for a range name_after, name_min and the like."""
    ends = ("_after", "_before", "_min", "_max", "_0", "_1")
    return [key for key in query if key == name or key in {name + end for end in ends}]


def _without(query: QueryDict, name: str, value: str) -> str:
    copy = query.copy()
    copy.setlist(name, [other for other in copy.getlist(name) if other != value])
    copy.pop("page", None)
    return f"?{copy.urlencode()}"


def _word(bound: Any, value: str) -> str:
    """The label of a chosen value, or what was typed."""
    for key, label in _flat(getattr(bound.field, "choices", ()) or ()):
        if str(key) == value:
            return str(label)
    return value or _("空")


def _flat(choices: Iterable[Any]) -> Iterable[tuple[Any, Any]]:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield key, label
