"""Endpoints of programmes, documents, clauses, units, memberships and saved views."""

from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Permission
from core.api import ReadViewSet
from core.api.reading import READS
from core.api.writing import WriteViewSet

from .. import filters, services
from ..models import Clause, Membership, PolicyDocument, Programme, SavedView, Unit
from . import inputs, serializers


class PackViewSet(ReadViewSet):
    """Rows that packs define: a list shows what is in force on the day, a detail also what was
    withdrawn."""

    lookup_field = "code"

    def get_queryset(self) -> QuerySet:
        rows = super().get_queryset()
        if self.action != "list":
            return rows
        return rows.filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=self.on))


class ProgrammeViewSet(PackViewSet):
    """试点方案: one jurisdiction's scheme."""

    queryset = Programme.objects.all()
    serializer_class = serializers.ProgrammeSerializer
    filterset_class = filters.ProgrammeFilter
    permission_map = dict.fromkeys(READS, Permission.READ_PROGRAMME)
    ordering_fields = {
        "id": "code",
        "name": "name",
        "region_code": "region_code",
        "started_on": "started_on",
        "position": "position",
    }
    ordering = ("position", "code")


class DocumentViewSet(PackViewSet):
    """政策文件: an issued document with its full 发文字号."""

    queryset = PolicyDocument.objects.all()
    serializer_class = serializers.DocumentSerializer
    filterset_class = filters.PolicyDocumentFilter
    permission_map = dict.fromkeys(READS, Permission.READ_PROGRAMME)
    ordering_fields = {
        "id": "code",
        "number": "number",
        "signed_on": "signed_on",
        "published_on": "published_on",
        "in_force_on": "in_force_on",
        "position": "position",
    }
    ordering = ("position", "code")


class ClauseViewSet(PackViewSet):
    """条款: one passage of a document, in `text` to the letter where `is_quoted`."""

    queryset = Clause.objects.all()
    serializer_class = serializers.ClauseSerializer
    filterset_class = filters.ClauseFilter
    permission_map = dict.fromkeys(READS, Permission.READ_PROGRAMME)
    ordering_fields = {"id": "code", "document": "document__code", "position": "position"}
    ordering = ("document__position", "document__code", "position")


class UnitViewSet(ReadViewSet):
    """单位: a body with its name and its parts in programmes on the day. `?programme=` means those
    that take part as pilots."""

    queryset = Unit.objects.all()
    serializer_class = serializers.UnitSerializer
    filterset_class = filters.UnitFilter
    permission_map = dict.fromkeys(READS, Permission.READ_UNITS)
    lookup_field = "code"
    ordering_fields = {
        "id": "code",
        "kind": "kind",
        "region_code": "region_code",
        "short_name": "named_pinyin",
        "full_name": "named_pinyin",
    }
    ordering = ("code",)


class MembershipViewSet(ReadViewSet):
    """岗位权限: who acts for which unit in which role, from when to when."""

    queryset = Membership.objects.all()
    serializer_class = serializers.MembershipSerializer
    filterset_class = filters.MembershipFilter
    permission_map = dict.fromkeys(READS, Permission.READ_UNITS)
    lookup_field = "pk"
    ordering_fields = {
        "id": "pk",
        "user": "user__username",
        "unit": "unit__code",
        "role": "role",
        "starts_on": "starts_on",
        "ends_on": "ends_on",
    }
    ordering = ("unit__code", "role")


class SavedViewViewSet(WriteViewSet):
    """常用筛选: the query of a list's page under a name; the caller's own and those shared with a
    programme that the caller sees."""

    queryset = SavedView.objects.all()
    serializer_class = serializers.SavedViewSerializer
    filterset_class = filters.SavedViewFilter
    permission_map = dict.fromkeys(
        (*READS, "create", "partial_update", "destroy"), Permission.READ_PROGRAMME
    )
    inputs = {"create": inputs.KeepInput, "partial_update": inputs.SavedViewMendInput}
    lookup_field = "pk"
    ordering_fields = {"id": "pk", "name": "name", "path": "path", "created_at": "created_at"}
    ordering = ("path", "pk")

    def seen(self, rows: Any) -> QuerySet:
        return rows.visible_to(self.request.user).live()

    def create(self, request: Request) -> Response:
        """存为常用。"""
        return self.answer(services.keep_view(by=request.user, **self.given()))

    def partial_update(self, request: Request, **_kwargs: str) -> Response:
        """改名，共享或不再共享，只写要改的。"""
        row, version = self.get_object(), self.version
        return self.answer(
            services.mend_view(row, by=request.user, version=version, **self.given())
        )

    @extend_schema(request=None, responses={204: None})
    def destroy(self, request: Request, **_kwargs: str) -> Response:
        """移除。"""
        services.remove_view(self.get_object(), by=request.user, version=self.version)
        return Response(status=204)
