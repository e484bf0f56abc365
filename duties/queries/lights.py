"""How many assignments show each light: the numbers beside the ready-made filters of a list."""

from django.db.models import Count, Q, QuerySet

from ..choices import OPEN, Light, Status
from ..models import LightRule

PRESETS = (Light.OVERDUE, Light.DUE_SOON, Light.UNCONFIRMED, Light.UNDATED)


def light_counts(rows: QuerySet, rule: LightRule) -> dict[str, int]:
    """{light: number} of the lights that ask for a look, on the rule's day. One query; the cases
    are those of `AssignmentQuerySet.with_light()`, held together by a test."""
    undone = Q(status__in=OPEN) | Q(status=Status.DONE, done_on__gt=rule.on)
    owed = undone & ~Q(status=Status.SUBMITTED)
    cases = {
        Light.OVERDUE: owed & Q(latest_on__lt=rule.on),
        Light.DUE_SOON: owed & Q(due_on__gte=rule.on, last_workday_on__lte=rule.soon_until),
        Light.UNCONFIRMED: owed & Q(due_on__lt=rule.on, latest_on__gte=rule.on),
        Light.UNDATED: undone & Q(due_on=None),
    }
    counts = {str(light): Count("pk", filter=case) for light, case in cases.items()}
    return rows.order_by().aggregate(**counts)
