"""What a pack may refer to: sources, units and documents that other files or the database hold."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings

from officers.models import Post
from pilots.models import PolicyDocument, Unit

from . import codes
from .faults import PackBroken
from .reading import Tree, read
from .schema import SourceRegister
from .shape import shaped

REGISTER = "sources.yaml"
OWN_FOLDER = Path(settings.BASE_DIR) / "packs"


@dataclass
class Known:
    """`sources` maps a tag to whether its text may be quoted; `units` a code to the kind of body;
    `slots` are those of them that have no name yet; `posts` maps a post to whether a unit has only
    one holder; `numbers` a 发文字号 to the code of its document; `owners` a unit or post to the file
    that defines it."""

    sources: dict[str, bool] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    slots: set[str] = field(default_factory=set)
    posts: dict[str, bool] = field(default_factory=dict)
    documents: set[str] = field(default_factory=set)
    numbers: dict[str, str] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)

    def learn(self, tree: Tree) -> None:
        """Add what a file defines, as far as it can be read."""
        for _place, body in tree.each("bodies"):
            self._learn_unit(str(body.get("code")), body.get("kind"), tree.name)
        for _place, group in tree.each("slots"):
            for code in codes.of_slots(str(group.get("code")), _whole(group.get("count"))):
                # One that is in the database already may have its name by now.
                if code not in self.units:
                    self.slots.add(code)
                self._learn_unit(code, group.get("kind"), tree.name)
        for _place, post in tree.each("posts"):
            self.posts[str(post.get("code"))] = post.get("is_single") != "false"
            self.owners.setdefault(str(post.get("code")), tree.name)
        programme = programme_code(tree)
        for _place, document in tree.each("documents"):
            self.documents.add(codes.of_document(programme, str(document.get("code"))))

    def _learn_unit(self, code: str, kind: Any, file: str) -> None:
        self.units[code] = str(kind)
        self.owners.setdefault(code, file)


def programme_code(tree: Tree) -> str:
    """Code of the programme in the file, or nothing."""
    programme = tree.data.get("programme") if isinstance(tree.data, dict) else None
    return str(programme.get("code") or "") if isinstance(programme, dict) else ""


def known_to(trees: Iterable[Tree]) -> Known:
    """What the database and all of `trees` hold, with the registers of sources beside them."""
    trees = list(trees)
    known = Known(
        units=dict(Unit.rows.values_list("code", "kind")),
        slots=set(Unit.rows.filter(is_slot=True).values_list("code", flat=True)),
        posts=dict(Post.objects.values_list("code", "is_single")),
        documents=set(PolicyDocument.rows.values_list("code", flat=True)),
        numbers=dict(PolicyDocument.rows.exclude(number="").values_list("number", "code")),
    )
    folders = dict.fromkeys([OWN_FOLDER, *(tree.path.resolve().parent for tree in trees)])
    for folder in folders:
        if (path := folder / REGISTER).is_file():
            known.sources |= {entry.tag: entry.quotable for entry in register(path).sources}
    for tree in trees:
        known.learn(tree)
    return known


def register(path: Path) -> SourceRegister:
    """The register of sources in a file. Raises PackBroken."""
    tree = read(path)
    content = shaped(tree)
    if tree.faults or not isinstance(content, SourceRegister):
        raise PackBroken(tree.faults)
    return content


def _whole(value: Any) -> int:
    """A count as written, or 0 where the schema has already complained."""
    return int(value) if str(value).isdigit() and len(str(value)) < 4 else 0
