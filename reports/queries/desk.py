"""What waits for the bureau's answer, in its order, and what a reviewer just decided."""

from datetime import timedelta
from typing import Any

from accounts.roles import Permission
from core import clock
from duties.choices import ExtensionState
from duties.models import Extension
from pilots.models import Programme
from pilots.models.scope import wide_programmes

from ..choices import UNDO_WITHIN
from ..models import Report, Review

LONG = 3  # days after which a report has waited long


def waiting_for(user: Any, programme: Programme | None = None) -> Any:
    """Reports that the user may answer, the longest waiting first."""
    held = wide_programmes(user, Permission.REVIEW_REPORTS)
    rows = Report.objects.visible_to(user).waiting()
    rows = rows.filter(assignment__enrolment__programme_id__in=held)
    if programme is not None:
        rows = rows.of_programme(programme)
    return rows.order_by("handed_in_at", "id")


def waited_long(rows: Any) -> Any:
    """Those of `rows` that have waited more than LONG days."""
    return rows.filter(handed_in_on__lt=clock.today() - timedelta(days=LONG))


def after(report: Report, user: Any) -> Report | None:
    """The next one to review in the same programme: after this one, else the first; never one that
    the user entered from a letter."""
    rows = waiting_for(user, report.programme).exclude(pk=report.pk)
    own = Report.rows.filter(submissions__made_by=user, submissions__route="paper").values("pk")
    begun = Report.rows.filter(letters__begun_by=user, letters__outcome="entered").values("pk")
    rows = rows.exclude(pk__in=own).exclude(pk__in=begun)
    if report.handed_in_at is not None:
        later = rows.filter(handed_in_at__gt=report.handed_in_at).first()
        if later is not None:
            return later
    return rows.first()


def undoable(user: Any, report: Report | None = None) -> Review | None:
    """The newest decision that may still be taken back: the user's own, or that on `report`."""
    rows = Review.objects.visible_to(user).standing()
    rows = rows.filter(decided_at__gt=clock.now() - UNDO_WITHIN)
    rows = (
        rows.filter(decided_by=user) if report is None else rows.filter(submission__report=report)
    )
    rows = rows.select_related("submission__report__assignment__enrolment__unit", "decided_by")
    return rows.order_by("-decided_at").first()


def extensions_waiting(user: Any, programme: Programme | None) -> int:
    """How many requests for a later day wait for the bureau."""
    rows = Extension.objects.visible_to(user).filter(state=ExtensionState.ASKED)
    if programme is not None:
        rows = rows.filter(assignment__enrolment__programme=programme)
    return rows.count()
