"""What a load did, or would do: for the eyes of the person who runs it, and for the audit record."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

SHOWN = 60


class Kind(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class Change:
    """One row. `details` holds (field, value now, value of the pack) for changes and conflicts."""

    kind: Kind
    model: type[Model]
    code: str
    details: tuple[tuple[str, Any, Any], ...] = ()

    def __str__(self) -> str:
        parts = [
            f"{self._label(name)} {_shown(now)} → {_shown(wanted)}"
            for name, now, wanted in self.details
        ]
        return f"{self.model._meta.verbose_name} {self.code}" + (
            "：" + "；".join(parts) if parts else ""
        )

    def _label(self, name: str) -> str:
        names = {each.name: each for each in self.model._meta.get_fields()}
        return str(getattr(names.get(name), "verbose_name", name))


@dataclass
class Difference:
    """All changes of one pack. `touched` counts assignments that exist under changed or withdrawn
    rules, `created` and `updated` those that the load made or moved."""

    pack: str
    file: str
    digest: str = ""
    changes: list[Change] = field(default_factory=list)
    adopted: int = 0
    touched: int = 0
    created: int = 0
    updated: int = 0

    def add(self, *change: Any) -> None:
        self.changes.append(Change(*change))

    def of(self, kind: Kind) -> list[Change]:
        return [change for change in self.changes if change.kind == kind]

    @property
    def conflicts(self) -> list[Change]:
        return self.of(Kind.CONFLICT)

    @property
    def writes(self) -> bool:
        """Whether the load changes any row: conflicts are only reported."""
        moved = self.adopted or self.created or self.updated
        return bool(moved or len(self.changes) > len(self.conflicts))

    def counts(self, kind: Kind) -> dict[str, int]:
        """Number of rows of that kind by the name of their model, in the order of loading."""
        return dict(Counter(str(change.model._meta.verbose_name) for change in self.of(kind)))

    def as_facts(self) -> dict[str, Any]:
        """For the audit record: counts of what was added, and every change in words."""
        facts: dict[str, Any] = {"file": self.file, "digest": self.digest}
        facts["added"] = self.counts(Kind.ADDED)
        for kind in (Kind.CHANGED, Kind.WITHDRAWN, Kind.RESTORED, Kind.CONFLICT):
            facts[kind.value] = [str(change) for change in self.of(kind)]
        facts["assignments"] = {"created": self.created, "updated": self.updated}
        return facts

    def lines(self) -> list[str]:
        """The difference as lines of text."""
        if not self.changes and not self.writes:
            return [_("%(pack)s：没有变化。") % {"pack": self.pack}]
        lines = [f"{self.pack}（{self.file}）"]
        if added := self.counts(Kind.ADDED):
            lines.append(_("  新增：") + "，".join(f"{name}{n}" for name, n in added.items()))
        titles = {
            Kind.CHANGED: _("  变更："),
            Kind.WITHDRAWN: _("  撤回："),
            Kind.RESTORED: _("  恢复："),
            Kind.CONFLICT: _("  冲突（保留现值，左为现值，右为方案包的值）："),
        }
        for kind, title in titles.items():
            if changes := self.of(kind):
                lines += [title, *(f"    {change}" for change in changes)]
        if self.adopted:
            lines.append(_("  原有记录归入方案包：%(n)s条") % {"n": self.adopted})
        if self.touched or self.created or self.updated:
            facts = {"touched": self.touched, "created": self.created, "updated": self.updated}
            message = _("  任务：涉及%(touched)s件，新建%(created)s件，改动%(updated)s件")
            lines.append(message % facts)
        return lines


def _shown(value: Any) -> str:
    """A value short enough for one line."""
    if isinstance(value, list):
        text = "、".join(_shown(item) for item in value)
    elif isinstance(value, dict):
        text = "、".join(str(key) for key in value)
    else:
        text = _("（空）") if value in {None, ""} else str(value)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
