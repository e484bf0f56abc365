"""「信息无变化」: one request for all present entries of a unit."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Permission
from core import clock
from core.api import PlainSerializer
from pilots.models import Unit

from ... import services
from .. import inputs
from .bases import RegisterViewSet


class ConfirmedSerializer(PlainSerializer):
    unit = serializers.CharField()
    confirmed_on = serializers.DateField()
    count = serializers.IntegerField()


class ConfirmOfficersViewSet(RegisterViewSet):
    """`POST /units/{id}/confirm-officers/`"""

    queryset = Unit.objects.all()
    serializer_class = ConfirmedSerializer
    filterset_class = None
    permission_map = {"create": Permission.READ_OFFICERS}
    inputs = {"create": inputs.NothingInput}
    creating = frozenset()
    lookup_field = "code"
    detail = True

    def get_queryset(self) -> QuerySet:
        return self.seen(Unit.objects.all())

    @extend_schema(operation_id="units_confirm_officers")
    def create(self, request: Request, **_kwargs: str) -> Response:
        """信息无变化：确认本单位现有的任命都还有效。`count`为确认了几条。"""
        self.given()
        unit: Unit = self.get_object()
        self.require_reporting(unit)
        count = services.confirm_unchanged(unit, by=request.user)
        return Response({"unit": unit.code, "confirmed_on": clock.today(), "count": count})
