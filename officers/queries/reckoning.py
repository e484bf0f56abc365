"""How long something may wait, as a light: the document's days, or the bureau's own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from core.workdays import DAY, Calendar
from duties.choices import Light
from duties.models import LightRule


@dataclass(frozen=True)
class Reckoning:
    """The lights of one day: a limit before `soon_before` is within ten working days. Built once a
    page, so that rows need no calendar."""

    on: date
    soon_before: date

    @classmethod
    def for_day(cls, on: date, calendar: Calendar | None = None) -> "Reckoning":
        known = calendar or Calendar.around(on, margin=60)
        soon_until = LightRule.for_day(on, calendar=known).soon_until
        # A limit on a holiday counts by the last working day before it (house.md §6.4).
        return cls(on, known.on_or_after(soon_until + DAY))

    def light(self, begun_on: date | None, allowed: int | None) -> Light:
        """The light of what began on that day and has `allowed` calendar days; the first day is not
        counted (民法典 art. 201). UNDATED where there is no limit, or nobody knows the first day."""
        if begun_on is None or allowed is None:
            return Light.UNDATED
        limit = begun_on + timedelta(days=allowed)
        if limit < self.on:
            return Light.OVERDUE
        return Light.DUE_SOON if limit < self.soon_before else Light.NORMAL


def reckoning(on: date, limits: Iterable[int | None]) -> Reckoning:
    """The lights of the day; without a query where no limit is set, as in Shenzhen."""
    if any(allowed is not None for allowed in limits):
        return Reckoning.for_day(on)
    return Reckoning(on, on)


def limit_words(allowed: int | None, *, is_own: bool) -> str:
    """「文件规定30天内」「市政数局期望30天内」「文件未定时限」."""
    if allowed is None:
        return _("文件未定时限")
    say = _("市政数局期望%(days)s天内") if is_own else _("文件规定%(days)s天内")
    return say % {"days": allowed}
