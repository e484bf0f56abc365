"""P12 延期: one request, its signing and the bureau's answer."""

from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.generic import View

from accounts.roles import Permission
from approvals.views.signing import SignedPage
from core import clock
from core.models import StoredFile
from core.uploads import DownloadView
from pilots import access

from .. import services
from ..choices import ExtensionState
from ..extension_forms import AnswerForm, WithdrawForm
from ..models import Extension, LightRule
from ..queries.extensions import bureau_signs, extensions_of, may_answer
from .extension_list import tone
from .extension_new import span_words
from .extension_trail import may_undo, next_step, steps
from .lists import line_of
from .signing import RowSignMixin, Signing


class ExtensionPage(SignedPage, View):
    """/extensions/<number>/"""

    required_permission = Permission.READ_REPORTS
    template_name = "duties/extension.html"
    request: HttpRequest

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return self.page()

    @cached_property
    def extension(self) -> Extension:
        rows = Extension.objects.visible_to(self.request.user).for_lists().select_related("file")
        return get_object_or_404(rows, number=self.kwargs["number"])

    def signing_subject(self) -> str:
        return self.extension.number

    def sign_url(self, act: str) -> str:
        return reverse("duties:extension-sign", args=[self.extension.number, act])

    @cached_property
    def answers(self) -> bool:
        return may_answer(self.extension, self.request.user)

    @cached_property
    def writes(self) -> bool:
        unit = self.extension.unit
        return access.may(self.request.user, Permission.WRITE_REPORTS, unit=unit)

    def page(self, status: int = 200, **given: Any) -> HttpResponse:
        """The page; `given` holds a form that was sent back, and `refusal`, why."""
        context = {"signing": self.signing(), **self.context(), **given}
        return render(self.request, self.template_name, context, status=status)

    def context(self) -> dict[str, Any]:
        row = self.extension
        task = row.assignment
        return {
            "extension": row,
            "task": task,
            "tone": tone(row),
            "line": line_of(task, LightRule.for_day(clock.today())),
            "span": span_words(row.latest_on, row.wanted_on),
            "granted_span": span_words(row.latest_on, row.granted_on),
            "history": [
                each for each in extensions_of(task, user=self.request.user) if each.pk != row.pk
            ],
            "steps": steps(row),
            "next": next_step(row, answers=self.answers, writes=self.writes),
            **self.acts(),
        }

    def acts(self) -> dict[str, Any]:
        """What the reader may do now."""
        row = self.extension
        asked = self.answers and row.state == ExtensionState.ASKED
        is_own = row.asked_by_id == self.request.user.pk
        return {
            "answer": AnswerForm(extension=row) if asked and not is_own else None,
            "is_own": asked and is_own,
            "may_edit": self.writes and row.state == ExtensionState.RETURNED,
            "withdraw": WithdrawForm(prefix="withdraw") if self.writes and row.is_open else None,
            "may_undo": self.answers and may_undo(row),
            "has_chain": asked and bureau_signs(row.programme),
        }


class ExtensionSign(RowSignMixin, ExtensionPage):
    """POST /extensions/<number>/sign/<act>/"""

    signs_with = Signing(
        services.agree_extension,
        services.send_back_extension,
        services.sign_extension_on_paper,
        services.recall_extension,
    )

    def row(self) -> Extension:
        return self.extension


class ExtensionFile(DownloadView):
    """/extensions/<number>/file/"""

    required_permission = Permission.READ_REPORTS

    def get_file(self) -> tuple[StoredFile, str]:
        rows = Extension.objects.visible_to(self.request.user).select_related("file")
        row = get_object_or_404(rows, number=self.kwargs["number"])
        if row.file is None:
            raise Http404
        return row.file, row.file_name
