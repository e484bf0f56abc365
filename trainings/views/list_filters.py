"""The filters of the page: those of the API, with units and kinds to choose from."""

import django_filters as filters
from django import forms
from django.utils.translation import gettext_lazy as _

from duties.views.task_filter import yes_or_no
from projects.views.list_filters import PageMixin

from ..choices import EventKind, EventStatus
from ..filters import EventFilter

FIRST = (
    "q", "kind", "unit", "status", "unproven", "declared", "counts", "after", "before", "form",
    "task", "programme",
)  # fmt: skip


class EventPageFilter(PageMixin, EventFilter):
    first = FIRST
    kind = filters.ChoiceFilter(label=_("类别"), choices=EventKind.choices)
    status = filters.ChoiceFilter(label=_("状态"), choices=EventStatus.choices)
    unit = filters.ChoiceFilter(label=_("举办单位"), method="hosted")
    counts = yes_or_no(_("已计入任务"), "counted")
    unproven = yes_or_no(_("还差签到表或材料"), "without_proof")
    declared = yes_or_no(_("申报待确认"), "waiting")
    programme = filters.CharFilter(
        label=_("试点方案"), field_name="programme__code", widget=forms.HiddenInput
    )
    task = filters.CharFilter(
        label=_("任务编号"), method="counted_towards", widget=forms.HiddenInput
    )

    class Meta(EventFilter.Meta):
        fields: list[str] = []
