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
from duties.models import Assignment, LightRule
from duties.queries import Matrix, burn_up, matrix, tally
from pilots.access import roles_of
from pilots.choices import Part, UnitKind
from pilots.current import current_programme, programmes_of
from pilots.models import Enrolment, Programme

from .facts import programme_facts
from .links import link
from .overview_grid import grid_of
from .overview_plain import plain_groups
from .overview_words import lede, unknown_then
from .units_officers import Standing, standings, tile

AREA_CELL = re.compile(r"(\d{1,18})a(\d{1,2})")
TASK_CELL = re.compile(r"t(\d{1,18})")


class OverviewForm(Form):
    """What narrows the matrix. `programme` only travels along: it is switched beside the title."""

    programme = forms.CharField(required=False, widget=forms.HiddenInput)
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

    def __init__(self, data: Any, programme: Programme) -> None:
        super().__init__({**data.dict(), "programme": programme.code})
        kinds = programme.enrolments.filter(part=Part.PILOT).order_by()
        present = set(kinds.values_list("kind", flat=True).distinct())
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            ("", _("全部")),
            *((kind.value, kind.label) for kind in UnitKind if kind.value in present),
        ]

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
        form = OverviewForm(request.GET, programme)
        rule = LightRule.for_day(form.value("on") or clock.today())
        found = matrix(
            programme,
            user=request.user,
            rule=rule,
            kind=form.value("kind") or "",
            search=form.value("q") or "",
            only_exceptions=bool(form.value("exceptions")),
        )
        return render(request, "pages/overview.html", self._context(form, found))

    def _context(self, form: OverviewForm, found: Matrix) -> dict[str, Any]:
        programme, rule, user = found.programme, found.rule, self.request.user
        asked = form.value("on")
        other_day: date | None = asked if asked != clock.today() else None
        counts = tally(programme, user=user, rule=rule)
        present = self._standings(found)
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
                *(programme_facts(programme, counts, rule) if counts.total else []),
                *tile(programme, user=user, on=rule.on),
            ],
            "grid": grid_of(found, on=other_day, present=present)
            if found.areas or found.obligations
            else None,
            "plain": plain_groups(found, present),
            "on": rule.on,
            "other_day": other_day,
            "unknown_then": unknown_then(found),
            "chart": self._chart(programme, rule.on),
            "opens_chart": Role.BUREAU_HEAD in roles_of(user),
            "programme_url": link("pilots:programme", programme.code),
            "units_url": link("unit-list", programme=programme.code),
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
    """/overview/<enrolment>a<place> and /overview/t<assignment>: from a cell to what it counts, the
    items of an area in the unit's dossier or one assignment."""

    required_permission = Permission.READ_OVERVIEW

    def get(self, request: HttpRequest, cell: str) -> HttpResponse:
        if task := TASK_CELL.fullmatch(cell):
            seen = Assignment.objects.visible_to(request.user)
            return redirect("duties:assignment", get_object_or_404(seen, pk=task[1]).number)
        area = AREA_CELL.fullmatch(cell)
        if area is None:
            raise Http404
        seen = Enrolment.objects.visible_to(request.user).select_related("unit", "programme")
        enrolment = get_object_or_404(seen, pk=area[1])
        query = {"programme": enrolment.programme.code, "on": request.GET.get("on")}
        return redirect(f"{link('unit', enrolment.unit.code, **query)}#a{area[2]}")
