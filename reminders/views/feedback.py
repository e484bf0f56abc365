"""意见反馈: telling the operators, and answering."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from core.errors import Refused
from pilots import access
from pilots.access import LOGGED_IN

from .. import services
from ..choices import FeedbackState
from ..forms import AnswerForm, FeedbackForm
from ..models import Feedback

MOST = 100


def page_of(request: HttpRequest) -> str:
    """The page that the feedback is about: `?page=`, else the one that led here, as a path of ours."""
    asked = request.GET.get("page", "")
    if asked.startswith("/") and not asked.startswith("//"):
        return asked[:500]
    came = urlsplit(request.headers.get("Referer", ""))
    if came.netloc != request.get_host() or came.path == request.path:
        return ""
    return (came.path + (f"?{came.query}" if came.query else ""))[:500]


class FeedbackView(View):
    """/feedback/"""

    required_permission = LOGGED_IN
    request: HttpRequest

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(FeedbackForm(initial={"page": page_of(request)}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = FeedbackForm(request.POST)
        if not form.is_valid():
            return self.page(form, 422)
        facts = form.cleaned_data
        services.give_feedback(by=request.user, text=facts["text"], page=facts["page"])
        messages.success(request, _("意见已收到。答复后在消息里通知。"))
        return redirect("reminders:feedback")

    def page(self, form: FeedbackForm, status: int = 200, **given: Any) -> HttpResponse:
        rows = Feedback.objects.visible_to(self.request.user).select_related("user", "answered_by")
        others = rows.exclude(user=self.request.user)
        answers = access.may(self.request.user, Permission.ANSWER_FEEDBACK)
        waiting = others.filter(state=FeedbackState.OPEN)[:MOST] if answers else []
        context = {
            "form": form,
            "own": rows.filter(user=self.request.user)[:MOST],
            "answers": answers,
            "waiting": [(row, AnswerForm(prefix=f"answer-{row.pk}")) for row in waiting],
            "answered": others.filter(state=FeedbackState.ANSWERED)[:MOST] if answers else [],
            **given,
        }
        return render(self.request, "reminders/feedback.html", context, status=status)


class AnswerView(FeedbackView):
    """POST /feedback/<pk>/answer/"""

    required_permission = Permission.ANSWER_FEEDBACK

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:  # type: ignore[override]
        return redirect("reminders:feedback")

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:  # type: ignore[override]
        rows = Feedback.objects.visible_to(request.user).select_related("user", "answered_by")
        row = get_object_or_404(rows.exclude(user=request.user), pk=pk)
        form = AnswerForm(request.POST, prefix=f"answer-{row.pk}")
        if not form.is_valid():
            return self.sent_back(row, form, 422)
        try:
            services.answer_feedback(row, by=request.user, answer=form.cleaned_data["answer"])
        except Refused as refusal:
            return self.sent_back(row, form, refusal.status, str(refusal))
        messages.success(request, _("已答复%(who)s的意见。") % {"who": row.user})
        return redirect("reminders:feedback")

    def sent_back(
        self, row: Feedback, form: AnswerForm, status: int, refusal: str = ""
    ) -> HttpResponse:
        given = {"waiting": [(row, form)], "sent_back": form, "refusal": refusal}
        return self.page(FeedbackForm(), status, **given)
