"""Endpoint of hand-overs: read only, they are made with the wizard."""

from core.api import ReadViewSet

from ...filters import HandoverFilter
from ...models import Handover
from ..serializers import HandoverSerializer
from .bases import needing_read


class HandoverViewSet(ReadViewSet):
    """交接: who left, who took over, what was open then."""

    queryset = Handover.objects.all()
    serializer_class = HandoverSerializer
    filterset_class = HandoverFilter
    permission_map = needing_read()
    lookup_field = "number"
    ordering_fields = {
        "id": "number",
        "unit": "unit__code",
        "leaver": "leaver__pinyin",
        "handed_over_on": "on",
    }
    ordering = ("number",)
