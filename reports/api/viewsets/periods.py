"""Endpoint of periods (报告期)."""

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Permission

from ... import services
from ...filters import PeriodFilter
from ...models import Period
from .. import inputs
from ..serializers import PeriodSerializer
from .bases import Base, asked, needing_read


class PeriodViewSet(Base):
    """报告期: exists when the bureau opens one, on the basis of its 通知."""

    queryset = Period.objects.all()
    serializer_class = PeriodSerializer
    filterset_class = PeriodFilter
    permission_map = needing_read("create", "partial_update", "close", "reopen")
    writers = (Permission.ISSUE_DOCUMENTS,)
    inputs = {
        "create": inputs.PeriodInput,
        "partial_update": inputs.PeriodChangeInput,
        "close": inputs.NothingInput,
        "reopen": inputs.NothingInput,
    }
    lookup_field = "key"
    ordering_fields = {"id": "key", "starts_on": "starts_on", "due_on": "due_on"}
    ordering = ("programme__position", "programme__code", "-starts_on", "pk")

    def create(self, request: Request) -> Response:
        """开启报告期。每个试点单位各得一件任务。"""
        given = self.given()
        programme = given.pop("programme")
        self.require_issuing(programme)
        figures = asked(given.pop("figures", ()))
        opening = services.Opening(**given)
        return self.answer(
            services.open_period(programme, opening, figures=figures, by=request.user)
        )

    def partial_update(self, request: Request, **_kwargs: str) -> Response:
        """调整截止日期（写明原因）、标题、说明或关键数字。已写的内容都保留。"""
        row, version = self._mine(), self.version
        given = self.given()
        figures = given.pop("figures", None)
        if figures is not None:
            given["figures"] = asked(figures)
        return self.answer(services.change_period(row, by=request.user, version=version, **given))

    @action(detail=True, methods=["post"])
    def close(self, request: Request, **_kwargs: str) -> Response:
        """定稿：之后不能再报送、退回或通过。"""
        row, version = self._mine(), self.version
        self.given()
        return self.answer(services.close_period(row, by=request.user, version=version))

    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, **_kwargs: str) -> Response:
        """取消定稿。"""
        row, version = self._mine(), self.version
        self.given()
        return self.answer(services.reopen_period(row, by=request.user, version=version))

    def _mine(self) -> Period:
        row: Period = self.get_object()
        self.require_issuing(row.programme)
        return row
