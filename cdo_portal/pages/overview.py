"""P2 履职总览: all units of a programme × duties and demands (house.md §6.1)."""

import re
from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from accounts.roles import Permission, Role
from core import charts, clock
from core.forms import DayField, Form
from core.htmx import render
from duties.choices import Origin
from duties.models import Assignment, LightRule
from duties.queries import Matrix, Tally, burn_up, matrix, tally
from pilots.access import roles_of
from pilots.choices import Part, UnitKind
from pilots.current import current_programme, programmes_of
from pilots.models import Enrolment, Programme
from pilots.queries import taking_part
from reports.models import Report
from trainings.models import Credit

from .facts import programme_facts, task_facts
from .links import link, tasks
from .overview_grid import grid_of
from .overview_order import Order, default_for, in_order
from .overview_period import Shown, banner, choices, period_facts, shown
from .overview_plain import plain_groups
from .overview_trend import rates, trend_chart
from .overview_words import lede, unknown_then
from .units_officers import Standing, standings, tile

AREA_CELL = re.compile(r"(\d{1,18})a(\d{1,2})")
TASK_CELL = re.compile(r"t(\d{1,18})")
REPORT_CELL = re.compile(r"p(\d{1,18})")
ORDERS_CELL = re.compile(r"o(\d{1,18})")


