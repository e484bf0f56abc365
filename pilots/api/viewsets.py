"""Endpoints of programmes, documents, clauses, units and memberships."""

from django.db.models import Q, QuerySet

from accounts.roles import Permission
from core.api import ReadViewSet
from core.api.reading import READS

from .. import filters
from ..models import Clause, Membership, PolicyDocument, Programme, Unit
from . import serializers


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
