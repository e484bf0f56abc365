"""Proving that quoted clauses say what their sources say."""

import html
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from .faults import Fault, PackBroken, Place, spelled
from .known import OWN_FOLDER, REGISTER, register
from .loader import Checked, checked
from .schema import ClauseEntry, Pack
from .schema.bodies import SourceEntry

TAG = re.compile(r"<[^>]*>")


@dataclass
class Proof:
    """Quotes found in their source, counted by its tag, and what is wrong."""

    found: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)


def text_of(path: Path) -> str:
    """A source without HTML tags, entities resolved; nothing else is touched."""
    return html.unescape(TAG.sub("", path.read_text(encoding="utf-8")))


def prove(paths: Sequence[Path], seeds: Path) -> Proof:
    """Compare every clause of the packs with the sources in the folder `seeds`, whose files begin
    as `sources.yaml` says. Raises PackBroken when a pack is broken or a needed source is missing."""
    sources, packs = _sources(paths), checked(paths)
    clauses = [(pack, *found) for pack in packs for found in _clauses(pack)]
    tags = {tag for _pack, _place, clause in clauses for tag in clause.source.split()}
    texts = {tag: _read(sources[tag], seeds) for tag in sorted(tags) if sources[tag].file}
    proof = Proof()
    for pack, place, clause in clauses:
        if message := _examined(clause, sources, texts):
            line = pack.tree.line((*place, "text"))
            proof.faults.append(Fault(pack.tree.name, line, spelled(place), message))
        elif clause.is_quoted:
            proof.found[clause.source] += 1
    return proof


def _sources(paths: Sequence[Path]) -> dict[str, SourceEntry]:
    folders = dict.fromkeys([OWN_FOLDER, *(path.resolve().parent for path in paths)])
    files = [folder / REGISTER for folder in folders if (folder / REGISTER).is_file()]
    return {entry.tag: entry for file in files for entry in register(file).sources}


def _read(source: SourceEntry, seeds: Path) -> str:
    """Text of a source; one that nobody may quote need not lie in the folder."""
    found = sorted(seeds.glob(f"{source.file}*"))
    if not found and not source.quotable:
        return ""
    if len(found) != 1:
        message = _("来源%(tag)s的原文应恰有一个以“%(start)s”开头的文件，找到%(n)s个。")
        fact = {"tag": source.tag, "start": source.file, "n": len(found)}
        raise PackBroken([Fault(str(seeds), 0, source.tag, message % fact)])
    return text_of(found[0])


def _clauses(pack: Checked) -> list[tuple[Place, ClauseEntry]]:
    if not isinstance(pack.content, Pack):
        return []
    return [
        (("documents", n, "clauses", m), clause)
        for n, document in enumerate(pack.content.documents)
        for m, clause in enumerate(document.clauses)
    ]


def _examined(
    clause: ClauseEntry, sources: dict[str, SourceEntry], texts: dict[str, str]
) -> str | None:
    """What is wrong with a clause, or None."""
    if not clause.is_quoted:
        unquotable = [tag for tag in clause.source.split() if not sources[tag].quotable]
        if any(clause.text in texts.get(tag, "") for tag in unquotable):
            return _("这段文字与不可引用的来源逐字相同，请改写为事实。")
        return None
    if not sources[clause.source].quotable:
        return _("来源%(tag)s不可引用。") % {"tag": clause.source}
    if clause.source not in texts:
        return _("来源%(tag)s没有原文文件，无法核对。") % {"tag": clause.source}
    if clause.text not in texts[clause.source]:
        return _("原文中没有这段文字：“%(text)s…”") % {"text": clause.text[:24]}
    return None
