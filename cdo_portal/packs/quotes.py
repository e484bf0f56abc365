"""Proving that quoted clauses and posts say what their sources say."""

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
from .schema import Pack, Posts
from .schema.bodies import SourceEntry

TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Said:
    """Words of a pack, where they stand, and the source that is given for them."""

    place: Place
    line: int
    text: str
    is_quoted: bool
    source: str


@dataclass
class Proof:
    """Quotes found in their source, counted by its tag, and what is wrong."""

    found: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)


def text_of(path: Path) -> str:
    """A source without HTML tags, entities resolved; nothing else is touched."""
    return html.unescape(TAG.sub("", path.read_text(encoding="utf-8")))


def prove(paths: Sequence[Path], seeds: Path) -> Proof:
    """Compare every clause and quoted post of the packs with the sources in the folder `seeds`,
    whose files begin as `sources.yaml` says. Raises PackBroken when a pack is broken or a needed
    source is missing."""
    sources, packs = _sources(paths), checked(paths)
    everything = [(pack, said) for pack in packs for said in _said(pack)]
    tags = {tag for _pack, said in everything for tag in said.source.split()}
    texts = {tag: _read(sources[tag], seeds) for tag in sorted(tags) if sources[tag].file}
    proof = Proof()
    for pack, said in everything:
        if message := _examined(said, sources, texts):
            fault = Fault(pack.tree.name, said.line, spelled(said.place), message)
            proof.faults.append(fault)
        elif said.is_quoted:
            proof.found[said.source] += 1
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


def _said(pack: Checked) -> list[Said]:
    if isinstance(pack.content, Posts):
        return _of_posts(pack, pack.content)
    return _of_clauses(pack, pack.content) if isinstance(pack.content, Pack) else []


def _of_clauses(pack: Checked, content: Pack) -> list[Said]:
    found = []
    for n, document in enumerate(content.documents):
        for m, entry in enumerate(document.clauses):
            place = ("documents", n, "clauses", m)
            line = pack.tree.line((*place, "text"))
            found.append(Said(place, line, entry.text, entry.is_quoted, entry.source))
    return found


def _of_posts(pack: Checked, content: Posts) -> list[Said]:
    found = []
    for n, entry in enumerate(content.posts):
        if entry.quote:
            place = ("posts", n)
            line = pack.tree.line((*place, "quote"))
            found.append(Said(place, line, entry.quote, True, entry.source))
    return found


def _examined(said: Said, sources: dict[str, SourceEntry], texts: dict[str, str]) -> str | None:
    """What is wrong with these words, or None."""
    if not said.is_quoted:
        unquotable = [tag for tag in said.source.split() if not sources[tag].quotable]
        if any(said.text in texts.get(tag, "") for tag in unquotable):
            return _("这段文字与不可引用的来源逐字相同，请改写为事实。")
        return None
    if not sources[said.source].quotable:
        return _("来源%(tag)s不可引用。") % {"tag": said.source}
    if said.source not in texts:
        return _("来源%(tag)s没有原文文件，无法核对。") % {"tag": said.source}
    if said.text not in texts[said.source]:
        return _("原文中没有这段文字：“%(text)s…”") % {"text": said.text[:24]}
    return None
