"""What waits for whom in rounds that are going on."""

from typing import Any

from ..choices import State
from ..models import ReviewSeat, Scorecard


def open_seats(user: Any, *, by: Any) -> list[ReviewSeat]:
    """Sheets that `user` has still to score, as far as `by` may see them."""
    seen = Scorecard.objects.visible_to(by).standing().filter(round__state=State.REVIEW)
    rows = ReviewSeat.objects.filter(
        user=user, ended_at=None, done_at=None, scorecard__in=seen.values("pk")
    )
    return list(
        rows.select_related("scorecard__round", "scorecard__enrolment__unit")
        .prefetch_related("scorecard__enrolment__unit__names")
        .order_by("scorecard__round__number", "scorecard__enrolment__position", "pk")
    )
