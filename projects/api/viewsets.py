"""Endpoints of projects, opinions and findings."""

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from rest_framework.decorators import action
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ValidationError

from accounts.roles import Permission
from core import clock
from core.api.reading import READS
from core.api.writing import WriteViewSet
from core.errors import PermissionRefused
from pilots.access import may
from pilots.choices import Part
from pilots.models import Enrolment, Unit

from .. import services
from ..choices import Route
from ..filters import FindingFilter, OpinionFilter, ProjectFilter
from ..models import Finding, Opinion, Project
from ..queries.allowed import may_give, may_report
from . import inputs
from .serializers import FindingSerializer, OpinionSerializer, ProjectSerializer


def needing_read(*actions: str) -> dict[str, Permission]:
    """A `permission_map`: whoever changes something has to see it."""
    return dict.fromkeys((*READS, *actions), Permission.READ_PROJECTS)


class Base(WriteViewSet):
    """A change needs one of `writers` somewhere, before its content is looked at, and then the right
    to the very row."""

    writers: ClassVar[tuple[Permission, ...]] = (
        Permission.REPORT_PROJECTS,
        Permission.MANAGE_PROJECTS,
    )

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in SAFE_METHODS and self.action is not None:
            refuse_unless(any(may(request.user, needed) for needed in self.writers))

    def require_reporting(self, unit: Unit) -> None:
        refuse_unless(may_report(self.request.user, unit))

    def place(self, given: dict[str, Any]) -> Enrolment:
        """The pilot's part that `programme` and `unit` name, taken out of `given`."""
        programme, unit = given.pop("programme"), given.pop("unit")
        self.require_reporting(unit)
        rows = Enrolment.objects.visible_to(self.request.user).standing(clock.today())
        found = rows.filter(programme=programme, unit=unit, part=Part.PILOT).first()
        if found is None:
            facts = {"unit": unit, "programme": programme}
            message = _("%(unit)s不是“%(programme)s”的试点单位。")
            raise ValidationError({"unit": [message % facts]})
        return found


class ProjectViewSet(Base):
    """信息化项目: the light register, with what stands at 立项 and 验收. Withdrawn ones are listed with
    `state=withdrawn`."""

    queryset = Project.objects.all()
    serializer_class = ProjectSerializer
    filterset_class = ProjectFilter
    filters_always = True
    permission_map = needing_read("create", "partial_update", "withdraw", "records", "checks")
    inputs = {
        "create": inputs.ProjectInput,
        "partial_update": inputs.ProjectMendInput,
        "withdraw": inputs.ProjectReasonInput,
        "records": inputs.ProjectRecordInput,
        "checks": inputs.GateCheckInput,
    }
    lookup_field = "number"
    ordering_fields = {
        "id": "number",
        "unit": "enrolment__unit__code",
        "programme": "enrolment__programme__code",
        "name": "name",
        "budget": "budget",
        "updated_at": "updated_at",
    }
    ordering = ("number",)

    def create(self, request: Request) -> Response:
        """登记项目。只用于首席数据官出具意见，本平台不审批项目。"""
        given = self.given()
        place = self.place(given)
        return self.answer(services.register_project(place, by=request.user, **given))

    def partial_update(self, request: Request, **_kwargs: str) -> Response:
        """更正项目信息，只写要改的。"""
        row, version = self._mine(), self.version
        given = self.given()
        return self.answer(services.mend_project(row, by=request.user, version=version, **given))

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, **_kwargs: str) -> Response:
        """撤销登记：录错了项目。意见和记录仍可查看。"""
        row, version = self._mine(), self.version
        given = self.given()
        return self.answer(
            services.withdraw_project(row, by=request.user, version=version, **given)
        )

    @action(detail=True, methods=["post"])
    def records(self, request: Request, **_kwargs: str) -> Response:
        """登记项目评价意见或重大问题协调。"""
        row, version = self._mine(), self.version
        given, paper = with_paper(self.given())
        services.record(row, by=request.user, version=version, paper=paper, **given)
        return self.answer(row)

    @action(detail=True, methods=["post"])
    def checks(self, request: Request, **_kwargs: str) -> Response:
        """登记一项审批要件完成与否，写明佐证。"""
        row, version = self._mine(), self.version
        given, paper = with_paper({"checked_on": clock.today(), **self.given()})
        services.check_gate(row, by=request.user, version=version, paper=paper, **given)
        return self.answer(row)

    def _mine(self) -> Project:
        row: Project = self.get_object()
        self.require_reporting(row.unit)
        return row


