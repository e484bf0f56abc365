"""时限规则与节假日: the calendar of a year; days are mended with the notice, after a look at the effect."""

from calendar import Calendar as Weeks
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from core import clock
from core.forms import put_errors
from core.listing import whole_number
from core.models import WorkingDay
from core.workdays import WEEKEND
from duties import services
from pilots import access

from .settings_forms import OFF, WORK, DaysForm

DAYS = Weeks(firstweekday=0)


class CalendarPage(View):
    """/settings/calendar/?year=2022"""

    required_permission = Permission.READ_SETTINGS
    request: HttpRequest

    def get(self, request: HttpRequest) -> HttpResponse:
        day = clock.read_day(request.GET.get("day", ""))
        return self.page(DaysForm(initial=initial(day) if day else {}))

    def page(self, form: DaysForm, status: int = 200) -> HttpResponse:
        year, today = self.year(), clock.today()
        rows = {row.day: row for row in WorkingDay.objects.filter(day__year=year)}
        span = WorkingDay.objects.aggregate(first=Min("day__year"), last=Max("day__year"))
        guessed = not any(not row.is_provisional for row in rows.values())
        context = {
            "year": year,
            "years": range(span["first"], span["last"] + 1) if span["first"] else [],
            "months": [month(year, number, rows, today) for number in range(1, 13)],
            "total": sum(row.is_working for row in rows.values()),
            "is_known": bool(rows),
            "is_guessed": guessed,
            "named": sorted((row for row in rows.values() if is_odd(row)), key=lambda row: row.day),
            "may_change": self.may_change(),
            "may_add": year <= today.year + services.YEARS_AHEAD,
            "form": form,
        }
        return render(self.request, "pages/settings/calendar.html", context, status=status)

    def year(self) -> int:
        asked = whole_number(self.request.GET.get("year", ""))
        day = clock.read_day(self.request.GET.get("day", ""))
        if asked is not None and clock.FIRST_DAY.year < asked <= clock.LAST_DAY.year:
            return asked
        return (day or clock.today()).year

    def may_change(self) -> bool:
        return access.may(self.request.user, Permission.MANAGE_SYSTEM)


class CalendarChange(CalendarPage):
    """POST /settings/calendar/change/: first the effect, then, confirmed, the change itself."""

    required_permission = Permission.MANAGE_SYSTEM

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("settings-calendar")

    def post(self, request: HttpRequest) -> HttpResponse:
        form = DaysForm(request.POST)
        if not form.is_valid():
            return self.page(form, 422)
        if "back" in request.POST:
            return self.page(form)
        facts = form.cleaned_data
        is_rehearsal = "confirmed" not in request.POST
        try:
            with transaction.atomic():
                effect = services.set_workdays(
                    facts["first"],
                    facts["last"] or facts["first"],
                    is_working=facts["kind"] == WORK,
                    name=facts["name"],
                    basis=facts["basis"],
                    by=request.user,
                    on=clock.today(),
                )
                transaction.set_rollback(is_rehearsal)
        except ValidationError as error:
            put_errors(form, error)
            return self.page(form, 422)
        if is_rehearsal:
            return self.check(form, effect)
        said = _("工作日历已改，%(tasks)s项任务的最后工作日随之变化。")
        messages.success(request, said % {"tasks": effect.tasks})
        return redirect(f"{reverse('settings-calendar')}?year={facts['first'].year}")

    def check(self, form: DaysForm, effect: Any) -> HttpResponse:
        context = {
            "form": form,
            "facts": form.cleaned_data,
            "effect": effect,
            "kind": dict(form.fields["kind"].choices)[form.cleaned_data["kind"]],  # type: ignore[attr-defined]
            "year": form.cleaned_data["first"].year,
        }
        return render(self.request, "pages/settings/calendar_check.html", context)

    def year(self) -> int:
        day = clock.read_day(self.request.POST.get("first", ""))
        return (day or clock.today()).year


class CalendarYear(View):
    """POST /settings/calendar/year/: enter a year by the weekday rule until its notice comes."""

    required_permission = Permission.MANAGE_SYSTEM
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        year = whole_number(request.POST.get("year", "")) or 0
        try:
            services.add_year(year, by=request.user, on=clock.today())
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("settings-calendar")
        messages.success(request, _("%(year)s年已按周末规则登记。") % {"year": year})
        return redirect(f"{reverse('settings-calendar')}?year={year}")


def initial(day: date) -> dict[str, Any]:
    """The form for a day as the table has it, to be turned round."""
    row = WorkingDay.objects.filter(pk=day).first()
    works = row.is_working if row else day.weekday() < WEEKEND
    return {"first": day, "kind": OFF if works else WORK, "name": row.name if row else ""}


def is_odd(row: WorkingDay) -> bool:
    """It is not what its weekday says."""
    return row.is_working != (row.day.weekday() < WEEKEND)


def month(year: int, number: int, rows: dict[date, WorkingDay], today: date) -> dict[str, Any]:
    """{"number", "workdays", "weeks": [[cell or None]]} of a month."""
    weeks = [
        [cell(day, rows.get(day), today) if day.month == number else None for day in week]
        for week in DAYS.monthdatescalendar(year, number)
    ]
    works = [row for row in rows.values() if row.day.month == number and row.is_working]
    return {"number": number, "workdays": len(works), "weeks": weeks}


def cell(day: date, row: WorkingDay | None, today: date) -> dict[str, Any]:
    """One day: `mark` 休 or 班 where it is not what its weekday says, or a holiday by name."""
    works = row.is_working if row else day.weekday() < WEEKEND
    is_marked = row is not None and (is_odd(row) or bool(row.name))
    mark = (_("班") if works else _("休")) if is_marked else ""
    tone = "made" if mark and works else "free" if mark else "" if works else "rest"
    name = row.name if row else ""
    return {"day": day, "mark": mark, "name": name, "tone": tone, "is_today": day == today}