class OverviewForm(Form):
    """What the matrix shows and what narrows it. `programme` only travels along: it is switched beside
    the title. Period and order stand in the form also where the address leaves them out."""

    programme = forms.CharField(required=False, widget=forms.HiddenInput)
    period = forms.ChoiceField(label=gettext_lazy("报告期"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("单位类型"), required=False)
    on = DayField(
        label=gettext_lazy("截至日期"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    q = forms.CharField(
        label=gettext_lazy("单位名称"),
        required=False,
        widget=forms.TextInput({"type": "search", "placeholder": gettext_lazy("名称、拼音首字母")}),
    )
    exceptions = forms.BooleanField(label=gettext_lazy("只看异常"), required=False)
    sort = forms.ChoiceField(label=gettext_lazy("排序"), choices=Order.choices, required=False)

    def __init__(self, data: Any, programme: Programme, kinds: set[str], *, sort: str) -> None:
        how = data.get("sort", "")
        how = how if how in Order.values else sort
        self.given = {**data.dict(), "programme": programme.code, "sort": how}
        super().__init__(self.given)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            ("", _("全部")),
            *((kind.value, kind.label) for kind in UnitKind if kind.value in kinds),
        ]

    def offer(self, found: Shown) -> None:
        """The periods to choose from; none to choose where the bureau opened none."""
        if not found.periods:
            del self.fields["period"]
            return
        self.fields["period"].choices = choices(found.periods)  # type: ignore[attr-defined]
        self.given["period"] = found.code

    def value(self, name: str) -> Any:
        """The cleaned value; None where it was left out or makes no sense."""
        self.is_valid()
        return self.cleaned_data.get(name)


class OverviewView(View):
    required_permission = Permission.READ_OVERVIEW

    def get(self, request: HttpRequest) -> HttpResponse:
        programme = current_programme(request)
        if programme is None:
            raise Http404
        rule = LightRule.for_day(clock.read_day(request.GET.get("on", "")) or clock.today())
        among = taking_part(programme, user=request.user, on=rule.on)
        kinds = {row.kind for row in among if row.part == Part.PILOT}
        form = OverviewForm(request.GET, programme, kinds, sort=default_for(request.user))
        code = request.GET.get("period", "")
        period = shown(programme, code, user=request.user, rule=rule)
        form.offer(period)
        found = matrix(
            programme,
            user=request.user,
            rule=rule,
            kind=form.value("kind") or "",
            search=form.value("q") or "",
            only_exceptions=bool(form.value("exceptions")),
            since=period.since,
            among=among,
        )
        found = in_order(found, form.value("sort") or "")
        return render(request, "pages/overview.html", self._context(form, found, period, among))

    def _context(
        self, form: OverviewForm, found: Matrix, period: Shown, among: list[Enrolment]
    ) -> dict[str, Any]:
        programme, rule = found.programme, found.rule
        other_day = rule.on if rule.on != clock.today() else None
        present = self._standings(found)
        counts = tally(programme, user=self.request.user, rule=rule)
        return {
            "programme": programme,
            "programmes": programmes_of(self.request),
            "title": _("%(region)s履职总览") % {"region": programme.display_region},
            "lede": lede(found),
            "form": form,
            "found": found,
            "count": found.size,
            "late": counts.overdue,
            "facts": [
                *self._facts(found, period, counts),
                *tile(programme, user=self.request.user, on=rule.on, among=among),
            ],
            "worth": banner(period),
            "grid": grid_of(found, period, on=other_day, present=present)
            if found.areas or found.obligations
            else None,
            "plain": plain_groups(found, present),
            "on": rule.on,
            "other_day": other_day,
            "unknown_then": unknown_then(found),
            **self._trend(found, period),
            "programme_url": link("pilots:programme", programme.code),
            "units_url": link("unit-list", programme=programme.code),
        }

    def _facts(self, found: Matrix, period: Shown, counts: Tally) -> list[dict[str, Any]]:
        """Those of the period, or without one of the summary demand; then tasks."""
        programme, rule = found.programme, found.rule
        if period.period is not None:
            return [*period_facts(period), *task_facts(programme, counts, rule)]
        return programme_facts(programme, counts, rule) if counts.total else []

    def _trend(self, found: Matrix, period: Shown) -> dict[str, Any]:
        programme, rule, user = found.programme, found.rule, self.request.user
        return {
            "chart": self._chart(programme, rule.on),
            "trend": trend_chart(period.past),
            "rates": rates(programme, user=user, rule=rule),
            "opens_chart": Role.BUREAU_HEAD in roles_of(user),
        }

    def _standings(self, found: Matrix) -> dict[int, Standing] | None:
        """How each body stands with its CDO, where the programme has no areas to show."""
        if found.areas:
            return None
        parts = [row.enrolment for group in found.groups for row in group.rows]
        units = [row.unit for row in parts]
        on, user = found.rule.on, self.request.user
        return standings(found.programme, units, parts, user=user, on=on, with_filings=True)

    def _chart(self, programme: Programme, on: date) -> charts.Chart | None:
        points = burn_up(programme, user=self.request.user, on=on)
        if not points:
            return None
        now = next(point for point in points if point.day == on)
        behind = now.due - (now.done or 0)
        title = (
            _("到%(day)s，已完成比应完成少%(count)s件") % {"day": on, "count": behind}
            if behind > 0
            else _("到%(day)s，到期的任务都已完成") % {"day": on}
        )
        return charts.burn_up(title, points, on)


class CellView(View):
    """/overview/<cell>: from a cell to what it counts. <enrolment>a<place> are the items of an area in
    the unit's dossier, t<assignment> the events that count for one task or the task, p<assignment> the
    report that answers it, o<enrolment> the tasks that orders gave."""

    required_permission = Permission.READ_OVERVIEW

    def get(self, request: HttpRequest, cell: str) -> HttpResponse:
        if task := TASK_CELL.fullmatch(cell):
            return self._counted(self._task(task[1]))
        if report := REPORT_CELL.fullmatch(cell):
            return self._report(self._task(report[1]))
        if orders := ORDERS_CELL.fullmatch(cell):
            return redirect(self._orders(self._part(orders[1])))
        area = AREA_CELL.fullmatch(cell)
        if area is None:
            raise Http404
        part = self._part(area[1])
        query = {"programme": part.programme.code, "on": request.GET.get("on")}
        return redirect(f"{link('unit', part.unit.code, **query)}#a{area[2]}")

    def _task(self, key: str) -> Assignment:
        seen = Assignment.objects.visible_to(self.request.user)
        return get_object_or_404(seen, pk=key)

    def _part(self, key: str) -> Enrolment:
        seen = Enrolment.objects.visible_to(self.request.user)
        return get_object_or_404(seen.select_related("unit", "programme"), pk=key)

    def _counted(self, task: Assignment) -> HttpResponse:
        """The trainings and meetings that count for the task, else the task itself."""
        if Credit.objects.filter(assignment=task, mark__voided_at=None).exists():
            return redirect(link("trainings:event-list", programme="", task=task.number))
        return redirect("duties:assignment", task.number)

    def _report(self, task: Assignment) -> HttpResponse:
        """The report once it came to the bureau, else the task that asks for it."""
        known = Report.objects.visible_to(self.request.user).filter(assignment=task, editions__gt=0)
        report = known.first()
        if report is None:
            return redirect("duties:assignment", task.number)
        return redirect("reports:report", report.number)

    def _orders(self, part: Enrolment) -> str:
        on = clock.read_day(self.request.GET.get("on", ""))
        given = {"unit": part.unit.code, "origin": Origin.ORDER, "counted": "true"}
        return tasks(part.programme, on=on, **given)
