"""「本周要办」: what is due this week or overdue, a sheet for each 对口联系人, to be printed."""

from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from core import clock
from core.words import listed, weekday
from core.workdays import Calendar
from duties.models import Assignment, LightRule
from duties.queries.week import LiaisonWeek, by_liaison, due_in_week, monday_of
from duties.views.lists import line_of
from pilots.current import current_programme, programmes_of
from pilots.models import Programme

from .links import link, tasks

WEEK = timedelta(days=7)


class WeekView(View):
    """/week/, of any day in `?week=`; a week that is over has nothing left to do in it."""

    required_permission = Permission.READ_UNITS
    request: HttpRequest

    def get(self, request: HttpRequest) -> HttpResponse:
        programme = current_programme(request)
        return render(request, "pages/week.html", self.context(programme))

    @cached_property
    def monday(self) -> date:
        asked = clock.read_day(self.request.GET.get("week", "")) or clock.today()
        return max(monday_of(asked), monday_of(clock.today()))

    def context(self, programme: Programme | None) -> dict[str, Any]:
        today, sunday = clock.today(), self.monday + timedelta(days=6)
        this = monday_of(today)
        rule = LightRule.for_day(today)
        rows = self.rows(programme) if programme else []
        week = {"programme": programme.code if programme else None}
        return {
            "programme": programme,
            "programmes": programmes_of(self.request),
            "is_this_week": self.monday == this,
            "monday": self.monday,
            "sunday": sunday,
            "working": working_days(self.monday),
            "count": len(rows),
            "sheets": [sheet(each, rule) for each in by_liaison(rows)],
            "next_url": link("week", **week, week=self.monday + WEEK),
            "this_url": "" if self.monday == this else link("week", **week),
            "tasks_url": tasks(programme, due_before=sunday, open="true") if programme else "",
        }

    def rows(self, programme: Programme) -> list[Assignment]:
        return due_in_week(programme, user=self.request.user, monday=self.monday, on=clock.today())


def working_days(monday: date) -> str:
    """「周一、周二、周三」 of the working calendar; '' for a week without any."""
    days = [monday + timedelta(days=step) for step in range(7)]
    calendar = Calendar.around(monday, days[-1])
    return listed(weekday(day) for day in days if calendar.is_working(day))


def sheet(each: LiaisonWeek, rule: LightRule) -> dict[str, Any]:
    return {
        "title": _("对口联系人：%(who)s") % {"who": each.liaison}
        if each.liaison
        else _("未指定对口联系人"),
        "count": each.count,
        "units": [
            {"unit": unit.unit, "lines": [line_of(row, rule) for row in unit.rows]}
            for unit in each.units
        ],
    }
