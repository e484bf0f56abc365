"""「谁会在4月25日收到什么」: a calendar of what would be told, before a rule or a programme goes live."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from accounts.roles import Permission
from core import clock, spreadsheets
from core.workdays import DAY, Calendar

from .. import queries
from ..choices import Channel, Manner
from ..services import Planned
from ..simulate_forms import SimulateForm, planned

SPAN = timedelta(days=13)  # two weeks, unless somebody asks
MOST_LINES = 400  # shown; the workbook has all


@dataclass
class Line:
    """One thing for one recipient on a day, by the channels that carry it."""

    planned: Planned
    unit: str
    channels: list[str] = field(default_factory=list)
    at: datetime | None = None


@dataclass
class Day:
    """A day of the calendar: what it brings, and whether it is a working day."""

    on: date
    is_working: bool
    is_asked: bool
    lines: list[Line] = field(default_factory=list)
    people: int = 0
    messages: int = 0


class SimulatorPage(View):
    """/deliveries/simulator/?programme=…&from=…&to=…"""

    required_permission = Permission.READ_DELIVERIES
    request: HttpRequest

    def get(self, request: HttpRequest) -> HttpResponse:
        form = SimulateForm(self.asked(), programmes=queries.programmes_overseen(request.user))
        rows = planned(form) if form.is_valid() else None
        if rows is None:
            has_none = not queries.programmes_overseen(request.user).exists()
            context = {"form": form, "has_none": has_none}
            status = 200 if has_none else 422
            return render(request, "reminders/simulator.html", context, status=status)
        return self.answer(form, rows)

    def asked(self) -> QueryDict:
        """The address, with the first programme and the coming two weeks where it says nothing."""
        given = self.request.GET.copy()
        today = clock.today()
        if "from" not in given:
            given["from"] = f"{today}"
        if "to" not in given:
            given["to"] = f"{(clock.read_day(given['from']) or today) + SPAN}"
        if "programme" not in given:
            first = queries.programmes_overseen(self.request.user).first()
            given["programme"] = first.code if first else ""
        return given

    def answer(self, form: SimulateForm, rows: list[Planned]) -> HttpResponse:
        facts = form.cleaned_data
        days = days_of(rows, facts["from"], facts["to"])
        shown, left = cut([day for day in days if day.lines])
        context = {
            "form": form,
            "programme": facts["programme"],
            "weeks": weeks_of(days),
            "days": shown,
            "left": left,
            "most": MOST_LINES,
            "said": said(days),
            "export_url": f"{reverse('reminders:simulator-export')}?{self.asked().urlencode()}",
        }
        return render(self.request, "reminders/simulator.html", context)


class SimulatorExport(SimulatorPage):
    """/deliveries/simulator.xlsx: every line of the calendar, a channel each."""

    def answer(self, form: SimulateForm, rows: list[Planned]) -> HttpResponse:
        facts = form.cleaned_data
        notes = [
            facts["programme"].display_name,
            _("%(first)s至%(last)s") % {"first": facts["from"], "last": facts["to"]},
            _("导出人%(who)s，%(day)s") % {"who": self.request.user, "day": clock.today()},
        ]
        names = queries.names_by_code(row.unit for row in rows)
        cells = (_cells(row, names) for row in rows)
        content = spreadsheets.workbook(_("提醒预览"), _columns(), cells, notes)
        answer = HttpResponse(content, content_type=spreadsheets.MEDIA_TYPE)
        name = _("提醒预览_%(first)s至%(last)s.xlsx")
        name %= {"first": facts["from"], "last": facts["to"]}
        answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
        return answer


def days_of(rows: list[Planned], first: date, last: date) -> list[Day]:
    """Every day of whole weeks around the range, with what it brings."""
    calendar = Calendar.around(first, last)
    names = queries.names_by_code(row.unit for row in rows)
    by_day: dict[date, dict[Any, Line]] = defaultdict(dict)
    for row in rows:
        key = (row.username or row.recipient, row.type, row.subject, row.stage, row.title)
        unit = names.get(row.unit, "")
        line = by_day[row.on].setdefault(key, Line(row, unit))
        line.channels.append(str(Channel(row.channel).label))
        line.at = row.at if row.channel != Channel.INBOX else line.at
    start, end = first - DAY * first.weekday(), last + DAY * (6 - last.weekday())
    found = []
    for step in range((end - start).days + 1):
        on = start + DAY * step
        lines = list(by_day[on].values())
        day = Day(on, calendar.is_working(on), first <= on <= last, lines)
        day.people = len({line.planned.username or line.planned.recipient for line in lines})
        day.messages = _messages(rows, on)
        found.append(day)
    return found


def _messages(rows: Iterable[Planned], on: date) -> int:
    """How many messages leave: what one recipient hears by one channel at one moment is one."""
    left = [row for row in rows if row.on == on and row.channel != Channel.INBOX]
    return len({(row.username or row.recipient, row.channel, row.at, row.manner) for row in left})


def weeks_of(days: list[Day]) -> list[list[Day]]:
    return [days[place : place + 7] for place in range(0, len(days), 7)]


def cut(days: list[Day]) -> tuple[list[Day], int]:
    """As many whole days as fit on a page (one at least), and how many lines are left out."""
    shown: list[Day] = []
    count = 0
    for day in days:
        if shown and count + len(day.lines) > MOST_LINES:
            break
        shown.append(day)
        count += len(day.lines)
    return shown, sum(len(day.lines) for day in days) - count


def said(days: list[Day]) -> str:
    """「今天会发给27人」 where today is among the days, and the sum of all."""
    today = next((day for day in days if day.is_asked and day.on == clock.today()), None)
    people = {line.planned.username or line.planned.recipient for day in days for line in day.lines}
    facts = {"days": sum(1 for day in days if day.lines), "people": len(people)}
    parts = []
    if today is not None:
        text = ngettext("今天会发给%(count)s人", "今天会发给%(count)s人", today.people)
        parts.append(text % {"count": today.people} + _("。"))
    parts.append(_("这段时间有%(days)s天要提醒，共%(people)s人。") % facts)
    return "".join(parts)


def _columns() -> list[spreadsheets.Column]:
    return [
        spreadsheets.Column(label)
        for label in (
            _("日期"), _("工作日"), _("时间"), _("收件人"), _("单位"), _("任务编号"), _("内容"),
            _("阶段"), _("渠道"), _("方式"), _("原因"),
        )
    ]  # fmt: skip


def _cells(row: Planned, names: dict[str, str]) -> list[Any]:
    channel, manner = Channel(row.channel).label, Manner(row.manner).label
    return [
        row.on, row.is_working, f"{row.at:%H:%M}", row.recipient, names.get(row.unit, ""),
        row.assignment, row.title, row.stage, str(channel), str(manner), row.reason,
    ]  # fmt: skip
