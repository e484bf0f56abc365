"""The filters of requests for a later day: one set for page and API."""

from typing import Any

import django_filters as filters
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from core.filters import ChoicesFilter

from .choices import OPEN_EXTENSIONS, ExtensionState
from .models import Extension
from .queries.extensions import searched, waiting_for_reader


class ExtensionFilter(filters.FilterSet):
    """Requests. `waiting` are those that wait for the reader: to sign, to change, to answer."""

    q = filters.CharFilter(label=_("任务、单位或编号"), method="named")
    programme = filters.CharFilter(
        label=_("试点方案"), field_name="assignment__enrolment__programme__code"
    )
    state = ChoicesFilter(label=_("状态"), choices=ExtensionState.choices)
    unit = filters.CharFilter(label=_("单位代码"), field_name="assignment__enrolment__unit__code")
    assignment = filters.CharFilter(label=_("任务编号"), field_name="assignment__number")
    open = filters.BooleanFilter(label=_("在办"), method="is_open")
    waiting = filters.BooleanFilter(label=_("等我办理"), method="waits_for_me")
    late = filters.BooleanFilter(label=_("逾期后申请"), method="asked_late")
    asked_after = filters.DateFilter(
        label=_("申请不早于"), field_name="asked_on", lookup_expr="gte"
    )
    asked_before = filters.DateFilter(
        label=_("申请不晚于"), field_name="asked_on", lookup_expr="lte"
    )

    class Meta:
        model = Extension
        fields: list[str] = []

    def named(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return searched(rows, value)

    def is_open(self, rows: QuerySet, _name: str, value: bool) -> QuerySet:
        states = {"state__in": OPEN_EXTENSIONS}
        return rows.filter(**states) if value else rows.exclude(**states)

    def waits_for_me(self, rows: QuerySet, _name: str, value: bool) -> QuerySet:
        mine = waiting_for_reader(rows, getattr(self.request, "user", None))
        return mine if value else rows.exclude(pk__in=mine.values("pk"))

    def asked_late(self, rows: QuerySet, _name: str, value: bool) -> QuerySet:
        late = {"asked_on__gt": F("latest_on")}
        return rows.filter(**late) if value else rows.exclude(**late)


def chosen_from(found: filters.Filter, choices: list[tuple[str, str]], asked: Any) -> None:
    """Offer `choices`; what is in the address stays choosable, also from another programme."""
    if asked and asked not in {code for code, _label in choices}:
        choices = [*choices, (asked, asked)]
    found.extra["choices"] = choices