class OpinionViewSet(Base):
    """首席数据官意见 at 立项 and 验收. Rows are only added; `projects` says what stands."""

    queryset = Opinion.objects.all()
    serializer_class = OpinionSerializer
    filterset_class = OpinionFilter
    permission_map = needing_read("create")
    inputs = {"create": inputs.OpinionInput}
    lookup_field = "pk"
    ordering_fields = {
        "id": "pk",
        "project": "project__number",
        "unit": "project__enrolment__unit__code",
        "given_on": "given_on",
        "entered_at": "entered_at",
    }
    ordering = ("pk",)

    def create(self, request: Request) -> Response:
        """出具意见（online，本单位首席数据官本人）或登记书面意见（paper）。登记后不能修改。"""
        given, paper = with_paper(
            {"route": Route.ONLINE, "given_on": clock.today(), **self.given()}
        )
        project: Project = given.pop("project")
        allowed = may_give if given["route"] == Route.ONLINE else may_report
        refuse_unless(allowed(request.user, project.unit))
        return self.answer(services.give_opinion(project, by=request.user, paper=paper, **given))


class FindingViewSet(Base):
    """发现的问题: found, stopped, corrected."""

    queryset = Finding.objects.all()
    serializer_class = FindingSerializer
    filterset_class = FindingFilter
    MOVES = ("stop", "order", "redate", "correct", "close", "reopen", "follow_up")
    permission_map = needing_read("create", "partial_update", *MOVES)
    inputs = {
        "create": inputs.FindingInput,
        "partial_update": inputs.FindingMendInput,
        "stop": inputs.FindingSaidInput,
        "order": inputs.FindingOrderInput,
        "redate": inputs.FindingRedateInput,
        "correct": inputs.FindingSaidInput,
        "close": inputs.FindingCloseInput,
        "reopen": inputs.FindingReopenInput,
        "follow_up": inputs.FindingSaidInput,
    }
    lookup_field = "number"
    ordering_fields = {
        "id": "number",
        "unit": "enrolment__unit__code",
        "status": "status",
        "found_on": "found_on",
        "due_on": "due_on",
        "updated_at": "updated_at",
    }
    ordering = ("number",)

    def create(self, request: Request) -> Response:
        """登记发现的问题。"""
        given, paper = with_paper(self.given())
        place = self.place(given)
        return self.answer(services.report_finding(place, by=request.user, paper=paper, **given))

    def partial_update(self, request: Request, **_kwargs: str) -> Response:
        """更正登记的内容，只写要改的。"""
        row, version = self._mine(), self.version
        given = self.given()
        return self.answer(services.mend_finding(row, by=request.user, version=version, **given))

    @action(detail=True, methods=["post"])
    def stop(self, request: Request, **_kwargs: str) -> Response:
        """登记制止。"""
        return self._step(services.stop_finding, dated=True)

    @action(detail=True, methods=["post"])
    def order(self, request: Request, **_kwargs: str) -> Response:
        """要求整改，写整改要求和期限。"""
        return self._step(services.order_correction, dated=True)

    @action(detail=True, methods=["post"])
    def redate(self, request: Request, **_kwargs: str) -> Response:
        """调整整改期限，写原因。"""
        return self._step(services.redate_finding)

    @action(detail=True, methods=["post"])
    def correct(self, request: Request, **_kwargs: str) -> Response:
        """登记纠正。"""
        return self._step(services.correct_finding, dated=True)

    @action(detail=True, methods=["post"])
    def close(self, request: Request, **_kwargs: str) -> Response:
        """了结：没有纠正就不再办理，写原因。"""
        return self._step(services.close_finding)

    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, **_kwargs: str) -> Response:
        """重新整改。"""
        return self._step(services.reopen_finding)

    @action(detail=True, methods=["post"], url_path="follow-up")
    def follow_up(self, request: Request, **_kwargs: str) -> Response:
        """登记跟踪情况，状态不变。"""
        return self._step(services.follow_up, dated=True)

    def _step(self, service: Any, *, dated: bool = False) -> Response:
        row, version = self._mine(), self.version
        given, paper = with_paper(self.given())
        if dated:
            given["on"] = given.pop("happened_on", None) or clock.today()
        return self.answer(
            service(row, by=self.request.user, version=version, paper=paper, **given)
        )

    def _mine(self) -> Finding:
        row: Finding = self.get_object()
        self.require_reporting(row.unit)
        return row


def with_paper(given: dict[str, Any]) -> tuple[dict[str, Any], services.Paper]:
    """The content without its document, and the document."""
    return given, services.Paper(given.pop("document_number", ""))


def refuse_unless(right: bool) -> None:
    if not right:
        raise PermissionRefused
