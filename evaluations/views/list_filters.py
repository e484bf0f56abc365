"""The filters of the pages: those of the API, with choices for people."""

import django_filters as filters
from django import forms
from django.utils.translation import gettext_lazy as _

from ..choices import ObjectionState, State
from ..filters import ObjectionFilter, RoundFilter


def search_box(label: str) -> forms.TextInput:
    return forms.TextInput({"type": "search", "placeholder": label})


class RoundPageFilter(RoundFilter):
    q = filters.CharFilter(
        label=_("名称或编号"), method="named", widget=search_box(_("名称或编号"))
    )
    state = filters.ChoiceFilter(label=_("进度"), choices=State.choices, empty_label=_("全部"))
    scheme = filters.CharFilter(
        label=_("指标体系"), field_name="scheme_version__scheme__code", widget=forms.HiddenInput
    )
    programme = filters.CharFilter(
        label=_("试点方案"), field_name="programme__code", widget=forms.HiddenInput
    )

    class Meta(RoundFilter.Meta):
        fields: list[str] = []


class ObjectionPageFilter(ObjectionFilter):
    q = filters.CharFilter(
        label=_("编号、指标或单位"), method="named", widget=search_box(_("编号、指标或单位"))
    )
    state = filters.ChoiceFilter(
        label=_("状态"), choices=ObjectionState.choices, empty_label=_("全部")
    )
    round = filters.CharFilter(
        label=_("评价编号"), field_name="scorecard__round__number", widget=forms.HiddenInput
    )
    unit = filters.CharFilter(
        label=_("单位"), field_name="scorecard__enrolment__unit__code", widget=forms.HiddenInput
    )
    programme = filters.CharFilter(
        label=_("试点方案"),
        field_name="scorecard__round__programme__code",
        widget=forms.HiddenInput,
    )

    class Meta(ObjectionFilter.Meta):
        fields: list[str] = []
