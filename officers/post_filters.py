"""The filters of posts, of the rules about them, and of hand-overs."""

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from .models import Handover, Post, PostRule


class PostFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("岗位"), method="named")

    class Meta:
        model = Post
        fields: list[str] = []

    def named(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(
            Q(name__icontains=value) | Q(name_en__icontains=value) | Q(code__icontains=value)
        )


class PostRuleFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("岗位规定"), method="named")
    programme = filters.CharFilter(label=_("试点方案"), field_name="programme__code")
    post = filters.CharFilter(label=_("岗位代码"), field_name="post__code")

    class Meta:
        model = PostRule
        fields: list[str] = []

    def named(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(Q(title__icontains=value) | Q(holder__icontains=value))


class HandoverFilter(filters.FilterSet):
    q = filters.CharFilter(label=_("编号或姓名"), method="named")
    unit = filters.CharFilter(label=_("单位代码"), field_name="unit__code")
    leaver = filters.UUIDFilter(label=_("移交人"), field_name="leaver__uuid")
    taker = filters.UUIDFilter(label=_("接收人"), field_name="taker__uuid")
    after = filters.DateFilter(label=_("交接不早于"), field_name="on", lookup_expr="gte")
    before = filters.DateFilter(label=_("交接不晚于"), field_name="on", lookup_expr="lte")

    class Meta:
        model = Handover
        fields: list[str] = []

    def named(self, rows: QuerySet, _name: str, value: str) -> QuerySet:
        return rows.filter(
            Q(number__icontains=value)
            | Q(leaver__name__icontains=value)
            | Q(taker__name__icontains=value)
        )
