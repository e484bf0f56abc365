"""YAML to plain data, with the line of every value.

Everything is text until the schema says what it is: YAML's own guesses turn `no` into False,
`2021-08-03` into a date and `440300` into a number, which is wrong for names and codes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from .faults import Fault, PackBroken, Place, spelled

NOTHING = {"", "~", "null"}
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where the wheel brings it


@dataclass
class Tree:
    """The content of one file: dicts, lists, strings and None, and where each of them stands."""

    path: Path
    data: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.path.name

    def line(self, place: Place) -> int:
        """Line of the value at `place`, or of the nearest thing around it."""
        for length in range(len(place), -1, -1):
            if place[:length] in self.lines:
                return self.lines[place[:length]]
        return 1

    def fault(self, place: Place, message: str) -> None:
        self.faults.append(Fault(self.name, self.line(place), spelled(place), message))

    def each(self, *keys: str) -> Iterator[tuple[Place, dict[str, Any]]]:
        """Every mapping in the list at `keys`, going through lists on the way; whatever does not
        have that shape is passed over, because the schema has already said so.

        `tree.each("documents", "clauses")` gives the clauses of all documents.
        """
        found: list[tuple[Place, Any]] = [((), self.data)]
        for key in keys:
            found = [
                ((*place, key, index), entry)
                for place, mapping in found
                if isinstance(mapping, dict) and isinstance(mapping.get(key), list)
                for index, entry in enumerate(mapping[key])
            ]
        yield from ((place, entry) for place, entry in found if isinstance(entry, dict))


def read(path: Path) -> Tree:
    """The tree of a file. Raises PackBroken when it is no YAML at all or cannot be opened."""
    tree = Tree(path)
    try:
        text = path.read_text(encoding="utf-8")
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, LOADER)):
            tree.fault((), _("不支持YAML的引用（*名称），请把内容写全。"))
            raise PackBroken(tree.faults)
        root = yaml.compose(text, LOADER)
    except OSError as error:
        tree.fault((), _("打不开文件：%(reason)s。") % {"reason": error.strerror})
        raise PackBroken(tree.faults) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        tree.lines[()] = mark.line + 1 if mark else 1
        problem = getattr(error, "problem", None) or error
        tree.fault((), _("不是有效的YAML：%(problem)s。") % {"problem": problem})
        raise PackBroken(tree.faults) from error
    tree.data = _plain(tree, root, ()) if root else None
    return tree


def _plain(tree: Tree, node: Any, place: Place) -> Any:
    tree.lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(tree, node, place)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(tree, child, (*place, n)) for n, child in enumerate(node.value)]
    is_nothing = not node.style and node.value in NOTHING  # unquoted
    return None if is_nothing else node.value


def _mapping(tree: Tree, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        line = key_node.start_mark.line + 1
        if key in result:
            first = tree.line((*place, key))
            message = _("“%(key)s”写了两次（第%(first)s行和第%(line)s行）。")
            tree.fault((*place, key), message % {"key": key, "first": first, "line": line})
            continue
        tree.lines[(*place, key)] = line
        result[key] = _plain(tree, value_node, (*place, key))
    return result
