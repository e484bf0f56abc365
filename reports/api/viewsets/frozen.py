"""Endpoints of what is only read: editions and reviews."""

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Permission
from core.api import ReadViewSet
from core.api.reading import READS

from ... import services
from ...filters import ReviewFilter, SubmissionFilter
from ...models import Review, Submission
from ...queries.allowed import require_reviewer
from .. import inputs
from ..serializers import ReviewSerializer, SubmissionSerializer
from .bases import Base, needing_read


class SubmissionViewSet(ReadViewSet):
    """报送稿: frozen editions, each with its digest."""

    queryset = Submission.objects.all()
    serializer_class = SubmissionSerializer
    filterset_class = SubmissionFilter
    permission_map = dict.fromkeys(READS, Permission.READ_REPORTS)
    lookup_field = "key"
    ordering_fields = {"id": "key", "made_at": "made_at", "counts_on": "counts_on"}
    ordering = ("report__number", "edition")


class ReviewViewSet(Base):
    """审核: decisions on editions, also those that were taken back."""

    queryset = Review.objects.all()
    serializer_class = ReviewSerializer
    filterset_class = ReviewFilter
    permission_map = needing_read("undo")
    writers = (Permission.REVIEW_REPORTS,)
    inputs = {"undo": inputs.NothingInput}
    unversioned = frozenset({"undo"})
    lookup_field = "pk"
    ordering_fields = {"id": "pk", "decided_at": "decided_at"}
    ordering = ("pk",)

    @action(detail=True, methods=["post"])
    def undo(self, request: Request, **_kwargs: str) -> Response:
        """撤销审核，限10分钟内，且单位没有继续办理。"""
        row: Review = self.get_object()
        require_reviewer(row.submission.report, request.user)
        self.given()
        services.undo(row, by=request.user)
        return self.answer(row)
