"""The filters of posts and of the rules about them."""

import django_filters as filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from ..models import Post, PostRule


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
