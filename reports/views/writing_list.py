"""/reports/: the reports that the reader may see, and what the own body has still to begin."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission
from core import clock
from core.columns import Column
from core.lists import ListPage
from duties.models import LightRule
from duties.views.lists import line_of
from duties.views.task_filter import yes_or_no
from pilots.current import current_programme, programmes_of
from pilots.models import Enrolment, Programme
from pilots.models.units import named_on

from ..choices import Status
from ..filters import ReportFilter
from ..models import Period, Report
from ..queries.listing import returned_why, to_begin

FIRST = ("q", "unit", "period", "status", "kind", "late", "task", "programme")
TONES = {Status.RETURNED: "back", Status.ACCEPTED: "over"}


class ReportPageFilter(ReportFilter):
    """What the page adds: units and periods to choose from."""

    filters: dict[str, Any]

    unit = django_filters.ChoiceFilter(
        label=gettext_lazy("单位"), field_name="assignment__enrolment__unit__code"
    )
    period = django_filters.ChoiceFilter(label=gettext_lazy("报告期"), field_name="period__code")
    status = django_filters.ChoiceFilter(label=gettext_lazy("办理状态"), choices=Status.choices)
    late = yes_or_no(gettext_lazy("迟报"), "too_late")
    task = django_filters.CharFilter(
        label=gettext_lazy("任务编号"), field_name="assignment__number", widget=forms.HiddenInput
    )
    programme = django_filters.CharFilter(
        label=gettext_lazy("试点方案"),
        field_name="assignment__enrolment__programme__code",
        widget=forms.HiddenInput,
    )

    class Meta(ReportFilter.Meta):
        fields: list[str] = []

    def __init__(self, data: Any, *, programme: Programme | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        shown = [programme] if programme else programmes_of(self.request)
        self.filters["q"].extra["widget"] = forms.TextInput(
            {"type": "search", "placeholder": self.filters["q"].label}
        )
        for found in self.filters.values():
            if isinstance(found, django_filters.ChoiceFilter):
                found.extra["empty_label"] = _("全部")
        self._choose("unit", self._units(shown))
        periods = Period.objects.visible_to(self.request.user).filter(programme__in=shown)
        self._choose("period", periods.order_by("-starts_on").values_list("code", "title"))
        self.filters = {name: self.filters[name] for name in FIRST}

    def _units(self, programmes: list[Programme]) -> Iterable[tuple[str, str]]:
        rows = Enrolment.objects.visible_to(self.request.user).filter(
            programme__in=programmes, withdrawn_on=None
        )
        named = rows.in_document_order().pilots()
        return named.values_list("unit__code", named_on(clock.today(), "unit_id"))

    def _choose(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        known = {code: label or code for code, label in choices}
        if asked := (self.data or {}).get(name):
            known.setdefault(asked, asked)
        self.filters[name].extra["choices"] = list(known.items())


@dataclass(frozen=True)
class Line:
    """One row: `light` and `word` are those of the task, as long as it is open."""

    row: Report
    light: str
    word: str
    why: list[str]
    is_late: bool

    @property
    def tone(self) -> str:
        return TONES.get(Status(self.row.status), "")


class ReportList(ListPage):
    """/reports/"""

    required_permission = Permission.READ_REPORTS
    template_name = "reports/report_list.html"
    label = gettext_lazy("报告")
    page_filter = ReportPageFilter
    ordering_fields = ("number", "title", "status", "assignment__due_on", "handed_in_on")
    ordering = ("-created_at",)
    columns = (
        Column("number", gettext_lazy("编号"), "fit", "number", short=""),
        Column("title", gettext_lazy("标题"), sort="title", is_title=True),
        Column("unit", gettext_lazy("单位")),
        Column("kind", gettext_lazy("类型"), "fit"),
        Column("period", gettext_lazy("报告期"), "fit"),
        Column("status", gettext_lazy("办理状态"), "fit", "status"),
        Column("due", gettext_lazy("截止"), "fit", "assignment__due_on"),
        Column("handed_in", gettext_lazy("报送日期"), "fit", "handed_in_on"),
        Column("why", gettext_lazy("退回意见")),
    )

    def filterset_class(self, data: QueryDict, **kwargs: Any) -> ReportPageFilter:
        """Without a programme in the address the current one is put there."""
        if self.programme and "programme" not in data and "task" not in data:
            data = data.copy()
            data["programme"] = self.programme.code
        return self.page_filter(data, programme=self.programme, **kwargs)

    @cached_property
    def programme(self) -> Programme | None:
        """None when the reader asks for every programme (`?programme=`)."""
        if self.request.GET.get("programme") == "":
            return None
        return current_programme(self.request)

    def get_queryset(self) -> Any:
        return Report.objects.visible_to(self.request.user).for_lists().with_unit_name()

    def get_context(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(**kwargs)
        rows = list(context["rows"])
        return {
            **context,
            "form": context["filter"].form,
            "lines": self.lines(rows),
            "programme": self.programme,
            "programmes": programmes_of(self.request),
            "to_begin": to_begin(self.request.user),
        }

    def lines(self, rows: list[Report]) -> list[Line]:
        rule, why = LightRule.for_day(clock.today()), returned_why(rows)
        found = []
        for row in rows:
            is_open = row.status in {Status.DRAFT, Status.TO_SIGN, Status.RETURNED}
            line = line_of(row.assignment, rule) if is_open else None
            found.append(
                Line(
                    row,
                    light=line.light if line else "",
                    word=line.word if line else "",
                    why=why.get(row.pk, []),
                    is_late=row.was_late(),
                )
            )
        return found
