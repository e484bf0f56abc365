"""How deadline rules are said: spans of time, events, and what the calendar did to a day."""

from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .words import listed, month_and_day, weekday
from .workdays import DAY, WEEKEND, Almanac

# As the notices write them; the calendar's source is shorter.
FULL_NAMES = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}


class Span(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


class Event(StrEnum):
    """From what a rule counts."""

    ISSUED = "issued"
    RECEIVED = "received"
    APPOINTED = "appointed"
    OPENED = "opened"
    ENDED = "ended"


class Unit(StrEnum):
    WORKDAYS = "workdays"
    DAYS = "days"


EVERY_END: dict[Span, Any] = {
    Span.MONTH: gettext_lazy("每月底"),
    Span.QUARTER: gettext_lazy("每季度末"),
    Span.HALF_YEAR: gettext_lazy("每半年末"),
    Span.YEAR: gettext_lazy("每年底"),
}
EVERY_FIRST: dict[Span, Any] = {
    Span.MONTH: gettext_lazy("每月前%(count)s个工作日"),
    Span.QUARTER: gettext_lazy("每季度前%(count)s个工作日"),
    Span.HALF_YEAR: gettext_lazy("每半年前%(count)s个工作日"),
    Span.YEAR: gettext_lazy("每年前%(count)s个工作日"),
}
ENDS: dict[Span, Any] = {
    Span.MONTH: gettext_lazy("%(year)s年%(month)s月底"),
    Span.QUARTER: gettext_lazy("%(year)s年第%(quarter)s季度末"),
    Span.HALF_YEAR: gettext_lazy("%(year)s年%(half)s末"),
    Span.YEAR: gettext_lazy("%(year)s年底"),
}
FIRSTS: dict[Span, Any] = {
    Span.MONTH: gettext_lazy("%(year)s年%(month)s月前%(count)s个工作日"),
    Span.QUARTER: gettext_lazy("%(year)s年第%(quarter)s季度前%(count)s个工作日"),
    Span.HALF_YEAR: gettext_lazy("%(year)s年%(half)s前%(count)s个工作日"),
    Span.YEAR: gettext_lazy("%(year)s年前%(count)s个工作日"),
}
AFTER: dict[tuple[Event, Unit], Any] = {
    (Event.ISSUED, Unit.WORKDAYS): gettext_lazy("通知发出后%(count)s个工作日内"),
    (Event.RECEIVED, Unit.WORKDAYS): gettext_lazy("收到后%(count)s个工作日内"),
    (Event.APPOINTED, Unit.WORKDAYS): gettext_lazy("任命后%(count)s个工作日内"),
    (Event.OPENED, Unit.WORKDAYS): gettext_lazy("开始报送后%(count)s个工作日内"),
    (Event.ENDED, Unit.WORKDAYS): gettext_lazy("期满后%(count)s个工作日内"),
    (Event.ISSUED, Unit.DAYS): gettext_lazy("通知发出后%(count)s日内"),
    (Event.RECEIVED, Unit.DAYS): gettext_lazy("收到后%(count)s日内"),
    (Event.APPOINTED, Unit.DAYS): gettext_lazy("任命后%(count)s日内"),
    (Event.OPENED, Unit.DAYS): gettext_lazy("开始报送后%(count)s日内"),
    (Event.ENDED, Unit.DAYS): gettext_lazy("期满后%(count)s日内"),
}


def numeral(number: int) -> str:
    return (_("一"), _("二"), _("三"), _("四"))[number - 1]


def name_of(day: date, almanac: Almanac) -> str:
    """清明节; '' where the day has no name."""
    name = almanac.names.get(day, "")
    return FULL_NAMES.get(name, name)


def off_words(day: date, almanac: Almanac) -> str:
    """「4月30日劳动节放假」, 「4月30日周六」."""
    facts = {"day": month_and_day(day), "weekday": weekday(day), "name": name_of(day, almanac)}
    return (_("%(day)s%(name)s放假") if facts["name"] else _("%(day)s%(weekday)s")) % facts


def last_workday_words(due: date, almanac: Almanac) -> list[str]:
    if almanac.is_working(due):
        return []
    facts = {"last": month_and_day(almanac.on_or_before(due))}
    return [off_words(due, almanac), _("最后一个工作日是%(last)s") % facts]


def passed_words(first: date, due: date, almanac: Almanac) -> list[str]:
    """Weekdays off that were passed over, and weekend days that were worked, between two days."""
    days = [first + DAY * step for step in range((due - first).days + 1)]
    off = [day for day in days if day.weekday() < WEEKEND and not almanac.is_working(day)]
    made_up = [day for day in days if day.weekday() >= WEEKEND and almanac.is_working(day)]
    said = []
    if off:
        names = dict.fromkeys(name_of(day, almanac) or month_and_day(day) for day in off)
        said.append(_("%(names)s放假顺延计入") % {"names": listed(names)})
    if made_up:
        worked = listed(month_and_day(day) for day in made_up)
        said.append(_("%(days)s调休上班") % {"days": worked})
    return said
