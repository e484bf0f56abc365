"""Reading: a serializer that costs little, and the viewset that every endpoint is."""

from collections.abc import Callable
from datetime import date
from operator import attrgetter
from typing import Any
from urllib.parse import quote

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from .. import clock
from .lists import Pagination, Parameters, SetFilter, StableOrderingFilter
from .schema import Schema
from .versions import VersionedMixin

READS = ("list", "retrieve")


class PlainSerializer(serializers.Serializer):
    """Declared fields name what goes out, and type it in the OpenAPI document; the values go out as
    the row has them. The renderer writes dates, so asking each field would only cost time."""

    @cached_property
    def _getters(self) -> list[tuple[str, Callable[[Any], Any]]]:
        # From the class's own fields: `self.fields` would copy each of them for this request.
        return [(name, self._getter(name, field)) for name, field in self._declared_fields.items()]

    def _getter(self, name: str, field: Any) -> Callable[[Any], Any]:
        if isinstance(field, serializers.SerializerMethodField):
            return getattr(self, field.method_name or f"get_{name}")
        read = attrgetter(field.source or name)
        if isinstance(field, serializers.ListSerializer):
            child: Any = field.child
            return lambda row: [child.to_representation(each) for each in read(row)]
        if isinstance(field, serializers.DecimalField):
            # As text, as the document says: a number would lose its last digits at some readers.
            return lambda row: (
                None if (value := read(row)) is None else field.to_representation(value)
            )
        return read

    def to_representation(self, row: Any) -> dict[str, Any]:
        return {name: get(row) for name, get in self._getters}


class ResourceSerializer(PlainSerializer):
    """One object of an endpoint: `id` is the key in its `url`."""

    resource = ""  # the endpoint's name in the router

    id: serializers.Field = serializers.CharField()
    url = serializers.SerializerMethodField()

    @staticmethod
    def prepare(rows: Any, *, user: Any, on: date) -> Any:
        """`rows` with all that the fields read, for that day, in a fixed number of queries."""
        return rows

    @cached_property
    def _address(self) -> str:
        return self.context["request"].build_absolute_uri(reverse(f"api:{self.resource}-list"))

    @cached_property
    def _read_id(self) -> Callable[[Any], Any]:
        return attrgetter(self._declared_fields["id"].source or "id")

    def get_url(self, row: Any) -> str:
        return f"{self._address}{quote(str(self._read_id(row)))}/"

    @property
    def day(self) -> date:
        """The day that the answer is about."""
        return self.context["view"].on


class ReadViewSet(VersionedMixin, viewsets.ReadOnlyModelViewSet):
    """List and detail of the rows that the caller may see.

    A subclass says `queryset`, `serializer_class`, `filterset_class`, `permission_map`,
    `lookup_field`, `ordering_fields` (name → column) and `ordering`.
    """

    schema = Schema()
    filter_backends = (Parameters, SetFilter, StableOrderingFilter)
    pagination_class = Pagination
    lookup_url_kwarg = "id"
    lookup_value_regex = "[^/]+"  # codes hold dots
    ordering_fields: dict[str, str] = {}
    ordering: tuple[str, ...] = ()

    @cached_property
    def on(self) -> date:
        """The day of `?on=`; `Parameters` refuses one that is none."""
        return clock.read_day(self.request.query_params.get("on", "")) or clock.today()

    def get_queryset(self) -> QuerySet:
        rows: Any = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):  # asked for its model only
            return rows
        serializer: Any = self.get_serializer_class()
        return serializer.prepare(self.seen(rows), user=self.request.user, on=self.on)

    def seen(self, rows: Any) -> QuerySet:
        """The rows that the caller may see."""
        return rows.visible_to(self.request.user)

    def get_object(self) -> Any:
        if "\x00" in self.kwargs[self.lookup_url_kwarg]:  # PostgreSQL has no such text
            raise Http404
        return super().get_object()

    @extend_schema(
        parameters=[OpenApiParameter("on", OpenApiTypes.DATE, description="截至日期，不写为今天")]
    )
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.respond(self.get_object())
