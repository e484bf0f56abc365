"""The record of one object in words: each app says what its verbs, fields and values mean."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from .models import AuditEntry
from .words import listed

LONGEST = 120


@dataclass(frozen=True)
class Change:
    """One field: `before` and `after` in words, '' where there was nothing."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Vocabulary:
    """Words of verbs, fields, and of stored values by field. A field `model.name` goes before
    `name`, for one name may mean two things."""

    verbs: Mapping[str, Any] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def verb(self, verb: str) -> str:
        """The verb in words; one that no table knows stays as it was recorded."""
        return str(self.verbs.get(verb, verb))

    def changes(self, entry: AuditEntry, names: Mapping[str, str] | None = None) -> list[Change]:
        """What differs, in words; `names` gives those of objects by their label `model:key`."""
        model = entry.subject.partition(":")[0]
        told = (
            Change(
                str(self.fields.get(f"{model}.{name}") or self.fields.get(name, name)),
                self._value(model, name, before, names or {}),
                self._value(model, name, after, names or {}),
            )
            for name, before, after in entry.changes
        )
        return [change for change in told if change.before or change.after]

    def steps(
        self, entries: Iterable[AuditEntry], names: Mapping[str, str] | None = None
    ) -> list[dict[str, Any]]:
        """Entries for components/trail.html, without the address they came from."""
        return [
            {
                "what": self.verb(entry.verb),
                "who": entry.actor_shown,
                "at": f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M}",
                "note": _("；").join(sentence(each) for each in self.changes(entry, names)),
            }
            for entry in entries
        ]

    def _value(self, model: str, name: str, value: Any, names: Mapping[str, str]) -> str:
        if value is None or value in ("", [], {}):
            return ""
        if isinstance(value, bool):
            return _("是") if value else _("否")
        if isinstance(value, dict):
            parts = (
                f"{self.fields.get(key, key)} {self._value(model, key, item, names)}"
                for key, item in value.items()
            )
            return _short(_("，").join(parts))
        if isinstance(value, list):
            return _short(listed(self._value(model, name, item, names) for item in value))
        words = self.values.get(f"{model}.{name}") or self.values.get(name, {})
        return _short(str(words.get(value, names.get(value, value))))


def sentence(change: Change) -> str:
    """「截止日期由2022-03-31改为2022-04-30」"""
    facts = {"field": change.field, "before": change.before, "after": change.after}
    if change.before and change.after:
        return _("%(field)s由%(before)s改为%(after)s") % facts
    if change.after:
        return _("%(field)s：%(after)s") % facts
    return _("%(field)s：%(before)s，已清除") % facts


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
