"""Endpoint of reports (报告): written, signed, handed in, reviewed, sent."""

from typing import Any

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import ValidationError

from core.documents.writer import MEDIA_TYPE
from core.errors import MoveNotAllowed, StaleVersion

from ... import services
from ...choices import KIND_OF_NATURE, Kind
from ...documents import overall
from ...documents import report as document
from ...filters import ReportFilter
from ...models import Report, Section, Submission
from ...queries.allowed import may_review, require_reviewer, require_writer, writes_for
from ...queries.reading import reading_of
from .. import inputs
from ..serializers import EDITION_KEY, ReportSerializer
from .bases import Base, needing_read, refuse_unless

WRITES = ("create", "save_section", "carry_over", "unchanged", "put_up", "take_back", "recall")
SIGNS = ("sign", "turn_back")
REVIEWS = ("accept", "give_back")
SENDS = ("passages", "draft", "dispatch_entry")


class ReportViewSet(Base):
    """报告. One answers one assignment; `content/` is its text, `document/` the Word file."""

    queryset = Report.objects.all()
    serializer_class = ReportSerializer
    filterset_class = ReportFilter
    permission_map = needing_read(*WRITES, *SIGNS, *REVIEWS, *SENDS, "content", "document")
    inputs = {
        "create": inputs.StartInput,
        "save_section": inputs.SectionInput,
        "carry_over": inputs.KeysInput,
        "unchanged": inputs.KeysInput,
        "put_up": inputs.NothingInput,
        "take_back": inputs.NothingInput,
        "recall": inputs.NothingInput,
        "sign": inputs.ReportRemarkInput,
        "turn_back": inputs.ReportReasonInput,
        "accept": inputs.ReportRemarkInput,
        "give_back": inputs.ReturnInput,
        "passages": inputs.PassagesInput,
        "draft": inputs.NothingInput,
        "dispatch_entry": inputs.DispatchInput,
    }
    lookup_field = "number"
    ordering_fields = {
        "id": "number",
        "unit": "assignment__enrolment__unit__code",
        "status": "status",
        "handed_in_on": "handed_in_on",
        "updated_at": "updated_at",
    }
    ordering = ("number",)

    # --- reading -----------------------------------------------------------------------------------

    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    @action(detail=True, methods=["get"])
    def content(self, request: Request, **_kwargs: str) -> Response:
        """正文：填写的人看到现稿，其他人看到最近一次报送稿。审核方读取后，单位不能再撤回。"""
        row = self._row()
        if may_review(row, request.user):  # as on the page: what was read cannot be recalled
            services.open_for_review(row, by=request.user)
        found = reading_of(row, request.user)
        more = {"versions": _versions(row)} if found.is_working_copy else {}
        return Response((found.content or {}) | more)

    @extend_schema(responses={(200, MEDIA_TYPE): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def document(self, request: Request, **_kwargs: str) -> HttpResponse:
        """Word文件（GB/T 9704-2012版式的待签发稿）。"""
        row = self._row()
        if row.kind == Kind.OVERALL:
            written, name = overall.write(row), overall.file_name(row, "docx")
        else:
            content = reading_of(row, request.user).content or {}
            written, name = document.write(row, content), document.file_name(row, "docx")
        header = content_disposition_header(True, name)
        return HttpResponse(
            written, content_type=MEDIA_TYPE, headers={"Content-Disposition": header}
        )

    # --- writing -----------------------------------------------------------------------------------

    def create(self, request: Request) -> Response:
        """按任务建稿；已有的返回原稿。"""
        task = self.given()["assignment"]
        kind = KIND_OF_NATURE.get(task.obligation.nature, "")
        refuse_unless(writes_for(Report(kind=kind, assignment=task), request.user))
        return self.answer(services.start_report(task, by=request.user))

    @action(detail=True, methods=["patch"], url_path=r"sections/(?P<key>[^/]+)")
    def save_section(self, request: Request, key: str, **_kwargs: str) -> Response:
        """保存一个部分。If-Match是这一部分的版本（content里的versions）；别处已改过的，原文不动，
        这里的文字另存一稿，答412。"""
        row, version = self._written_by_me(), self.version
        section = Section.objects.visible_to(request.user).filter(report=row, key=key).first()
        if section is None:
            raise ValidationError({"": [_("这份报告没有“%(key)s”这一部分。") % {"key": key[:60]}]})
        content = self.given()
        if "figures" in content:
            content["figures"] = {each["id"]: each["value"] for each in content["figures"]}
        saved = services.save_section(section, content, version=version, by=request.user)
        if saved.is_conflict:
            raise StaleVersion(
                _("这一部分刚在别处改过，原文没有动；这次的文字已另存，可在填写页找回。")
            )
        return Response(
            {"section": key, "version": saved.section.version},
            headers={"ETag": saved.section.etag},
        )

    @action(detail=True, methods=["post"], url_path="carry-over")
    def carry_over(self, request: Request, **_kwargs: str) -> Response:
        """沿用上期：只填空着的文字，已写的不动，数字不沿用。"""
        row, version = self._written_by_me(), self.version
        keys = self.given().get("sections")
        services.carry_over(row, keys=keys, by=request.user, version=version)
        return self.answer(row)

    @action(detail=True, methods=["post"])
    def unchanged(self, request: Request, **_kwargs: str) -> Response:
        """本期无变化，沿用上期。"""
        row, version = self._written_by_me(), self.version
        keys = self.given().get("sections")
        services.mark_unchanged(row, keys=keys, by=request.user, version=version)
        return self.answer(row)

    @action(detail=True, methods=["post"], url_path="put-up")
    def put_up(self, request: Request, **_kwargs: str) -> Response:
        """提交审签。缺项一次列全，422。"""
        row, version = self._written_by_me(), self.version
        self.given()
        return self.answer(services.put_up(row, by=request.user, version=version))

    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, **_kwargs: str) -> Response:
        """撤回审签。"""
        row, version = self._written_by_me(), self.version
        self.given()
        return self.answer(services.take_back(row, by=request.user, version=version))

    @action(detail=True, methods=["post"])
    def recall(self, request: Request, **_kwargs: str) -> Response:
        """撤回报送，限市政数局打开之前。"""
        row, version = self._written_by_me(), self.version
        self.given()
        return self.answer(services.recall(row, by=request.user, version=version))

    # --- signing and reviewing ---------------------------------------------------------------------

    @action(detail=True, methods=["post"])
    def sign(self, request: Request, **_kwargs: str) -> Response:
        """同意；最后一步签完即报送。"""
        row, version = self._row(), self.version
        return self.answer(services.sign(row, by=request.user, version=version, **self.given()))

    @action(detail=True, methods=["post"], url_path="turn-back")
    def turn_back(self, request: Request, **_kwargs: str) -> Response:
        """审签人退回拟稿人修改。"""
        row, version = self._row(), self.version
        return self.answer(
            services.turn_back(row, by=request.user, version=version, **self.given())
        )

    @action(detail=True, methods=["post"])
    def accept(self, request: Request, **_kwargs: str) -> Response:
        """通过。任务在同一事务内完成。"""
        row, version = self._at_desk(), self.version
        note = self.given().get("remark", "")
        services.accept(row, note=note, by=request.user, version=version)
        return self.answer(row)

    @action(detail=True, methods=["post"], url_path="return")
    def give_back(self, request: Request, **_kwargs: str) -> Response:
        """退回修改，逐栏写明要改什么。"""
        row, version = self._at_desk(), self.version
        given = self.given()
        remarks = [services.Remark(**each) for each in given["remarks"]]
        note = given.get("note", "")
        services.return_report(row, remarks, note=note, by=request.user, version=version)
        return self.answer(row)

    # --- the overall report ------------------------------------------------------------------------

    @action(detail=True, methods=["post"])
    def passages(self, request: Request, **_kwargs: str) -> Response:
        """总体报告选用哪些段落；写的就是全部。"""
        row, version = self._overall(), self.version
        picks = [self._pick(each) for each in self.given()["passages"]]
        services.choose_passages(row, picks, by=request.user, version=version)
        return self.answer(row)

    @action(detail=True, methods=["post"])
    def draft(self, request: Request, **_kwargs: str) -> Response:
        """起草总体报告：数字、进展和选用的段落按部分汇成文字，手工改过的不动。"""
        row, version = self._overall(), self.version
        self.given()
        return self.answer(services.draft_overall(row, by=request.user, version=version))

    @action(detail=True, methods=["post"], url_path="dispatch")
    def dispatch_entry(self, request: Request, **_kwargs: str) -> Response:
        """报送登记。总体报告只由它办结。"""
        row, version = self._overall(), self.version
        sending = services.Sending(**self.given())
        services.dispatch(row, sending, by=request.user, version=version)
        return self.answer(row)

    # --- parts -------------------------------------------------------------------------------------

    def _row(self) -> Report:
        seen = Report.objects.visible_to(self.request.user).for_lists()
        return seen.get(pk=self.get_object().pk)

    def _written_by_me(self) -> Report:
        row = self._row()
        require_writer(row, self.request.user)
        return row

    def _at_desk(self) -> Report:
        row = self._row()
        require_reviewer(row, self.request.user)
        return row

    def _overall(self) -> Report:
        row = self._row()
        if row.kind != Kind.OVERALL:
            raise MoveNotAllowed(_("%(number)s不是总体报告。") % {"number": row.number})
        self.require_issuing(row.programme)
        return row

    def _pick(self, given: dict[str, Any]) -> services.Pick:
        rows = Submission.objects.visible_to(self.request.user).annotate(key=EDITION_KEY)
        found = rows.select_related("report").filter(key=given["submission"]).first()
        if found is None:
            words = {"typed": given["submission"]}
            message = _("没有“%(typed)s”这样的报送稿，或当前账号看不到。")
            raise ValidationError({"passages": [message % words]})
        return services.Pick(found, given["section"], given["field"])


def _versions(row: Report) -> dict[str, int]:
    """The version of each section, for If-Match."""
    return dict(row.sections.standing().values_list("key", "version"))
