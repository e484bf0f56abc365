"""One filter set a list, for page and API alike: reports, periods, editions, reviews."""

from typing import Any

import django_filters as filters
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.filters import ChoicesFilter

from .choices import Decision, Kind, Route, Status
from .models import Period, Report, ReportQuerySet, Review, Submission
from .queries.listing import searched


class ReportFilter(filters.FilterSet):
    """Reports: `late` those handed in after their last day; `q` number, title or unit."""

    q = filters.CharFilter(label=_("编号、标题或单位"), method="named")
    programme = filters.CharFilter(
        label=_("试点方案"), field_name="assignment__enrolment__programme__code"
    )
    unit = filters.CharFilter(label=_("单位代码"), field_name="assignment__enrolment__unit__code")
    kind = filters.ChoiceFilter(label=_("类型"), choices=Kind.choices)
    status = ChoicesFilter(label=_("办理状态"), choices=Status.choices)
    period = filters.CharFilter(label=_("报告期"), field_name="period__code")
    task = filters.CharFilter(label=_("任务编号"), field_name="assignment__number")
    late = filters.BooleanFilter(label=_("迟报"), method="too_late")

    class Meta:
        model = Report
        fields: list[str] = []

    def named(self, rows: ReportQuerySet, _name: str, value: str) -> ReportQuerySet:
        return searched(rows, value)

    def too_late(self, rows: ReportQuerySet, _name: str, value: bool) -> ReportQuerySet:
        late = Q(handed_in_on__gt=F("assignment__latest_on"))
        return rows.filter(late) if value else rows.exclude(late)


class PeriodFilter(filters.FilterSet):
    """Periods: `open` those that still take reports."""

    programme = filters.CharFilter(label=_("试点方案"), field_name="programme__code")
    code = filters.CharFilter(label=_("期次"))
    open = filters.BooleanFilter(label=_("未定稿"), field_name="closed_on", lookup_expr="isnull")

    class Meta:
        model = Period
        fields: list[str] = []


class SubmissionFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("编号、标题或单位"), method="named")
    unit = filters.CharFilter(
        label=_("单位代码"), field_name="report__assignment__enrolment__unit__code"
    )
    programme = filters.CharFilter(
        label=_("试点方案"), field_name="report__assignment__enrolment__programme__code"
    )
    report = filters.CharFilter(label=_("报告编号"), field_name="report__number")
    route = filters.ChoiceFilter(label=_("报送方式"), choices=Route.choices)

    class Meta:
        model = Submission
        fields: list[str] = []

    def named(self, rows: Any, _name: str, value: str) -> Any:
        return rows.filter(report__in=searched(Report.rows.all(), value))


class ReviewFilter(filters.FilterSet):
    """Reviews: `standing` those that were not taken back."""

    q = filters.CharFilter(label=_("编号、标题或单位"), method="named")
    unit = filters.CharFilter(
        label=_("单位代码"), field_name="submission__report__assignment__enrolment__unit__code"
    )
    report = filters.CharFilter(label=_("报告编号"), field_name="submission__report__number")
    decision = filters.ChoiceFilter(label=_("审核结果"), choices=Decision.choices)
    standing = filters.BooleanFilter(
        label=_("未撤销"), field_name="undone_at", lookup_expr="isnull"
    )

    class Meta:
        model = Review
        fields: list[str] = []

    def named(self, rows: Any, _name: str, value: str) -> Any:
        return rows.filter(submission__report__in=searched(Report.rows.all(), value))
