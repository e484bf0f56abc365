"""What a one-page brief (专报), a circular (通报) and a unit's dossier say."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from duties.choices import COUNTED, Light
from duties.models import Assignment, LightRule
from pilots.models import Enrolment, Programme

from ..models import Report
from .overall import AreaProgress, Demand, demands_of, pilots_count, progress_of


@dataclass(frozen=True)
class Standing:
    """One pilot on the day: how many of its tasks count, are done, done by their last day, late now; how
    often a report of it came back."""

    unit: str
    kind: str
    total: int
    done: int
    on_time: int
    late: int
    returns: int


@dataclass(frozen=True)
class Briefing:
    programme: Programme
    on: date
    units: int
    demands: list[Demand]
    areas: list[AreaProgress]
    standings: list[Standing]

    @property
    def total(self) -> int:
        return sum(row.total for row in self.standings)

    @property
    def done(self) -> int:
        return sum(row.done for row in self.standings)

    @property
    def on_time(self) -> int:
        return sum(row.on_time for row in self.standings)

    @property
    def late(self) -> list[Standing]:
        return [row for row in self.standings if row.late]


def briefing_of(programme: Programme, *, user: Any, on: date) -> Briefing:
    """Of what the user sees, on the day."""
    return Briefing(
        programme,
        on,
        pilots_count(programme, on=on),
        demands_of(programme, on=on),
        progress_of(programme, on=on),
        standings_of(programme, user=user, on=on),
    )


def standings_of(programme: Programme, *, user: Any, on: date) -> list[Standing]:
    """Every pilot with a name, in the document's order; two queries."""
    rule = LightRule.for_day(on)
    tasks: dict[int, list[Assignment]] = {}
    rows = Assignment.objects.visible_to(user).filter(
        enrolment__programme=programme, status__in=COUNTED
    )
    for task in rows:
        tasks.setdefault(task.enrolment_id, []).append(task)
    returns: dict[int, int] = {}
    seen = Report.objects.visible_to(user).of_programme(programme)
    for enrolment, count in seen.values_list("assignment__enrolment_id", "returns"):
        returns[enrolment] = returns.get(enrolment, 0) + count
    pilots = (
        Enrolment.objects.visible_to(user)
        .filter(programme=programme, part="pilot", withdrawn_on=None, unit__is_slot=False)
        .standing(on)
        .select_related("unit")
        .prefetch_related("unit__names")
        .in_document_order()
    )
    return [_standing(row, tasks.get(row.pk, []), returns.get(row.pk, 0), rule) for row in pilots]


def _standing(row: Enrolment, tasks: list[Assignment], returns: int, rule: LightRule) -> Standing:
    done = [task for task in tasks if task.light(rule) == Light.DONE]
    return Standing(
        row.unit.short_name,
        str(row.get_kind_display() if row.kind else row.unit.get_kind_display()),
        total=len(tasks),
        done=len(done),
        on_time=sum(1 for task in done if not task.was_late()),
        late=sum(1 for task in tasks if task.light(rule) == Light.OVERDUE),
        returns=returns,
    )
