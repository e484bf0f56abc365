"""Endpoints of posts and of the rules about them."""

from typing import Any

from django.db.models import QuerySet

from accounts.roles import Permission
from core.api.reading import READS
from pilots.api.viewsets import PackViewSet

from ...filters import PostFilter, PostRuleFilter
from ...models import Post, PostRule
from ..serializers import PostRuleSerializer, PostSerializer


class PostViewSet(PackViewSet):
    """岗位: one list for all programmes."""

    queryset = Post.objects.all()
    serializer_class = PostSerializer
    filterset_class = PostFilter
    permission_map = dict.fromkeys(READS, Permission.READ_PROGRAMME)
    ordering_fields = {"id": "code", "name": "name", "position": "position"}
    ordering = ("position", "code")

    def seen(self, rows: Any) -> QuerySet:
        return rows  # words of the trade, everybody's


class PostRuleViewSet(PackViewSet):
    """岗位规定: what a programme says about a post in certain units."""

    queryset = PostRule.objects.all()
    serializer_class = PostRuleSerializer
    filterset_class = PostRuleFilter
    permission_map = dict.fromkeys(READS, Permission.READ_PROGRAMME)
    ordering_fields = {
        "id": "code",
        "programme": "programme__code",
        "post": "post__code",
        "position": "position",
    }
    ordering = ("programme__position", "programme__code", "position", "code")
