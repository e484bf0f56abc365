"""Endpoint of notices."""

from accounts.roles import Permission
from core.api import ReadViewSet
from core.api.reading import READS

from ..filters import NoticeFilter
from ..models import Notice
from .serializers import NoticeSerializer


class NoticeViewSet(ReadViewSet):
    """提醒: officers and heads of a bureau see those of its programmes, everybody the own;
    `?recipient=me` is the inbox. Reading here marks nothing as opened."""

    queryset = Notice.objects.all()
    serializer_class = NoticeSerializer
    filterset_class = NoticeFilter
    permission_map = dict.fromkeys(READS, Permission.READ_NOTICES)
    lookup_field = "pk"
    ordering_fields = {
        "id": "pk",
        "for_on": "for_on",
        "created_at": "created_at",
        "unit": "unit__code",
        "stage": "stage",
    }
    ordering = ("-for_on", "-pk")
