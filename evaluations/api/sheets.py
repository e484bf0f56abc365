"""Endpoints of score sheets and objections."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ValidationError

from accounts.roles import Permission
from core.api import ReadViewSet
from core.api.reading import READS
from core.errors import Refused

from .. import services
from ..choices import ObjectionMove
from ..filters import ObjectionFilter, ResultFilter, ScorecardFilter
from ..models import Indicator, Objection, Result, Scorecard
from . import inputs
from .serializers import ObjectionSerializer, PublishedSerializer, ScorecardSerializer
from .viewsets import Base, needing_read


class CellChanged(Refused):
    """A newer save stands in the cell; what was sent is kept beside it (409)."""

    status = 409
    code = "cell_changed"


class ScorecardViewSet(Base):
    """评分表. The id is the round's number, a full stop and the unit's code. A unit reads and fills its
    own; a reviewer those that he or she was given."""

    queryset = Scorecard.objects.all()
    serializer_class = ScorecardSerializer
    filterset_class = ScorecardFilter
    writers = (
        Permission.MANAGE_ROUNDS,
        Permission.FILL_SCORECARDS,
        Permission.SCORE_ROUNDS,
        Permission.DECIDE_OBJECTIONS,
    )
    MOVES = ("score", "hand_in", "take_back", "finish_review", "resume_review", "correct", "drop")
    permission_map = needing_read(*MOVES)
    inputs = {
        "score": inputs.ScoreInput,
        "hand_in": inputs.OwnHandInput,
        "take_back": inputs.OwnHandInput,
        "finish_review": inputs.EvaluationNothingInput,
        "resume_review": inputs.EvaluationNothingInput,
        "correct": inputs.CorrectionInput,
        "drop": inputs.DropInput,
    }
    # A cell has a version of its own: two people fill different cells of one sheet at once.
    unversioned = frozenset({"score"})
    lookup_field = "pk"
    ordering_fields = {
        "id": "pk",
        "round": "round__number",
        "unit": "enrolment__unit__code",
        "updated_at": "updated_at",
    }
    ordering = ("pk",)

    def get_object(self) -> Scorecard:
        number, _stop, unit = self.kwargs[self.lookup_url_kwarg].partition(".")
        key = {"round__number": number, "enrolment__unit__code": unit}
        if "\x00" in number + unit:
            key = {"pk": None}  # type: ignore[dict-item] # PostgreSQL has no such text
        return get_object_or_404(self.filter_queryset(self.get_queryset()), **key)

    @action(detail=True, methods=["post"])
    def score(self, request: Request, **_kwargs: str) -> Response:
        """填写一格：分数，或按评分方式写选项，和理由。"""
        row, given = self.get_object(), self.given()
        entry = services.Entry(given.get("points"), given.get("answer"), given.get("reason", ""))
        saved = services.save_score(
            row,
            leaf_of(row, given["indicator"], request.user),
            given["hand"],
            entry,
            by=request.user,
            version=given["cell_version"],
        )
        if saved.kept is not None:
            facts = {"version": saved.score.version}
            text = _("这一格已有新的内容（cell_version %(version)s），送来的另行保留，没有覆盖。")
            raise CellChanged(text % facts)
        return self.answer(row)

    @action(detail=True, methods=["post"], url_path="hand-in")
    def hand_in(self, request: Request, **_kwargs: str) -> Response:
        """提交自评或本单位评价。"""
        row, version = self.get_object(), self.version
        hand = self.given()["hand"]
        return self.answer(services.hand_in(row, hand, by=request.user, version=version))

    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, **_kwargs: str) -> Response:
        """撤回自评或本单位评价。"""
        row, version = self.get_object(), self.version
        hand = self.given()["hand"]
        return self.answer(services.take_back(row, hand, by=request.user, version=version))

    @action(detail=True, methods=["post"], url_path="finish-review")
    def finish_review(self, request: Request, **_kwargs: str) -> Response:
        """评完提交。"""
        return self._reviewed(services.finish_review)

    @action(detail=True, methods=["post"], url_path="resume-review")
    def resume_review(self, request: Request, **_kwargs: str) -> Response:
        """继续评分，另一名评分人还没有评完时。"""
        return self._reviewed(services.resume_review)

    @action(detail=True, methods=["post"])
    def correct(self, request: Request, **_kwargs: str) -> Response:
        """更正已告知的得分，写理由。"""
        row, version = self.get_object(), self.version
        row.require_version(version)
        given = self.given()
        leaf = leaf_of(row, given["indicator"], request.user)
        services.correct_score(row, leaf, given["points"], given["reason"], by=request.user)
        return self.answer(row)

    @action(detail=True, methods=["post"])
    def drop(self, request: Request, **_kwargs: str) -> Response:
        """移出评价，写原因。"""
        row, version = self.get_object(), self.version
        self.require_manager(row.programme)
        reason = self.given()["reason"]
        return self.answer(services.drop_subject(row, reason, by=request.user, version=version))

    def _reviewed(self, service: Any) -> Response:
        row, version = self.get_object(), self.version
        row.require_version(version)
        self.given()
        service(row, by=self.request.user)
        return self.answer(row)


class ResultViewSet(ReadViewSet):
    """评价结果: people of a unit read their own once it is published, other systems of the bureau the
    published ones."""

    queryset = Result.objects.all()
    serializer_class = PublishedSerializer
    filterset_class = ResultFilter
    permission_map = dict.fromkeys(READS, Permission.READ_ROUNDS)
    lookup_field = "pk"
    ordering_fields = {
        "id": "pk",
        "round": "edition__round__number",
        "unit": "scorecard__enrolment__unit__code",
    }
    ordering = ("pk",)


class ObjectionViewSet(Base):
    """复核申请, item by item; somebody who did not score the sheet answers."""

    queryset = Objection.objects.all()
    serializer_class = ObjectionSerializer
    filterset_class = ObjectionFilter
    writers = (Permission.FILL_SCORECARDS, Permission.DECIDE_OBJECTIONS)
    permission_map = needing_read("create", "decide", "withdraw")
    inputs = {
        "create": inputs.ObjectionInput,
        "decide": inputs.DecisionInput,
        "withdraw": inputs.EvaluationNothingInput,
    }
    lookup_field = "number"
    ordering_fields = {
        "id": "number",
        "state": "state",
        "raised_on": "raised_on",
        "updated_at": "updated_at",
    }
    ordering = ("number",)

    def create(self, request: Request) -> Response:
        """提出复核申请。"""
        given = self.given()
        card = given["scorecard"]
        row = services.raise_objection(
            card,
            leaf_of(card, given["indicator"], request.user),
            given["reason"],
            by=request.user,
            points=given.get("points"),
            evidence=given.get("evidence", ()),
        )
        return self.answer(row)

    @action(detail=True, methods=["post"])
    def decide(self, request: Request, **_kwargs: str) -> Response:
        """处理：采纳、部分采纳或不采纳，写处理意见。"""
        row, version = self.get_object(), self.version
        given = self.given()
        return self.answer(
            services.decide_objection(
                row,
                ObjectionMove(given["move"]),
                given["decision"],
                by=request.user,
                points=given.get("points"),
                version=version,
            )
        )

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, **_kwargs: str) -> Response:
        """撤回申请。"""
        row, version = self.get_object(), self.version
        self.given()
        return self.answer(services.withdraw_objection(row, by=request.user, version=version))


def leaf_of(card: Scorecard, key: str, user: Any) -> Indicator:
    """An indicator of the round's scheme by its key. Raises ValidationError on `indicator`."""
    rows = Indicator.objects.visible_to(user).standing().select_related("scheme_version")
    found = rows.filter(scheme_version=card.round.scheme_version_id, key=key).first()
    if found is None:
        text = _("这次评价的指标里没有“%(key)s”。")
        raise ValidationError({"indicator": [text % {"key": key}]})
    return found
