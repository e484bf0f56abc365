"""Which opinion stands at which gate on a day, and what a reader is warned of.

The same question is asked twice: in SQL to narrow a list, in Python to show a row; a test holds both
to one answer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from ..choices import Alert, Condition, Decision, Gate, PowerKind
from ..models import GateCheck, Opinion, Power, Project, ProjectQuerySet
from .powers import Powers, powers_by_programme

VETOED = {Gate.APPROVAL: Alert.APPROVAL_VETOED, Gate.ACCEPTANCE: Alert.ACCEPTANCE_VETOED}


@dataclass(frozen=True)
class Standing:
    """A project as it stands on a day: the latest opinion at each gate, the latest check of each
    precondition, the warnings."""

    project: Project
    powers: Powers
    opinions: dict[str, Opinion] = field(default_factory=dict)
    checks: dict[tuple[str, str], GateCheck] = field(default_factory=dict)

    @property
    def approval(self) -> Opinion | None:
        return self.opinions.get(Gate.APPROVAL)

    @property
    def acceptance(self) -> Opinion | None:
        return self.opinions.get(Gate.ACCEPTANCE)

    @property
    def vetoes(self) -> list[Opinion]:
        return [row for row in self.opinions.values() if row.is_veto]

    def missing(self, gate: str) -> list[Condition]:
        """Preconditions of the gate that nobody has shown to be met."""
        met = {kind for (at, kind), check in self.checks.items() if at == gate and check.is_met}
        return [condition for condition in self.powers.conditions(gate) if condition not in met]

    @property
    def is_unapproved(self) -> bool:
        """验收 was agreed to, 立项 was not."""
        accepted = self.acceptance is not None and not self.acceptance.is_veto
        approved = self.approval is not None and not self.approval.is_veto
        return accepted and not approved

    @property
    def alerts(self) -> list[Alert]:
        found = [alert for gate, alert in VETOED.items() if self._vetoed(gate)]
        if self.is_unapproved:
            found.append(Alert.NOT_APPROVED)
        if any(self.missing(gate) for gate in self.opinions):
            found.append(Alert.NOT_PREPARED)
        return found

    def _vetoed(self, gate: str) -> bool:
        return gate in self.opinions and self.opinions[gate].is_veto


def standings(
    rows: Iterable[Project], on: date, powers: Mapping[int, Powers] | None = None
) -> dict[int, Standing]:
    """By project id, as of the end of that day. Three queries, however many projects; two with the
    `powers` of their programmes."""
    projects = list(rows)
    ids = [row.pk for row in projects]
    if powers is None:
        powers = powers_by_programme(row.enrolment.programme_id for row in projects)
    found = {
        row.pk: Standing(row, powers.get(row.enrolment.programme_id, Powers())) for row in projects
    }
    opinions = Opinion.rows.filter(project__in=ids, given_on__lte=on).select_related("power")
    for opinion in opinions.order_by("given_on", "pk"):  # the later one takes the place
        found[opinion.project_id].opinions[opinion.gate] = opinion
    checks = GateCheck.rows.filter(project__in=ids, checked_on__lte=on)
    for check in checks.order_by("checked_on", "pk"):
        found[check.project_id].checks[check.gate, check.condition] = check
    return found


def standing(project: Project, on: date) -> Standing:
    return standings([project], on)[project.pk]


def with_decisions(rows: ProjectQuerySet, on: date) -> ProjectQuerySet:
    """Adds `approval` and `acceptance`, what the opinion that stands at each gate decides."""
    return rows.annotate(**{gate.value: Subquery(_decided(gate, on)) for gate in Gate})


def warned(rows: ProjectQuerySet, alert: str, on: date) -> ProjectQuerySet:
    """Those of `rows` (from `with_decisions`) of which a reader is warned so; any Alert for ''."""
    if alert:
        return rows.filter(_warned(alert, on))
    wanted = Q()
    for each in Alert:
        wanted |= _warned(each, on)
    return rows.filter(wanted)


def with_missing(rows: ProjectQuerySet, on: date) -> ProjectQuerySet:
    """Adds a truth value for each gate and precondition, named by `lack()`: asked for and not met."""
    return rows.annotate(
        **{
            lack(gate, condition): ExpressionWrapper(
                _lacks(gate, condition, on), output_field=BooleanField()
            )
            for gate in Gate
            for condition in Condition
        }
    )


def with_standing(rows: ProjectQuerySet, on: date) -> ProjectQuerySet:
    """`with_decisions`, and of the opinion that stands its day (`approval_on`) and its id
    (`approval_opinion`)."""
    added = {}
    for gate in Gate:
        latest = _latest(gate, on)
        added[f"{gate.value}_on"] = Subquery(latest.values("given_on")[:1])
        added[f"{gate.value}_opinion"] = Subquery(latest.values("pk")[:1])
    return with_decisions(rows, on).annotate(**added)


def missing_told(row: Any) -> list[tuple[Gate, Condition]]:
    """Preconditions that are missing, of a row from `with_missing`."""
    return [
        (gate, condition)
        for gate in Gate
        for condition in Condition
        if getattr(row, lack(gate, condition))
    ]


def alerts_told(row: Any) -> list[Alert]:
    """The warnings, of a row from `with_decisions` and `with_missing`."""
    said = {gate: getattr(row, gate.value) for gate in Gate}
    found = [alert for gate, alert in VETOED.items() if said[gate] == Decision.VETO]
    if said[Gate.ACCEPTANCE] == Decision.APPROVE and said[Gate.APPROVAL] != Decision.APPROVE:
        found.append(Alert.NOT_APPROVED)
    if any(said[gate] for gate, _condition in missing_told(row)):
        found.append(Alert.NOT_PREPARED)
    return found


def lack(gate: Gate, condition: Condition) -> str:
    return f"lacks_{gate.value}_{condition.value}"


def _decided(gate: str, on: date) -> Any:
    return _latest(gate, on).values("decision")[:1]


def _latest(gate: str, on: date) -> Any:
    rows = Opinion.rows.filter(project=OuterRef("pk"), gate=gate, given_on__lte=on)
    return rows.newest_first()


def _warned(alert: str, on: date) -> Q:
    match Alert(alert):
        case Alert.APPROVAL_VETOED:
            return Q(approval=Decision.VETO)
        case Alert.ACCEPTANCE_VETOED:
            return Q(acceptance=Decision.VETO)
        case Alert.NOT_APPROVED:
            unapproved = Q(approval=None) | Q(approval=Decision.VETO)
            return Q(acceptance=Decision.APPROVE) & unapproved
        case _:
            return _unprepared(on)


def _unprepared(on: date) -> Q:
    found = Q()
    for gate in Gate:
        said = Q(**{f"{gate.value}__isnull": False})
        for condition in Condition:
            found |= said & _lacks(gate, condition, on)
    return found


def _lacks(gate: Gate, condition: Condition, on: date) -> Q:
    asked = Power.rows.standing().filter(
        programme=OuterRef("enrolment__programme"),
        kind=PowerKind.GATE,
        moments__contains=[gate],
        conditions__contains=[condition],
    )
    latest = GateCheck.rows.filter(
        project=OuterRef("pk"), gate=gate, condition=condition, checked_on__lte=on
    ).order_by("-checked_on", "-pk")
    met = Coalesce(Subquery(latest.values("is_met")[:1]), False, output_field=BooleanField())
    return Q(Exists(asked)) & ~Q(met)
