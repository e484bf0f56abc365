"""What a programme lets its CDOs do: asked of the rows that its pack loaded, never of its name."""

from collections.abc import Iterable
from dataclasses import dataclass

from pilots.models import Programme

from ..choices import OF_PROJECTS, POWER_OF_RECORD, Condition, Decision, Gate, PowerKind, RecordKind
from ..models import Power


@dataclass(frozen=True)
class Powers:
    """The standing powers of one programme, in its document's order."""

    rows: tuple[Power, ...] = ()

    def first(self, kind: str, gate: str = "") -> Power | None:
        return next(
            (row for row in self.rows if row.kind == kind and (not gate or row.covers(gate))), None
        )

    @property
    def has_projects(self) -> bool:
        """Whether the document says anything of IT projects: only then is there a register."""
        return any(row.kind in OF_PROJECTS for row in self.rows)

    @property
    def has_findings(self) -> bool:
        return self.first(PowerKind.CORRECT) is not None

    @property
    def gates(self) -> list[Gate]:
        """The gates at which opinions are given."""
        return [gate for gate in Gate if self.of_gate(gate)]

    def of_gate(self, gate: str) -> Power | None:
        """On what an opinion at that gate rests: the veto, else the precondition."""
        return self.first(PowerKind.VETO, gate) or self.first(PowerKind.GATE, gate)

    def decisions(self, gate: str) -> list[Decision]:
        """What an opinion at that gate may say; a veto only where a document grants it."""
        if self.of_gate(gate) is None:
            return []
        vetoes = self.first(PowerKind.VETO, gate) is not None
        return [Decision.APPROVE, Decision.VETO] if vetoes else [Decision.APPROVE]

    def conditions(self, gate: str) -> list[Condition]:
        """What has to be done before that gate, in the order of `Condition`."""
        asked = {
            condition
            for row in self.rows
            if row.kind == PowerKind.GATE and row.covers(gate)
            for condition in row.conditions
        }
        return [condition for condition in Condition if condition in asked]

    @property
    def records(self) -> list[RecordKind]:
        return [kind for kind, power in POWER_OF_RECORD.items() if self.first(power)]


def powers_of(programme: Programme) -> Powers:
    return powers_by_programme([programme.pk]).get(programme.pk, Powers())


def powers_by_programme(programmes: Iterable[int]) -> dict[int, Powers]:
    """Powers by programme id, those without any left out. One query."""
    found: dict[int, list[Power]] = {}
    rows = Power.rows.standing().filter(programme__in=set(programmes))
    for row in rows.select_related("clause__document").order_by("position", "code"):
        found.setdefault(row.programme_id, []).append(row)
    return {programme: Powers(tuple(powers)) for programme, powers in found.items()}
