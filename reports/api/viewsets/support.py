"""Endpoint of requests for support (问题建议与支持事项)."""

from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Permission
from pilots import access

from ... import services
from ...models import SupportRequest
from ...queries.support import answers_support, writes_support
from ...support_filters import SupportFilter
from .. import inputs, support
from .bases import Base, needing_read, refuse_unless

MOVES = ("promise", "answer_", "reopen", "close", "withdraw")


class SupportViewSet(Base):
    """问题建议与支持事项：单位提出，市政数局定期限答复。附件在页面上提交。"""

    queryset = SupportRequest.objects.all()
    serializer_class = support.SupportSerializer
    filterset_class = SupportFilter
    permission_map = needing_read("create", "partial_update", *MOVES)
    writers = (Permission.WRITE_REPORTS, Permission.REVIEW_REPORTS)
    inputs = {
        "create": support.SupportInput,
        "partial_update": support.SupportChangeInput,
        "promise": support.PromiseInput,
        "answer_": support.SayInput,
        "reopen": support.SayInput,
        "close": inputs.NothingInput,
        "withdraw": support.SupportReasonInput,
    }
    lookup_field = "number"
    ordering_fields = {
        "id": "number",
        "unit": "enrolment__unit__code",
        "status": "status",
        "raised_on": "raised_on",
        "answer_by": "answer_by",
        "updated_at": "updated_at",
    }
    ordering = ("number",)

    def create(self, request: Request) -> Response:
        """提出问题、建议或支持事项，可以出自一份报告的一个部分。"""
        given = self.given()
        place = given["place"]
        refuse_unless(access.may(request.user, Permission.WRITE_REPORTS, unit=place.unit))
        asked = services.Asked(
            given["nature"], given["title"], given["text"], given.get("kind", "")
        )
        row = services.raise_support(
            place,
            asked,
            by=request.user,
            report=given.get("report"),
            section_key=given.get("section", ""),
        )
        return self.answer(row)

    def partial_update(self, request: Request, **_kwargs: str) -> Response:
        """修改，限市政数局定答复期限之前。"""
        row, version = self._of_unit(), self.version
        known = {"nature": row.nature, "title": row.title, "text": row.text, "kind": row.kind}
        asked = services.Asked(**(known | self.given()))
        return self.answer(services.mend_support(row, asked, by=request.user, version=version))

    @action(detail=True, methods=["post"])
    def promise(self, request: Request, **_kwargs: str) -> Response:
        """定答复期限，也可以改。"""
        row, version = self._at_bureau(), self.version
        row = services.promise_support(row, by=request.user, version=version, **self.given())
        return self.answer(row)

    @action(detail=True, methods=["post"], url_path="answer")
    def answer_(self, request: Request, **_kwargs: str) -> Response:
        """答复。"""
        row, version = self._at_bureau(), self.version
        text = self.given()["text"]
        return self.answer(services.answer_support(row, text, by=request.user, version=version))

    @action(detail=True, methods=["post"])
    def reopen(self, request: Request, **_kwargs: str) -> Response:
        """没有解决，再次提出。"""
        row, version = self._of_unit(), self.version
        text = self.given()["text"]
        return self.answer(services.reopen_support(row, text, by=request.user, version=version))

    @action(detail=True, methods=["post"])
    def close(self, request: Request, **_kwargs: str) -> Response:
        """单位确认已解决。"""
        row, version = self._of_unit(), self.version
        self.given()
        return self.answer(services.close_support(row, by=request.user, version=version))

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, **_kwargs: str) -> Response:
        """撤回，写明原因。"""
        row, version = self._of_unit(), self.version
        reason = self.given()["reason"]
        return self.answer(services.withdraw_support(row, reason, by=request.user, version=version))

    def _row(self) -> SupportRequest:
        seen = SupportRequest.objects.visible_to(self.request.user).for_lists()
        return seen.get(pk=self.get_object().pk)

    def _of_unit(self) -> SupportRequest:
        row = self._row()
        refuse_unless(writes_support(row, self.request.user))
        return row

    def _at_bureau(self) -> SupportRequest:
        row = self._row()
        refuse_unless(answers_support(row, self.request.user))
        return row
