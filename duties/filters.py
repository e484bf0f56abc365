"""Filters of areas, obligations and assignments: one set for page and API."""

from typing import Any

import django_filters as filters
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.filters import ChoicesFilter
from pilots.choices import Phase, UnitKind
from pilots.filters import OnDateMixin
from pilots.models import Unit

from .choices import COUNTED, OPEN, Level, Light, Nature, OrderState, Origin, RemarkRoute, Status
from .models import Assignment, DutyArea, LightRule, Obligation, Order, Remark
from .queries.extensions import with_extension_state


class DutyAreaFilter(filters.FilterSet):
    programme = filters.CharFilter(label=_("试点方案"), field_name="programme__code")
    q = filters.CharFilter(label=_("职责"), field_name="name", lookup_expr="icontains")

    class Meta:
        model = DutyArea
        fields: list[str] = []


class ObligationFilter(filters.FilterSet):
    programme = filters.CharFilter(label=_("试点方案"), field_name="programme__code")
    nature = filters.ChoiceFilter(label=_("性质"), choices=Nature.choices)
    origin = filters.ChoiceFilter(label=_("出处"), choices=Origin.choices)
    q = filters.CharFilter(label=_("规定任务"), method="named")

    class Meta:
        model = Obligation
        fields: list[str] = []

    def named(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(
            Q(title__icontains=value) | Q(short_title__icontains=value) | Q(code__icontains=value)
        )


class AssignmentFilter(OnDateMixin, filters.FilterSet):
    """Assignments. `light` is asked for the day of `?on=` (today unless told)."""

    q = filters.CharFilter(label=_("任务或单位"), method="named")
    programme = filters.CharFilter(label=_("试点方案"), field_name="enrolment__programme__code")
    light = filters.ChoiceFilter(label=_("时限灯"), choices=Light.choices, method="lit")
    status = ChoicesFilter(label=_("办理状态"), choices=Status.choices)
    unit = filters.CharFilter(label=_("单位代码"), field_name="enrolment__unit__code")
    unit_kind = filters.ChoiceFilter(
        label=_("单位类型"), choices=UnitKind.choices, method="of_kind"
    )
    obligation = filters.CharFilter(label=_("规定任务代码"), field_name="obligation__code")
    nature = filters.ChoiceFilter(
        label=_("性质"), choices=Nature.choices, field_name="obligation__nature"
    )
    origin = filters.ChoiceFilter(
        label=_("出处"), choices=Origin.choices, field_name="obligation__origin"
    )
    area = filters.CharFilter(label=_("职责代码"), field_name="obligation__area__code")
    due_after = filters.DateFilter(label=_("截止不早于"), field_name="due_on", lookup_expr="gte")
    due_before = filters.DateFilter(label=_("截止不晚于"), field_name="due_on", lookup_expr="lte")
    done_after = filters.DateFilter(label=_("完成不早于"), field_name="done_on", lookup_expr="gte")
    done_before = filters.DateFilter(label=_("完成不晚于"), field_name="done_on", lookup_expr="lte")
    open = filters.BooleanFilter(label=_("未完成"), method="is_open")
    on_time = filters.BooleanFilter(label=_("按时完成"), method="done_on_time")
    counted = filters.BooleanFilter(label=_("计入统计"), method="is_counted")
    followed = filters.BooleanFilter(label=_("方案跟踪中"), method="is_followed")
    extending = filters.BooleanFilter(label=_("延期审批中"), method="is_extending")
    # Which rows there are to narrow: those that one owes, or those that one helps with.
    helping = filters.BooleanFilter(label=_("协办"), method="nothing")
    on = filters.DateFilter(label=_("截至日期"), method="nothing")

    class Meta:
        model = Assignment
        fields: list[str] = []

    def named(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        unit = Unit.rows.searched(value).filter(pk=OuterRef("enrolment__unit_id"))
        return rows.filter(
            Q(number__icontains=value)
            | Q(obligation__title__icontains=value)
            | Q(obligation__short_title__icontains=value)
            | Exists(unit)
        )

    def of_kind(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        # A part without a kind of its own is that of the body.
        own, body = Q(enrolment__kind=value), Q(enrolment__kind="", enrolment__unit__kind=value)
        return rows.filter(own | body)

    def lit(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.with_light(value, LightRule.for_day(self.on))

    def is_open(self, rows: QuerySet, _name: str, value: bool) -> QuerySet:
        return rows.filter(status__in=OPEN) if value else rows.exclude(status__in=OPEN)

    def done_on_time(self, rows: QuerySet, _name: str, value: bool) -> QuerySet:
        in_time = Q(latest_on=None) | Q(done_on__lte=F("latest_on"))
        done = rows.filter(status=Status.DONE)
        return done.filter(in_time) if value else done.exclude(in_time)

    def is_counted(self, rows: QuerySet, _name: str, value: bool) -> QuerySet:
        """What rates and quotas count: all but withdrawn and not applicable."""
        return rows.filter(status__in=COUNTED) if value else rows.exclude(status__in=COUNTED)

    def is_followed(self, rows: QuerySet, _name: str, value: bool) -> QuerySet:
        running = Q(enrolment__programme__phase=Phase.RUNNING)
        return rows.filter(running if value else ~running)

    def is_extending(self, rows: QuerySet, _name: str, value: bool) -> QuerySet:
        return with_extension_state(rows, self.request.user).filter(is_extending=value)

    def nothing(self, rows: QuerySet, _name: str, _value: Any) -> QuerySet:
        return rows


class OrderFilter(filters.FilterSet):
    """Orders. `q` finds numbers, titles and source documents; `unit` those that name it."""

    q = filters.CharFilter(label=_("标题、编号或来源文件"), method="named")
    programme = filters.CharFilter(label=_("试点方案"), field_name="programme__code")
    state = ChoicesFilter(label=_("状态"), choices=OrderState.choices)
    level = filters.ChoiceFilter(label=_("级别"), choices=Level.choices)
    unit = filters.CharFilter(label=_("主办单位代码"), method="of_unit")
    due_after = filters.DateFilter(label=_("截止不早于"), field_name="due_on", lookup_expr="gte")
    due_before = filters.DateFilter(label=_("截止不晚于"), field_name="due_on", lookup_expr="lte")

    class Meta:
        model = Order
        fields: list[str] = []

    def named(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(
            Q(number__icontains=value)
            | Q(title__icontains=value)
            | Q(document_number__icontains=value)
            | Q(source_title__icontains=value)
            | Q(source_number__icontains=value)
        )

    def of_unit(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(leads__enrolment__unit__code=value)


class RemarkFilter(filters.FilterSet):
    """Remarks. `q` finds words, leaders and units; `standing` false are those that were struck out."""

    q = filters.CharFilter(label=_("内容、批示人或单位"), method="named")
    assignment = filters.CharFilter(label=_("任务编号"), field_name="assignment__number")
    programme = filters.CharFilter(
        label=_("试点方案"), field_name="assignment__enrolment__programme__code"
    )
    unit = filters.CharFilter(label=_("单位代码"), field_name="assignment__enrolment__unit__code")
    route = filters.ChoiceFilter(label=_("批示方式"), choices=RemarkRoute.choices)
    standing = filters.BooleanFilter(
        label=_("没有划去"), field_name="struck_at", lookup_expr="isnull"
    )
    said_after = filters.DateFilter(label=_("批示不早于"), field_name="said_on", lookup_expr="gte")
    said_before = filters.DateFilter(label=_("批示不晚于"), field_name="said_on", lookup_expr="lte")

    class Meta:
        model = Remark
        fields: list[str] = []

    def named(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        unit = Unit.rows.searched(value).filter(pk=OuterRef("assignment__enrolment__unit_id"))
        return rows.filter(
            Q(number__icontains=value)
            | Q(text__icontains=value)
            | Q(said_by__icontains=value)
            | Q(document_title__icontains=value)
            | Exists(unit)
        )
