"""Kinds of documents that can have a template of the body's own. The apps above declare theirs in a
module `documents.py`, found when the portal starts:

    kinds.register(
        "filing-receipt",
        _("备案回执"),
        {"unit": "单位名称", "filed_on": "备案日期", "items.title": "事项.名称"},
        {"unit": "测试市公安局", "filed_on": date(2022, 4, 5), "items": [{"title": "……"}]},
    )
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class DocumentKind:
    """One kind. `fields` maps the key in the context to the placeholder in a template, in Chinese,
    because clerks write it: 「{{单位名称}}」. A key with a dot is a column of a list, whose row in a
    table of the template is repeated. `sample` is a context of the same shape, made up."""

    name: str
    label: Any
    fields: Mapping[str, str]
    sample: Mapping[str, Any]

    @property
    def placeholders(self) -> dict[str, str]:
        """Placeholder, in either writing, to key."""
        return {name: key for key, name in self.fields.items()} | {key: key for key in self.fields}

    def list_of(self, placeholder: str) -> str:
        """The key of the list that the placeholder is a column of; '' for a plain one."""
        key = self.placeholders.get(placeholder, "")
        return key.partition(".")[0] if "." in key else ""


_kinds: dict[str, DocumentKind] = {}


def register(
    name: str, label: Any, fields: Mapping[str, str], sample: Mapping[str, Any]
) -> DocumentKind:
    """Declare a kind. Raises ValueError when the name is taken, two fields share a placeholder, or
    the sample does not hold every field."""
    if name in _kinds:
        raise ValueError(f"Document kind {name} is declared twice.")
    if len(set(fields.values())) != len(fields):
        raise ValueError(f"Two fields of {name} have one placeholder.")
    missing = [key for key in fields if not _holds(sample, key)]
    if missing:
        raise ValueError(f"The sample of {name} has no {', '.join(missing)}.")
    _kinds[name] = DocumentKind(name, label, dict(fields), dict(sample))
    return _kinds[name]


def _holds(sample: Mapping[str, Any], key: str) -> bool:
    name, _dot, column = key.partition(".")
    if not column:
        return name in sample
    return bool(sample.get(name)) and all(column in row for row in sample[name])


def get(name: str) -> DocumentKind:
    """The kind of that name; raises KeyError for one that nobody declares."""
    return _kinds[name]


def registered() -> list[DocumentKind]:
    """Every kind, in the order in which they were declared."""
    return list(_kinds.values())
