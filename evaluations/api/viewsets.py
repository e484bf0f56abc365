"""Endpoints of schemes and rounds."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from rest_framework.decorators import action
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ValidationError

from accounts.roles import Permission
from core.api.reading import READS
from core.api.writing import WriteViewSet
from core.errors import PermissionRefused, Refused
from pilots.access import may

from .. import services
from ..choices import Move
from ..filters import RoundFilter, SchemeFilter
from ..models import Round, Scheme
from ..queries.reading import may_manage
from . import inputs
from .serializers import RoundSerializer, SchemeSerializer

PLAN = ("title", "starts_on", "ends_on", "self_by", "unit_by", "review_by", "note")


def needing_read(*actions: str) -> dict[str, Permission]:
    """A `permission_map`: whoever changes something has to see it."""
    return dict.fromkeys((*READS, *actions), Permission.READ_ROUNDS)


class Base(WriteViewSet):
    """A change needs one of `writers` somewhere, before its content is looked at; the services and
    `require_manager` ask for the right to the very row."""

    writers: ClassVar[tuple[Permission, ...]] = (Permission.MANAGE_ROUNDS,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        is_write = request.method not in SAFE_METHODS and self.action is not None
        if is_write and not any(may(request.user, needed) for needed in self.writers):
            raise PermissionRefused

    def require_manager(self, programme: Any) -> None:
        if programme is None or not may_manage(self.request.user, programme):
            raise PermissionRefused


class SchemeViewSet(Base):
    """指标体系 with their versions and trees. Trees are built in the browser or by workbook."""

    queryset = Scheme.objects.live()
    serializer_class = SchemeSerializer
    filterset_class = SchemeFilter
    permission_map = needing_read("create", "next_version")
    inputs = {"create": inputs.SchemeInput, "next_version": inputs.EvaluationNothingInput}
    lookup_field = "code"
    ordering_fields = {"id": "code", "title": "title"}
    ordering = ("code",)

    def create(self, request: Request) -> Response:
        """建立指标体系，可以从另一套的最新版次开始。"""
        given = self.given()
        self.require_manager(given["programme"])
        model = given.get("copy_of")
        if model is not None:
            newest = model.versions.order_by("-number")[0]
            made = services.copy_scheme(newest, given["programme"], given["title"], by=request.user)
        else:
            made = services.create_scheme(
                given["programme"], given["title"], by=request.user, note=given.get("note", "")
            )
        return self.answer(made.scheme)

    @action(detail=True, methods=["post"], url_path="next-version")
    def next_version(self, request: Request, **_kwargs: str) -> Response:
        """按最新版次建立下一版。"""
        row, version = self.get_object(), self.version
        row.require_version(version)
        self.given()
        self.require_manager(row.programme)
        services.new_version(row, by=request.user)
        return self.answer(row)


class RoundViewSet(Base):
    """评价. It moves by `advance`: open_self, open_unit, open_review, open_objections, finalise, publish,
    and reopen or withdraw with a reason. finalise and publish are put up at the bureau's chain: the
    round stands where it stood till the last signature, which is given on its page."""

    queryset = Round.objects.all()
    serializer_class = RoundSerializer
    filterset_class = RoundFilter
    MOVES = ("advance", "refresh_facts", "seats", "add_subject")
    permission_map = needing_read("create", "partial_update", *MOVES)
    inputs = {
        "create": inputs.RoundInput,
        "partial_update": inputs.RoundChangeInput,
        "advance": inputs.AdvanceInput,
        "refresh_facts": inputs.EvaluationNothingInput,
        "seats": inputs.SeatsInput,
        "add_subject": inputs.SubjectInput,
    }
    lookup_field = "number"
    ordering_fields = {
        "id": "number",
        "programme": "programme__code",
        "state": "state",
        "ends_on": "ends_on",
        "updated_at": "updated_at",
    }
    ordering = ("number",)

    def create(self, request: Request) -> Response:
        """建立评价，用指标体系的最新版次；评价对象为试点区和部门。"""
        given = self.given()
        programme, scheme = given.pop("programme"), given.pop("scheme")
        self.require_manager(programme)
        newest = scheme.versions.order_by("-number")[0]
        plan = services.Plan(**given)
        return self.answer(services.prepare_round(programme, newest, plan, by=request.user))

    def partial_update(self, request: Request, **_kwargs: str) -> Response:
        """修改名称和日期，只写要改的。"""
        row, version = self.managed()
        known = {name: getattr(row, name) for name in PLAN}
        plan = services.Plan(**(known | self.given()))
        return self.answer(services.change_round(row, plan, by=request.user, version=version))

    @action(detail=True, methods=["post"])
    def advance(self, request: Request, **_kwargs: str) -> Response:
        """进入下一步，或更正、撤销。定稿和公布只提交审签，审签完最后一步才进入。"""
        row, version = self.managed()
        given = self.given()
        move, reason = Move(given["move"]), given.get("reason", "")
        return self.answer(
            services.advance(row, move, by=request.user, version=version, reason=reason)
        )

    @action(detail=True, methods=["post"], url_path="refresh-facts")
    def refresh_facts(self, request: Request, **_kwargs: str) -> Response:
        """重新取数。"""
        row, version = self.managed()
        self.given()
        return self.answer(services.refresh_facts(row, by=request.user, version=version))

    @action(detail=True, methods=["post"])
    def seats(self, request: Request, **_kwargs: str) -> Response:
        """给还没有评分人的评分表指定两名评分人。"""
        row, version = self.managed()
        row.require_version(version)
        given = self.given()
        left = services.give_seats(row, given["first"], given["second"], by=request.user)
        if left:
            raise Refused("".join(left))
        return self.answer(row)

    @action(detail=True, methods=["post"], url_path="add-subject")
    def add_subject(self, request: Request, **_kwargs: str) -> Response:
        """添加评价对象。"""
        row, version = self.managed()
        row.require_version(version)
        unit = self.given()["unit"]
        place = inputs.enrolment_of(row, unit, request.user)
        if place is None:
            text = _("%(unit)s不是本方案的试点单位。")
            raise ValidationError({"unit": [text % {"unit": unit}]})
        services.add_subject(row, place, by=request.user)
        return self.answer(row)

    def managed(self) -> tuple[Round, int]:
        """The round and the version that was read, for who manages it."""
        row, version = self.get_object(), self.version
        self.require_manager(row.programme)
        return row, version
