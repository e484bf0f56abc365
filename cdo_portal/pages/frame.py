"""What the frame of every page asks of the database: one statement."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, JSONField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.roles import Permission
from approvals.queries import waiting_for
from core import workdays
from core.models import SiteState
from pilots.access import permissions_of
from pilots.queries import names_of_places
from reminders.models import Notice
from reminders.signs import Signs, expression, read
from reports.queries import desk


@dataclass(frozen=True)
class Frame:
    """`is_demo` of the site, how many notices the person has not opened, how many things wait for
    his or her signature and how many reports for the review, the bodies that the person acts for, the
    coming years whose working days are only a guess, and how the engine of reminders fares (None for
    those who can do nothing about it)."""

    is_demo: bool
    unread: int
    to_sign: int
    to_review: int
    places: list[str]
    unknown_years: list[int]
    signs: Signs | None = None


def frame_for(user: Any, today: date, *, hears: bool = False) -> Frame:
    """For somebody who is logged in; a stranger's frame has only the site's own mark."""
    if not getattr(user, "is_authenticated", False):
        return Frame(SiteState.current().is_demo, 0, 0, 0, [], [])
    years = workdays.coming_years(today)
    mine = Notice.objects.filter(recipient=OuterRef("pk"), opened_at=None)
    unread = mine.order_by().values("recipient").annotate(n=Count("*")).values("n")
    demo, count, to_sign, to_review, places, found, *known = User.objects.filter(
        pk=user.pk
    ).values_list(
        Exists(SiteState.objects.filter(is_demo=True)),
        Coalesce(Subquery(unread), 0),
        _to_sign(user),
        _to_review(user),
        ArraySubquery(names_of_places(OuterRef("pk"), today)),
        expression() if hears else Value(None, output_field=JSONField()),
        *(workdays.has_notice(year) for year in years),
    )[0]
    unknown = [year for year, is_known in zip(years, known, strict=True) if not is_known]
    heard = read(found) if found else None
    return Frame(demo, count, to_sign, to_review, list(dict.fromkeys(places)), unknown, heard)


def _to_sign(user: Any) -> Any:
    """The number as a part of the frame's statement, for those who sign at all."""
    if Permission.SIGN_DOCUMENTS not in permissions_of(user):
        return Value(0)
    rows = waiting_for(user).order_by().annotate(one=Value(1)).values("one")
    return Coalesce(Subquery(rows.annotate(n=Count("*")).values("n")), 0)


def _to_review(user: Any) -> Any:
    """The same of what waits at the bureau's desk, for those who answer there."""
    if Permission.REVIEW_REPORTS not in permissions_of(user):
        return Value(0)
    rows = desk.waiting_for(user).order_by().annotate(one=Value(1)).values("one")
    return Coalesce(Subquery(rows.annotate(n=Count("*")).values("n")), 0)
