"""Reads of the list of reports."""

from typing import Any

from django.db.models import Q

from accounts.roles import UNIT_ROLES
from core import clock
from duties.choices import Nature
from duties.models import Assignment
from pilots.models import Membership

from ..choices import Decision
from ..models import Report, ReportQuerySet, Review

ANSWERED = (Nature.PROGRESS, Nature.REPORT)


def searched(rows: ReportQuerySet, text: str) -> ReportQuerySet:
    """By number, title, or a name that the unit has or had."""
    wanted = Q(number__icontains=text) | Q(title__icontains=text)
    names = "assignment__enrolment__unit__names"
    units = Report.rows.filter(
        Q(**{f"{names}__full_name__icontains": text})
        | Q(**{f"{names}__short_name__icontains": text})
    )
    return rows.filter(wanted | Q(pk__in=units.values("pk")))


def to_begin(user: Any) -> list[Assignment]:
    """Open tasks of the user's own bodies that ask for a report which nobody has begun."""
    held = Membership.rows.live(clock.today()).filter(user=user, role__in=UNIT_ROLES)
    rows = Assignment.objects.visible_to(user).open().for_lists()
    rows = rows.filter(obligation__nature__in=ANSWERED, report=None)
    found = rows.filter(enrolment__unit_id__in=held.values("unit_id"))
    return list(found.order_by("due_on", "number")[:20])


def returned_why(reports: list[Report]) -> dict[int, list[str]]:
    """{id of a returned report: the remarks of the review that returned it, in words}."""
    wanted = [row.pk for row in reports if row.status == "returned"]
    if not wanted:
        return {}
    rows = Review.rows.filter(
        submission__report__in=wanted, undone_at=None, decision=Decision.RETURNED
    )
    newest = rows.select_related("submission").prefetch_related("remarks").order_by("decided_at")
    return {
        row.submission.report_id: [str(remark) for remark in row.remarks.all()] for row in newest
    }
