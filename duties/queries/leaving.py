"""What a body still owes when one of its people leaves."""

from typing import Any

from pilots.choices import Phase
from pilots.models import Unit

from ..models import Assignment, AssignmentQuerySet


def open_of_unit(unit: Unit, *, by: Any) -> AssignmentQuerySet:
    """Open assignments of a body in followed programmes, as far as `by` sees them, most urgent
    first."""
    rows: AssignmentQuerySet = Assignment.objects.visible_to(by)
    rows = rows.open().filter(enrolment__unit=unit)
    followed = {"enrolment__withdrawn_on": None, "enrolment__programme__phase": Phase.RUNNING}
    return rows.filter(**followed).for_lists().most_urgent_first()
