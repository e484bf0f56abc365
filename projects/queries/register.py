"""Lists and counts of projects."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from pilots.models.units import named_on

from ..choices import Decision
from ..models import Project, ProjectQuerySet
from .standing import warned, with_decisions


@dataclass(frozen=True)
class Totals:
    """What the head of the list counts: projects, those whose 立项 or 验收 is vetoed, those with a
    warning."""

    projects: int
    approval_vetoed: int
    acceptance_vetoed: int
    warned: int


def listed(rows: ProjectQuerySet, on: date) -> ProjectQuerySet:
    """Rows with what a list shows and sorts by: `unit_label`, the unit's name of that day."""
    return rows.for_lists().annotate(unit_label=named_on(on, "enrolment__unit_id"))


def totals(rows: ProjectQuerySet, on: date) -> Totals:
    """Of rows that the reader sees; withdrawn ones are left out. Two queries."""
    live = with_decisions(rows.live(), on)
    counted = live.aggregate(
        projects=Count("pk"),
        approval_vetoed=Count("pk", filter=Q(approval=Decision.VETO)),
        acceptance_vetoed=Count("pk", filter=Q(acceptance=Decision.VETO)),
    )
    return Totals(**counted, warned=warned(live, "", on).count())


def searched(rows: ProjectQuerySet, text: str) -> ProjectQuerySet:
    """By number, city code, name, what is built, who is responsible, or the unit's name."""
    wanted = Q()
    for name in ("number", "city_code", "name", "summary", "responsible"):
        wanted |= Q(**{f"{name}__icontains": text})
    names = Q(enrolment__unit__names__full_name__icontains=text) | Q(
        enrolment__unit__names__short_name__icontains=text
    )
    units = Project.rows.filter(names).values("pk")
    return rows.filter(wanted | Q(pk__in=units))
