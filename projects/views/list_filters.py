"""The filters of the pages: those of the API, with programmes and units to choose from."""

from typing import Any

import django_filters as filters
from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from duties.views.task_filter import yes_or_no
from pilots.current import programmes_of
from pilots.models import Enrolment, Programme
from pilots.models.units import named_on

from ..choices import FindingStatus
from ..filters import FindingFilter, ProjectFilter

PROJECT_FIRST = (
    "q", "unit", "approval", "acceptance", "warning", "state", "kind", "record", "on", "programme",
)  # fmt: skip
FINDING_FIRST = (
    "q", "unit", "status", "overdue", "nature", "open", "due_before", "project", "programme",
)  # fmt: skip


class PageMixin:
    """What the page adds: units of the programmes shown, boxes for days, 「全部」."""

    filters: dict[str, Any]
    request: Any
    first: tuple[str, ...] = ()

    def __init__(self, data: Any, *, programme: Programme | None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)  # type: ignore[call-arg]
        self._choose_units([programme] if programme else programmes_of(self.request))
        self.filters["q"].extra["widget"] = forms.TextInput(
            {"type": "search", "placeholder": self.filters["q"].label}
        )
        for found in self.filters.values():
            if isinstance(found, filters.ChoiceFilter):
                found.extra["empty_label"] = _("全部")
            if isinstance(found, filters.DateFilter):
                found.extra["widget"] = forms.DateInput({"type": "date"}, "%Y-%m-%d")
        self.filters = {name: self.filters[name] for name in self.first}

    def _choose_units(self, programmes: list[Programme]) -> None:
        rows = Enrolment.objects.visible_to(self.request.user).filter(
            programme__in=programmes, withdrawn_on=None
        )
        named = rows.in_document_order().pilots()
        choices = dict(named.values_list("unit__code", named_on(clock.today(), "unit_id")))
        asked = (self.data or {}).get("unit")  # type: ignore[attr-defined]
        if asked:
            choices.setdefault(asked, asked)
        self.filters["unit"].extra["choices"] = [
            (code, name or code) for code, name in choices.items()
        ]


class ProjectPageFilter(PageMixin, ProjectFilter):
    first = PROJECT_FIRST
    unit = filters.ChoiceFilter(label=_("单位"), field_name="enrolment__unit__code")
    programme = filters.CharFilter(
        label=_("试点方案"), field_name="enrolment__programme__code", widget=forms.HiddenInput
    )

    class Meta(ProjectFilter.Meta):
        fields: list[str] = []


class FindingPageFilter(PageMixin, FindingFilter):
    first = FINDING_FIRST
    unit = filters.ChoiceFilter(label=_("单位"), field_name="enrolment__unit__code")
    status = filters.ChoiceFilter(label=_("状态"), choices=FindingStatus.choices)
    open = yes_or_no(_("未完成"), "is_open")
    overdue = yes_or_no(_("整改逾期"), "too_late")
    programme = filters.CharFilter(
        label=_("试点方案"), field_name="enrolment__programme__code", widget=forms.HiddenInput
    )
    project = filters.CharFilter(
        label=_("项目编号"), field_name="project__number", widget=forms.HiddenInput
    )

    class Meta(FindingFilter.Meta):
        fields: list[str] = []
