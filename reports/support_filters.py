"""The filters of requests for support: one set for page and API."""

import django_filters as filters
from django.utils.translation import gettext_lazy as _

from core import clock
from core.filters import ChoicesFilter

from .choices import SUPPORT_OPEN, SupportKind, SupportNature, SupportStatus
from .models import SupportRequest
from .models.support import SupportRequestQuerySet as Rows
from .queries.support import searched, waiting_for_reader


class SupportFilter(filters.FilterSet):
    """Requests. `waiting` are those that wait for the reader: for an answer, or for the word that it
    helped; `overdue` those not answered by the day that the bureau set."""

    q = filters.CharFilter(label=_("标题、单位或编号"), method="named")
    programme = filters.CharFilter(label=_("试点方案"), field_name="enrolment__programme__code")
    unit = filters.CharFilter(label=_("单位代码"), field_name="enrolment__unit__code")
    nature = filters.ChoiceFilter(label=_("性质"), choices=SupportNature.choices)
    kind = filters.ChoiceFilter(label=_("支持事项"), choices=SupportKind.choices)
    status = ChoicesFilter(label=_("状态"), choices=SupportStatus.choices)
    report = filters.CharFilter(label=_("报告编号"), field_name="report__number")
    open = filters.BooleanFilter(label=_("待答复"), method="is_open")
    overdue = filters.BooleanFilter(label=_("超期"), method="is_overdue")
    waiting = filters.BooleanFilter(label=_("等我办理"), method="waits_for_me")
    raised_after = filters.DateFilter(
        label=_("提出不早于"), field_name="raised_on", lookup_expr="gte"
    )
    raised_before = filters.DateFilter(
        label=_("提出不晚于"), field_name="raised_on", lookup_expr="lte"
    )

    class Meta:
        model = SupportRequest
        fields: list[str] = []

    def named(self, rows: Rows, _name: str, value: str) -> Rows:
        return searched(rows, value)

    def is_open(self, rows: Rows, _name: str, value: bool) -> Rows:
        states = {"status__in": SUPPORT_OPEN}
        return rows.filter(**states) if value else rows.exclude(**states)

    def is_overdue(self, rows: Rows, _name: str, value: bool) -> Rows:
        late = rows.overdue(clock.today())
        return late if value else rows.exclude(pk__in=late.values("pk"))

    def waits_for_me(self, rows: Rows, _name: str, value: bool) -> Rows:
        mine = waiting_for_reader(rows, getattr(self.request, "user", None))
        return mine if value else rows.exclude(pk__in=mine.values("pk"))
