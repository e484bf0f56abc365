"""What the frame of every page asks of the database: one statement."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from core import workdays
from core.models import SiteState
from reminders.models import Notice


@dataclass(frozen=True)
class Frame:
    """`is_demo` of the site, how many notices the person has not opened, and the coming years
    whose working days are only a guess."""

    is_demo: bool
    unread: int
    unknown_years: list[int]


def frame_for(user: Any, today: date) -> Frame:
    """For somebody who is logged in; a stranger's frame has only the site's own mark."""
    if not getattr(user, "is_authenticated", False):
        return Frame(SiteState.current().is_demo, 0, [])
    years = workdays.coming_years(today)
    mine = Notice.objects.filter(recipient=OuterRef("pk"), opened_at=None)
    unread = mine.order_by().values("recipient").annotate(n=Count("*")).values("n")
    demo, count, *known = User.objects.filter(pk=user.pk).values_list(
        Exists(SiteState.objects.filter(is_demo=True)),
        Coalesce(Subquery(unread), 0),
        *(workdays.has_notice(year) for year in years),
    )[0]
    return Frame(
        demo, count, [year for year, is_known in zip(years, known, strict=True) if not is_known]
    )
