"""One filter set a list, for page, export and API alike."""

from typing import Any

import django_filters as filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import clock
from core.filters import ChoicesFilter
from pilots.filters import OnDateMixin

from .choices import Alert, Decision, FindingStatus, Gate, Nature, ProjectKind, RecordKind, Route
from .models import Finding, FindingQuerySet, Opinion, Project, ProjectQuerySet, ProjectRecord
from .queries import findings, register
from .queries.standing import warned, with_decisions

NONE, ANY = "none", "any"
DECIDED = [*Decision.choices, (NONE, _("还没有意见"))]
LIVE, CLOSED, WITHDRAWN = "live", "closed", "withdrawn"
STATES = [(LIVE, _("未结束")), (CLOSED, _("已结束")), (WITHDRAWN, _("已撤销登记"))]
WARNINGS = [(ANY, _("有任何一种")), *Alert.choices]


class ProjectFilter(OnDateMixin, filters.FilterSet):
    """Projects. `approval` and `acceptance` ask what stands at the gate on the day of `on`, `warning`
    what a reader is warned of. Withdrawn ones only show when `state` asks for them."""

    q = filters.CharFilter(label=_("项目、编号或单位"), method="named")
    programme = filters.CharFilter(label=_("试点方案"), field_name="enrolment__programme__code")
    unit = filters.CharFilter(label=_("单位代码"), field_name="enrolment__unit__code")
    kind = filters.ChoiceFilter(label=_("类别"), choices=ProjectKind.choices)
    approval = filters.ChoiceFilter(label=_("立项意见"), choices=DECIDED, method="decided")
    acceptance = filters.ChoiceFilter(label=_("验收意见"), choices=DECIDED, method="decided")
    warning = filters.ChoiceFilter(label=_("提示"), choices=WARNINGS, method="warned_of")
    record = filters.ChoiceFilter(
        label=_("评价和协调"), choices=RecordKind.choices, method="recorded"
    )
    state = filters.ChoiceFilter(label=_("状态"), choices=STATES, method="nothing")
    on = filters.DateFilter(label=_("截至日期"), method="nothing")

    class Meta:
        model = Project
        fields: list[str] = []

    def filter_queryset(self, queryset: Any) -> Any:
        rows = super().filter_queryset(with_decisions(queryset, self.on))
        state = self.form.cleaned_data.get("state")
        if state == WITHDRAWN:
            return rows.filter(withdrawn_on__isnull=False)
        over = Q(closed_on__lt=self.on)
        if state == CLOSED:
            return rows.live().filter(over)
        return rows.live().exclude(over) if state == LIVE else rows.live()

    def named(self, rows: ProjectQuerySet, _name: str, value: str) -> ProjectQuerySet:
        return register.searched(rows, value)

    def decided(self, rows: ProjectQuerySet, name: str, value: str) -> ProjectQuerySet:
        return rows.filter(**{name: None if value == NONE else value})

    def warned_of(self, rows: ProjectQuerySet, _name: str, value: str) -> ProjectQuerySet:
        return warned(rows, "" if value == ANY else value, self.on)

    def recorded(self, rows: ProjectQuerySet, _name: str, value: str) -> ProjectQuerySet:
        return rows.filter(pk__in=ProjectRecord.rows.filter(kind=value).values("project"))

    def nothing(self, rows: ProjectQuerySet, _name: str, _value: Any) -> ProjectQuerySet:
        return rows  # read by `filter_queryset`


class OpinionFilter(filters.FilterSet):
    """Opinions, all of them: also those that another one took the place of."""

    programme = filters.CharFilter(
        label=_("试点方案"), field_name="project__enrolment__programme__code"
    )
    unit = filters.CharFilter(label=_("单位代码"), field_name="project__enrolment__unit__code")
    project = filters.CharFilter(label=_("项目编号"), field_name="project__number")
    gate = filters.ChoiceFilter(label=_("环节"), choices=Gate.choices)
    decision = filters.ChoiceFilter(
        label=pgettext_lazy("opinion", "意见"), choices=Decision.choices
    )
    route = filters.ChoiceFilter(label=_("出具方式"), choices=Route.choices)
    after = filters.DateFilter(label=_("出具不早于"), field_name="given_on", lookup_expr="gte")
    before = filters.DateFilter(label=_("出具不晚于"), field_name="given_on", lookup_expr="lte")
    q = filters.CharFilter(label=_("项目、编号或单位"), method="named")

    class Meta:
        model = Opinion
        fields: list[str] = []

    def named(self, rows: Any, _name: str, value: str) -> Any:
        found = register.searched(Project.objects.visible_to(self.request.user), value)
        return rows.filter(project__in=found)


class FindingFilter(filters.FilterSet):
    """Findings; `overdue` are those whose correction should be there by today."""

    q = filters.CharFilter(label=_("标题、编号、项目或单位"), method="named")
    programme = filters.CharFilter(label=_("试点方案"), field_name="enrolment__programme__code")
    unit = filters.CharFilter(label=_("单位代码"), field_name="enrolment__unit__code")
    status = ChoicesFilter(label=_("状态"), choices=FindingStatus.choices)
    nature = filters.ChoiceFilter(label=_("性质"), choices=Nature.choices)
    project = filters.CharFilter(label=_("项目编号"), field_name="project__number")
    open = filters.BooleanFilter(label=_("未完成"), method="is_open")
    overdue = filters.BooleanFilter(label=_("整改逾期"), method="too_late")
    due_before = filters.DateFilter(
        label=_("整改期限不晚于"), field_name="due_on", lookup_expr="lte"
    )

    class Meta:
        model = Finding
        fields: list[str] = []

    def named(self, rows: FindingQuerySet, _name: str, value: str) -> FindingQuerySet:
        return findings.searched(rows, value)

    def is_open(self, rows: FindingQuerySet, _name: str, value: bool) -> FindingQuerySet:
        return self._those(rows, rows.open(), value)

    def too_late(self, rows: FindingQuerySet, _name: str, value: bool) -> FindingQuerySet:
        return self._those(rows, rows.overdue(clock.today()), value)

    def _those(self, rows: FindingQuerySet, found: Any, wanted: bool) -> FindingQuerySet:
        return found if wanted else rows.exclude(pk__in=found.values("pk"))
