"""Implementation plans (实施方案, OB-5): which are still to be reported, and to whom."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from core import clock
from duties.choices import OPEN, Nature
from duties.models import Assignment
from pilots.choices import Part
from pilots.models import Enrolment, Unit

from ..models import Filing


def plan_desk(task: Assignment) -> Unit | None:
    """Where the plan is filed: with whom the demand says, else with the programme's bureau."""
    if task.obligation.received_by is not None:
        return task.obligation.received_by
    bureaus = Enrolment.rows.standing(clock.today()).filter(
        programme=task.obligation.programme_id, part=Part.BUREAU
    )
    return Unit.rows.filter(pk__in=bureaus.values("unit")).order_by("code").first()


def open_plans(user: Any, **narrowed: Any) -> "QuerySet[Assignment]":
    """Demands for a plan that the user sees and that nothing answers yet, in the document's order."""
    answered = Filing.rows.live().filter(assignment=OuterRef("pk"))
    rows = Assignment.objects.visible_to(user).for_lists()
    return (
        rows.filter(~Exists(answered), obligation__nature=Nature.PLAN, status__in=OPEN, **narrowed)
        .select_related("enrolment__unit", "enrolment__programme", "obligation__received_by")
        .order_by("enrolment__programme_id", "enrolment__position", "number")
    )
