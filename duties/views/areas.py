"""职责: one duty area with its items, how far the units are, and 登记进展."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from core import clock
from core.errors import Refused
from core.views import RefusalMixin
from pilots import access
from pilots.models import Enrolment

from .. import services
from ..forms import ProgressForm
from ..models import Assignment, DutyArea, ItemProgress, LightRule
from ..queries.progress import ItemState, bodies, item_states
from .lists import Line, line_of

MOST = 100


class AreaPage(View):
    """/areas/<code>/"""

    required_permission = Permission.READ_PROGRAMME
    template_name = "duties/area.html"
    request: HttpRequest

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        return self.page()

    @cached_property
    def area(self) -> DutyArea:
        rows = DutyArea.objects.visible_to(self.request.user)
        rows = rows.select_related("programme", "clause__document")
        return get_object_or_404(rows, code=self.kwargs["code"])

    @cached_property
    def bodies(self) -> list[Enrolment]:
        return bodies(self.area, user=self.request.user, on=clock.today())

    @cached_property
    def states(self) -> list[ItemState]:
        return item_states(self.area, self.bodies, on=clock.today())

    @cached_property
    def manages(self) -> bool:
        return access.may(
            self.request.user, Permission.MANAGE_ASSIGNMENTS, programme=self.area.programme
        )

    def page(self, status: int = 200, **given: Any) -> HttpResponse:
        return render(self.request, self.template_name, {**self.context(), **given}, status=status)

    def context(self) -> dict[str, Any]:
        return {
            "area": self.area,
            "states": self.states,
            "done": sum(state.done for state in self.states),
            "total": sum(state.total for state in self.states),
            "lines": self.lines(),
            "manages": self.manages,
            "progress": self.form(None) if self.manages and self.states else None,
        }

    def form(self, data: Any) -> ProgressForm:
        items = [(state.item.pk, state.item.name) for state in self.states]
        units = [(row.pk, row.unit.display_name) for row in self.bodies]
        asked = self.request.GET
        initial = {"item": asked.get("item"), "unit": asked.get("unit")}
        return ProgressForm(data, items=items, units=units, initial=initial)

    def lines(self) -> list[Line]:
        """The assignments that belong to the area."""
        rows = (
            Assignment.objects.visible_to(self.request.user)
            .filter(obligation__area=self.area)
            .counted()
            .for_lists()
            .with_done()
            .order_by("obligation__position", "enrolment__position", "number")
        )
        rule = LightRule.for_day(clock.today())
        return [line_of(row, rule) for row in rows[:MOST]]


class ProgressView(RefusalMixin, AreaPage):
    """POST /areas/<code>/progress/"""

    required_permission = Permission.MANAGE_ASSIGNMENTS

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        return redirect("duties:area", code)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        access.require(request.user, Permission.MANAGE_ASSIGNMENTS, programme=self.area.programme)
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(422, progress=form, sent_back=form)
        facts = form.cleaned_data
        item = next(state.item for state in self.states if str(state.item.pk) == facts["item"])
        body = next(row for row in self.bodies if str(row.pk) == facts["unit"])
        try:
            services.record_progress(
                item,
                body,
                source_key=form.source_key(),
                happened_on=facts["happened_on"],
                summary=facts["summary"],
                by=request.user,
            )
        except Refused as refusal:
            return self.page(refusal.status, progress=form, sent_back=form, refusal=str(refusal))
        messages.success(request, _("已登记%(unit)s的进展。") % {"unit": body.unit.display_name})
        return redirect("duties:area", code)


class VoidProgressView(RefusalMixin, AreaPage):
    """POST /areas/<code>/progress/<pk>/void/"""

    required_permission = Permission.MANAGE_ASSIGNMENTS

    def get(self, request: HttpRequest, code: str, **kwargs: Any) -> HttpResponse:
        return redirect("duties:area", code)

    def post(self, request: HttpRequest, code: str, pk: int) -> HttpResponse:
        access.require(request.user, Permission.MANAGE_ASSIGNMENTS, programme=self.area.programme)
        rows = ItemProgress.objects.visible_to(request.user).filter(item__area=self.area)
        row = get_object_or_404(rows, pk=pk)
        services.void_progress(row, by=request.user)
        messages.success(request, _("这条进展已作废，不再计入。"))
        return redirect("duties:area", code)
