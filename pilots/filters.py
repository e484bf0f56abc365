"""Filters of programmes, documents, units and memberships: one set for page and API."""

from datetime import date
from typing import Any

import django_filters as filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.roles import Role
from core import clock

from .choices import Part, Phase, UnitKind
from .models import (
    Clause,
    Enrolment,
    Membership,
    PolicyDocument,
    Programme,
    SavedView,
    Unit,
)


class OnDateMixin:
    """`?on=` of a filter set; `on` is the clock's day when it is missing or not a date."""

    data: Any
    form: Any

    @property
    def on(self) -> date:
        # Read from the raw data: other filters need it before the form is cleaned.
        return clock.read_day((self.data or {}).get("on", "")) or clock.today()


class ProgrammeFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("名称"), method="named")
    phase = filters.ChoiceFilter(label=_("阶段"), choices=Phase.choices, empty_label=_("全部"))
    region = filters.CharFilter(label=_("行政区划代码"), field_name="region_code")

    class Meta:
        model = Programme
        fields: list[str] = []

    def named(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(
            Q(name__icontains=value) | Q(short_name__icontains=value) | Q(code__icontains=value)
        )


class PolicyDocumentFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("标题或文号"), method="named")
    programme = filters.CharFilter(label=_("试点方案"), field_name="programme__code")

    class Meta:
        model = PolicyDocument
        fields: list[str] = []

    def named(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(
            Q(title__icontains=value)
            | Q(number__icontains=value)
            | Q(aliases__icontains=value)
            | Q(issuer__icontains=value)
        )


class ClauseFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("条款内容"), field_name="text", lookup_expr="icontains")
    document = filters.CharFilter(label=_("文件"), field_name="document__code")
    programme = filters.CharFilter(label=_("试点方案"), field_name="document__programme__code")

    class Meta:
        model = Clause
        fields: list[str] = []


class UnitFilter(OnDateMixin, filters.FilterSet):
    """Units; `?programme=` means those that take part as pilots on the day."""

    q = filters.CharFilter(label=_("单位名称"), method="named")
    programme = filters.CharFilter(label=_("试点方案"), method="enrolled")
    part = filters.ChoiceFilter(label=_("参与方式"), choices=Part.choices, method="nothing")
    kind = filters.ChoiceFilter(label=_("单位类型"), choices=UnitKind.choices)
    is_slot = filters.BooleanFilter(label=_("待补名"))
    on = filters.DateFilter(label=_("截至日期"), method="nothing")

    class Meta:
        model = Unit
        fields: list[str] = []

    def named(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.searched(value)

    def nothing(self, rows: QuerySet, _name: str, _value: Any) -> QuerySet:
        return rows  # read by `enrolled` and by the page

    def enrolled(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        part = (self.data or {}).get("part") or Part.PILOT
        standing = Enrolment.rows.standing(self.on).filter(
            unit=OuterRef("pk"), programme__code=value, part=part
        )
        return rows.filter(Exists(standing))


class MembershipFilter(filters.FilterSet):
    unit = filters.CharFilter(label=_("单位"), field_name="unit__code")
    user = filters.CharFilter(label=_("账号"), field_name="user__username")
    role = filters.ChoiceFilter(label=_("身份"), choices=Role.choices)
    programme = filters.CharFilter(label=_("试点方案"), method="enrolled")
    on = filters.DateFilter(label=_("在岗日期"), method="live_on")
    q = filters.CharFilter(label=_("姓名或账号"), method="named")

    class Meta:
        model = Membership
        fields: list[str] = []

    def live_on(self, rows: QuerySet, _name: str, value: date) -> QuerySet:
        return rows.live(value)

    def enrolled(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(
            Exists(Enrolment.rows.filter(unit=OuterRef("unit_id"), programme__code=value))
        )

    def named(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(
            Q(user__display_name__icontains=value) | Q(user__username__icontains=value)
        )


class UnitMemberFilter(filters.FilterSet):
    """Units of a programme by the accounts they have; rows of `queries.units_with_members`."""

    q = filters.CharFilter(label=_("单位、姓名或账号"), method="named")
    missing = filters.ChoiceFilter(
        label=_("缺少账号"),
        choices=[
            ("any", _("缺任一种")),
            (Role.UNIT_CDO.value, _("缺首席数据官账号")),
            (Role.DATA_OFFICER.value, _("缺经办人账号")),
        ],
        method="lacking",
        empty_label=_("全部"),
    )
    kind = filters.ChoiceFilter(
        label=_("单位类型"), choices=UnitKind.choices, empty_label=_("全部")
    )

    class Meta:
        model = Unit
        fields: list[str] = []

    def named(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        people = Membership.rows.filter(
            Q(user__display_name__icontains=value) | Q(user__username__icontains=value),
            unit=OuterRef("pk"),
            revoked_at=None,
        )
        return rows.filter(Q(pk__in=Unit.rows.searched(value).values("pk")) | Q(Exists(people)))

    def lacking(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        if value == "any":
            return rows.filter(Q(cdo_count=0) | Q(clerk_count=0))
        return rows.filter(**{"cdo_count" if value == Role.UNIT_CDO else "clerk_count": 0})


class SavedViewFilter(filters.FilterSet):
    path = filters.CharFilter(label=_("列表"))
    programme = filters.CharFilter(label=_("共享给方案"), field_name="programme__code")
    shared = filters.BooleanFilter(
        label=_("已共享"), field_name="programme", lookup_expr="isnull", exclude=True
    )
    q = filters.CharFilter(label=_("名称"), field_name="name", lookup_expr="icontains")

    class Meta:
        model = SavedView
        fields: list[str] = []
