"""One filter set for page, export and API."""

import django_filters as filters
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.filters import ChoicesFilter
from pilots.models import Unit

from .choices import ObjectionState, State
from .models import (
    Objection,
    ObjectionQuerySet,
    Result,
    ResultQuerySet,
    Round,
    RoundQuerySet,
    Scheme,
    Scorecard,
    ScorecardQuerySet,
)
from .queries.listing import not_handed_in


def named_units(text: str) -> QuerySet[Unit]:
    """Ids of bodies with a name or its beginning letters like that; the caller narrows to own rows."""
    return Unit.rows.searched(text).order_by().values("pk")


class RoundFilter(filters.FilterSet):
    """Rounds; `on` none: where a round stands is what it is today."""

    q = filters.CharFilter(label=_("名称或编号"), method="named")
    programme = filters.CharFilter(label=_("试点方案"), field_name="programme__code")
    state = ChoicesFilter(label=_("进度"), choices=State.choices)
    scheme = filters.CharFilter(label=_("指标体系"), field_name="scheme_version__scheme__code")

    class Meta:
        model = Round
        fields: list[str] = []

    def named(self, rows: RoundQuerySet, _name: str, value: str) -> RoundQuerySet:
        return rows.filter(Q(title__icontains=value) | Q(number__icontains=value))


class SchemeFilter(filters.FilterSet):
    """Schemes; `programme` leaves the examples out, `example` asks for them alone or not at all."""

    q = filters.CharFilter(label=_("名称"), field_name="title", lookup_expr="icontains")
    programme = filters.CharFilter(label=_("试点方案"), field_name="programme__code")
    example = filters.BooleanFilter(label=_("示例"), field_name="is_example")

    class Meta:
        model = Scheme
        fields: list[str] = []


class ScorecardFilter(filters.FilterSet):
    """Sheets. `open` are those on which the present step of their round waits for somebody; `dropped`
    those that were taken out."""

    q = filters.CharFilter(label=_("单位名称"), method="named")
    round = filters.CharFilter(label=_("评价编号"), field_name="round__number")
    programme = filters.CharFilter(label=_("试点方案"), field_name="round__programme__code")
    unit = filters.CharFilter(label=_("单位代码"), field_name="enrolment__unit__code")
    state = ChoicesFilter(label=_("进度"), field_name="round__state", choices=State.choices)
    open = filters.BooleanFilter(label=_("还没有提交"), method="waiting")
    dropped = filters.BooleanFilter(
        label=_("已移出"), field_name="dropped_on", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = Scorecard
        fields: list[str] = []

    def named(self, rows: ScorecardQuerySet, _name: str, value: str) -> ScorecardQuerySet:
        return rows.filter(enrolment__unit__in=named_units(value))

    def waiting(self, rows: ScorecardQuerySet, _name: str, value: bool) -> ScorecardQuerySet:
        found = Q(pk__in=[])
        for state in State.values:
            asked = not_handed_in(Scorecard.rows.standing().filter(round__state=state), state)
            found |= Q(pk__in=asked.values("pk"))
        return rows.filter(found) if value else rows.exclude(found)


class ResultFilter(filters.FilterSet):
    """Results. Of a round that was corrected there is one an edition; `newest` asks for the last."""

    q = filters.CharFilter(label=_("单位名称"), method="named")
    round = filters.CharFilter(label=_("评价编号"), field_name="edition__round__number")
    programme = filters.CharFilter(
        label=_("试点方案"), field_name="edition__round__programme__code"
    )
    unit = filters.CharFilter(label=_("单位代码"), field_name="scorecard__enrolment__unit__code")
    newest = filters.BooleanFilter(label=_("最新一版"), method="last")

    class Meta:
        model = Result
        fields: list[str] = []

    def named(self, rows: ResultQuerySet, _name: str, value: str) -> ResultQuerySet:
        return rows.filter(scorecard__enrolment__unit__in=named_units(value))

    def last(self, rows: ResultQuerySet, _name: str, value: bool) -> ResultQuerySet:
        is_last = Q(edition__number=F("edition__round__editions"))
        return rows.filter(is_last) if value else rows.exclude(is_last)


class ObjectionFilter(filters.FilterSet):
    """Objections."""

    q = filters.CharFilter(label=_("编号、指标或单位"), method="named")
    round = filters.CharFilter(label=_("评价编号"), field_name="scorecard__round__number")
    programme = filters.CharFilter(
        label=_("试点方案"), field_name="scorecard__round__programme__code"
    )
    unit = filters.CharFilter(label=_("单位"), field_name="scorecard__enrolment__unit__code")
    state = ChoicesFilter(label=_("状态"), choices=ObjectionState.choices)

    class Meta:
        model = Objection
        fields: list[str] = []

    def named(self, rows: ObjectionQuerySet, _name: str, value: str) -> ObjectionQuerySet:
        names = Q(scorecard__enrolment__unit__names__short_name__icontains=value)
        found = Q(number__icontains=value) | Q(indicator__name__icontains=value) | names
        return rows.filter(pk__in=Objection.rows.filter(found).values("pk"))
