"""The filters of the page of filings: those of the API, with programmes, units and desks to choose
from."""

from typing import Any

import django_filters as filters
from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from duties.views.task_filter import yes_or_no
from pilots.current import programmes_of
from pilots.models import Enrolment, Programme
from pilots.models.units import named_on

from ..choices import FilingStatus
from ..filters import FilingFilter
from ..models import Filing

FIRST = (
    "q", "status", "kind", "unit", "desk", "overdue", "mine", "route", "reported_after",
    "reported_before", "programme", "appointment",
)  # fmt: skip


class FilingPageFilter(FilingFilter):
    """What `/filings/` narrows by. `programme` (or None) is the one whose units are offered."""

    programme = filters.CharFilter(
        label=_("试点方案"), field_name="programme__code", widget=forms.HiddenInput
    )
    appointment = filters.CharFilter(
        label=_("任命编号"), field_name="appointment__number", widget=forms.HiddenInput
    )
    status = filters.ChoiceFilter(
        label=_("状态"), choices=FilingStatus.choices, empty_label=_("全部")
    )
    unit = filters.ChoiceFilter(label=_("报备单位"), field_name="unit__code")
    desk = filters.ChoiceFilter(label=_("备案机关"), field_name="desk__code")
    overdue = yes_or_no(_("超过备案时限"), "too_late")
    mine = yes_or_no(_("等本机关办理"), "at_my_desk")

    class Meta(FilingFilter.Meta):
        fields: list[str] = []

    def __init__(self, data: Any, *, programme: Programme | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.shown = [programme] if programme else programmes_of(self.request)
        self._choose("unit", self._units())
        self._choose("desk", self._desks())
        for name in ("reported_after", "reported_before"):
            self.filters[name].extra["widget"] = forms.DateInput({"type": "date"}, "%Y-%m-%d")
        self.filters["q"].extra["widget"] = forms.TextInput(
            {"type": "search", "placeholder": _("编号、文号、单位、姓名")}
        )
        for found in self.filters.values():
            if isinstance(found, filters.ChoiceFilter):
                found.extra["empty_label"] = _("全部")
        self.filters = {name: self.filters[name] for name in FIRST}

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        """What is in the address stays choosable, also from another programme."""
        asked = (self.data or {}).get(name)
        if asked and asked not in {code for code, _label in choices}:
            choices = [*choices, (asked, asked)]
        self.filters[name].extra["choices"] = choices

    def _units(self) -> list[tuple[str, str]]:
        rows = Enrolment.objects.visible_to(self.request.user).filter(
            programme__in=self.shown, withdrawn_on=None
        )
        found = rows.in_document_order().pilots()
        named = found.values_list("unit__code", named_on(clock.today(), "unit_id"))
        return list({code: name or code for code, name in named}.items())

    def _desks(self) -> list[tuple[str, str]]:
        rows = Filing.objects.visible_to(self.request.user).filter(programme__in=self.shown)
        named = rows.order_by("desk__code").values_list(
            "desk__code", named_on(clock.today(), "desk_id")
        )
        return [(code, name or code) for code, name in named.distinct()]
