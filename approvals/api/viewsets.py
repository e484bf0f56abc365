"""Endpoint of rounds of signing."""

from accounts.roles import Permission
from core.api import ReadViewSet

from ..filters import ApprovalFilter
from ..models import Approval
from .serializers import ApprovalSerializer


class ApprovalViewSet(ReadViewSet):
    """审签单: what was put up for signing, step by step. `?waiting=true` is what waits for the caller's
    signature; it is given at the endpoint of the thing that is signed."""

    queryset = Approval.objects.all()
    serializer_class = ApprovalSerializer
    filterset_class = ApprovalFilter
    permission_map = {"list": Permission.READ_REPORTS, "retrieve": Permission.READ_REPORTS}
    lookup_field = "number"
    ordering_fields = {
        "id": "number",
        "unit": "unit__code",
        "subject": "subject",
        "state": "state",
        "due_on": "due_on",
        "opened_on": "opened_on",
        "opened_at": "opened_at",
    }
    ordering = ("number",)
