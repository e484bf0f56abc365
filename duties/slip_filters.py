"""The filters of slips: one set for page and API."""

import django_filters as filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import clock
from core.filters import ChoicesFilter

from .choices import SlipLevel, SlipState
from .models import Slip
from .queries.extensions import searched


class SlipFilter(filters.FilterSet):
    """Slips. `overdue` are those whose answer is late."""

    q = filters.CharFilter(label=_("任务、单位或编号"), method="named")
    programme = filters.CharFilter(
        label=_("试点方案"), field_name="assignment__enrolment__programme__code"
    )
    state = ChoicesFilter(label=pgettext_lazy("slip", "回复状态"), choices=SlipState.choices)
    level = ChoicesFilter(label=_("级别"), choices=SlipLevel.choices)
    unit = filters.CharFilter(label=_("单位代码"), field_name="assignment__enrolment__unit__code")
    assignment = filters.CharFilter(label=_("任务编号"), field_name="assignment__number")
    overdue = filters.BooleanFilter(label=_("逾期未回复"), method="answer_is_late")
    sent_after = filters.DateFilter(label=_("发出不早于"), field_name="sent_on", lookup_expr="gte")
    sent_before = filters.DateFilter(label=_("发出不晚于"), field_name="sent_on", lookup_expr="lte")

    class Meta:
        model = Slip
        fields: list[str] = []

    def named(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return searched(rows, value)

    def answer_is_late(self, rows: QuerySet, _name: str, value: bool) -> QuerySet:
        late = {"state": SlipState.SENT, "reply_by__lt": clock.today()}
        return rows.filter(**late) if value else rows.exclude(**late)
