"""Who has not yet done what a demand asks: for the list that is read out in a work group."""

from typing import Any

from ..models import Assignment, Obligation
from .todo import WITH_US

MOST = 500


def missing(obligation: Obligation, *, user: Any, occurrence: str = "") -> list[Assignment]:
    """Tasks of the demand that wait for their unit, in the document's order, of one occurrence where
    it is given; what waits for review is not missing. Five queries."""
    rows = Assignment.objects.visible_to(user).filter(obligation=obligation, status__in=WITH_US)
    if occurrence:
        rows = rows.filter(occurrence=occurrence)
    rows = rows.for_lists().with_done()
    return list(rows.order_by("enrolment__position", "enrolment_id", "occurrence")[:MOST])
