"""`/notices/preferences/`: what the caller does not want outside the portal."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import LOGGED_IN
from core.api import PlainSerializer
from core.api.inputs import Choice, Choices, InputSerializer
from core.api.writing import WriteViewSet

from .. import services
from ..choices import ALWAYS_TOLD, Topic
from ..models import Preference


class PreferenceSerializer(PlainSerializer):
    """`muted` are the topics that are switched off; `fixed` those that nobody can switch off."""

    muted = serializers.ListField(child=serializers.ChoiceField(choices=Topic.choices))
    fixed = serializers.SerializerMethodField()
    version = serializers.IntegerField()

    def get_fixed(self, _row: Preference) -> list[str]:
        return sorted(ALWAYS_TOLD)


class PreferenceInput(InputSerializer):
    muted = Choices(child=Choice(choices=Topic.choices))


class PreferenceViewSet(WriteViewSet):
    """通知设置: the caller's own, and nobody else's."""

    queryset = Preference.objects.all()
    serializer_class = PreferenceSerializer
    filterset_class = None
    permission_map = dict.fromkeys(("retrieve", "partial_update"), LOGGED_IN)
    inputs = {"partial_update": PreferenceInput}
    detail = True

    def get_object(self) -> Any:
        own = Preference.objects.filter(user=self.request.user).first()
        return own or Preference(user=self.request.user)

    @extend_schema(operation_id="notices_preferences", parameters=[])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """本人的通知设置。没有设置过的也有ETag。"""
        return self.respond(self.get_object())

    @extend_schema(operation_id="notices_preferences_set")
    def partial_update(self, request: Request, **_kwargs: str) -> Response:
        """改通知设置：`muted`整个换掉。退回（returns）和提醒单（slips）不能关闭。"""
        version, given = self.version, self.given()
        row = services.set_preference(request.user, muted=given["muted"], version=version)
        return self.respond(row)
