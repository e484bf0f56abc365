"""What the schema of one entry cannot see: codes used twice, references that lead nowhere.

Works on the tree, not on the schema's objects, so that one broken entry hides no other fault.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from . import codes
from .faults import Place, nearest
from .known import Known, programme_code
from .reading import Tree
from .schema import PROVISIONS
from .schema.words import document_number

CODED = (
    ("bodies",), ("slots",), ("documents",), ("cohorts",), ("areas",), ("areas", "items"),
    ("obligations",), ("posts",), ("post_rules",), ("holders",), *((name,) for name in PROVISIONS),
)  # fmt: skip
# Where a unit is named: list of entries, and the keys whose values are unit codes.
NAMING_UNITS = (
    (("bodies",), ("parent",)),
    (("successions",), ("from", "to")),
    (("enrolments",), ("unit", "handled_by")),
    (("areas", "items"), ("units",)),
    (("obligations",), ("units", "received_by")),
    (("post_rules",), ("units", "appointed_by", "removed_by", "filed_at")),
    (("holders",), ("unit",)),
)
NAMING_CLAUSES = (
    ("areas",), ("areas", "items"), ("obligations",), ("post_rules",),
    *((name,) for name in PROVISIONS),
)  # fmt: skip


def check(tree: Tree, known: Known) -> None:
    """Add every fault of this kind to the tree."""
    for each in (_codes, _units, _slots, _documents, _clauses, _locals, _sources, _enrolled_once):
        each(tree, known)
    for place, obligation in tree.each("obligations"):
        message = _("时限原话“%(words)s”不在所引条款的原文里。")
        in_clause(tree, place, obligation, "wording", message)
    for place, cohort in tree.each("cohorts"):
        _cohort(tree, known, place, cohort)


def _codes(tree: Tree, known: Known) -> None:
    for keys in CODED:
        _once(tree, tree.each(*keys))
    for place, _document in tree.each("documents"):
        _once(tree, (row for row in tree.each("documents", "clauses") if row[0][:2] == place))
    for place, body in tree.each("bodies"):
        _owned(tree, known, place, body, _("单位代码“%(code)s”已由%(file)s登记。"))
    for place, post in tree.each("posts"):
        _owned(tree, known, place, post, _("岗位代码“%(code)s”已由%(file)s登记。"))


def _owned(tree: Tree, known: Known, place: Place, entry: dict[str, Any], message: str) -> None:
    owner = known.owners.get(str(entry.get("code")), tree.name)
    if owner != tree.name:
        tree.fault((*place, "code"), message % {"code": entry.get("code"), "file": owner})


def _once(tree: Tree, entries: Iterable[tuple[Place, dict[str, Any]]]) -> None:
    seen: dict[str, Place] = {}
    for place, entry in entries:
        code = entry.get("code")
        if not isinstance(code, str):
            continue
        if code in seen:
            message = _("代码“%(code)s”在第%(line)s行已经用过。")
            fact = {"code": code, "line": tree.line((*seen[code], "code"))}
            tree.fault((*place, "code"), message % fact)
        seen.setdefault(code, place)


def _named(
    tree: Tree, where: Iterable[tuple[tuple[str, ...], tuple[str, ...]]]
) -> Iterator[tuple[Place, str]]:
    """Every text at the given keys, whether single or in a list, with its place."""
    for keys, names in where:
        for place, entry in tree.each(*keys):
            for name in names:
                value = entry.get(name)
                if isinstance(value, str):
                    yield (*place, name), value
                elif isinstance(value, list):
                    yield from (
                        ((*place, name, index), word)
                        for index, word in enumerate(value)
                        if isinstance(word, str)
                    )


def _units(tree: Tree, known: Known) -> None:
    for place, code in _named(tree, NAMING_UNITS):
        if code not in known.units and not (place[0] == "post_rules" and code == "self"):
            fact = {"code": code, "guess": nearest(code, known.units)}
            tree.fault(place, _("没有代码为“%(code)s”的单位%(guess)s。先在bodies里登记。") % fact)


def _slots(tree: Tree, known: Known) -> None:
    for place, group in _named(tree, [(("enrolments",), ("slots",))]):
        if not codes.in_slots(group, known.units):
            tree.fault(place, _("没有代码为“%(code)s”的待补名占位。") % {"code": group})


def _documents(tree: Tree, known: Known) -> None:
    programme = programme_code(tree)
    for place, reference in _named(tree, [(("documents",), ("based_on",))]):
        if codes.of_document(programme, reference) not in known.documents:
            message = _(
                "没有代码为“%(code)s”的文件；其他方案的文件写作“方案代码.文件代码”，且要先载入。"
            )
            tree.fault(place, message % {"code": reference})
    for place, document in tree.each("documents"):
        try:
            number = document_number(str(document.get("number") or ""))
        except ValueError:
            continue
        code = codes.of_document(programme, str(document.get("code")))
        if known.numbers.setdefault(number, code) != code:
            message = _("发文字号“%(number)s”已登记为文件“%(code)s”。")
            fact = {"number": number, "code": known.numbers[number]}
            tree.fault((*place, "number"), message % fact)


def clauses(tree: Tree) -> dict[str, dict[str, Any]]:
    """The clauses of the file by `document.clause`."""
    found = {}
    for place, clause in tree.each("documents", "clauses"):
        document = tree.data["documents"][place[1]]
        found[f"{document.get('code')}.{clause.get('code')}"] = clause
    return found


def _clauses(tree: Tree, _known: Known) -> None:
    present = clauses(tree)
    for place, reference in _named(tree, [(keys, ("clause",)) for keys in NAMING_CLAUSES]):
        if reference not in present:
            fact = {"code": reference, "guess": nearest(reference, present)}
            tree.fault(place, _("没有代码为“%(code)s”的条款%(guess)s。") % fact)


def _locals(tree: Tree, _known: Known) -> None:
    """References to cohorts and areas of the same file."""
    for keys, name, target, message in (
        (("enrolments",), "cohort", "cohorts", _("没有代码为“%(code)s”的批次%(guess)s。")),
        (("obligations",), "area", "areas", _("没有代码为“%(code)s”的职责%(guess)s。")),
    ):
        present = {str(entry.get("code")) for _place, entry in tree.each(target)}
        for place, code in _named(tree, [(keys, (name,))]):
            if code not in present:
                tree.fault(place, message % {"code": code, "guess": nearest(code, present)})


def _sources(tree: Tree, known: Known) -> None:
    def visit(place: Place, value: Any) -> None:
        if isinstance(value, list):
            for index, item in enumerate(value):
                visit((*place, index), item)
        elif isinstance(value, dict):
            _tags(tree, (*place, "source"), value, known.sources)
            for key, item in value.items():
                visit((*place, key), item)

    visit((), tree.data)


def _tags(tree: Tree, place: Place, entry: dict[str, Any], sources: dict[str, bool]) -> None:
    source = entry.get("source")
    tags = source.split() if isinstance(source, str) else []
    for tag in tags:
        if tag not in sources:
            fact = {"tag": tag, "guess": nearest(tag, sources)}
            tree.fault(place, _("来源“%(tag)s”没有在sources.yaml登记%(guess)s。") % fact)
    if len(tags) == 1 and sources.get(tags[0]):
        return
    if entry.get("is_quoted") == "true":
        message = _("逐字引用的条款只能有一个来源，且该来源可以引用；否则写is_quoted: false。")
        tree.fault((*place[:-1], "is_quoted"), message)
    if entry.get("quote"):
        message = _("quote（逐字引用的原话）只能有一个来源，且该来源可以引用；否则不写quote。")
        tree.fault((*place[:-1], "quote"), message)


def _enrolled_once(tree: Tree, _known: Known) -> None:
    """One body has one part only once at a time; periods of the same part must not meet."""
    seen: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for place, entry in tree.each("enrolments"):
        key = (str(entry.get("unit") or entry.get("slots")), str(entry.get("part")))
        if meets_another(seen.setdefault(key, []), entry, "starts_on"):
            message = _("“%(unit)s”的这种参与方式在同一时间写了两次。")
            tree.fault(place, message % {"unit": key[0]})


def meets_another(seen: list[tuple[str, str]], entry: dict[str, Any], *starts: str) -> bool:
    """Whether the period of an entry meets one of `seen`, which it joins; it begins at the first
    of the keys `starts` that is written."""
    first = next((str(entry[key]) for key in starts if entry.get(key)), "")
    last = str(entry.get("ends_on") or "9999")
    # Dates in this notation sort as text; the schema has complained about any other.
    meets = any(first <= end and begin <= last for begin, end in seen)
    seen.append((first, last))
    return meets


def in_clause(tree: Tree, place: Place, entry: dict[str, Any], key: str, message: str) -> None:
    """Words of a document stand in the clause that is quoted for them."""
    clause = clauses(tree).get(str(entry.get("clause")), {})
    words = entry.get(key)
    is_quoted = clause.get("is_quoted") == "true"
    if is_quoted and isinstance(words, str) and words not in str(clause.get("text")):
        tree.fault((*place, key), message % {"words": words})


def _cohort(tree: Tree, known: Known, place: Place, cohort: dict[str, Any]) -> None:
    """No more bodies than the source counts; fewer is what the page shows as missing."""
    present: Counter[str] = Counter()
    for _place, entry in tree.each("enrolments"):
        if entry.get("cohort") == cohort.get("code"):
            present.update(_kinds(entry, known))
    expected = cohort.get("expected")
    counts = (
        [(("expected", kind), count, present[kind]) for kind, count in expected.items()]
        if (isinstance(expected, dict))
        else []
    )
    for where, count, enrolled in [*counts, (("total",), cohort.get("total"), present.total())]:
        if str(count).isdigit() and enrolled > int(str(count)):
            message = _("列出了%(present)s家，多于应有的%(count)s家。")
            tree.fault((*place, *where), message % {"present": enrolled, "count": count})


def _kinds(entry: dict[str, Any], known: Known) -> list[str]:
    """The kind of every body that an enrolment stands for: one, or those of a group of slots."""
    group = entry.get("slots")
    bodies = codes.in_slots(group, known.units) if isinstance(group, str) else [entry.get("unit")]
    return [str(entry.get("kind") or known.units.get(str(code))) for code in bodies]
