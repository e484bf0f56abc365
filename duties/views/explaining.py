"""The day that a rule means, while an order or a period is being written."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic import View

from accounts.roles import Permission

from ..due_forms import OrderDay, PeriodDay


class DeadlineExplain(View):
    """/deadlines/explain/?rule=&count=&due_on= (and opens_on with for=period): the sentence alone. It
    reads nothing but the calendar."""

    required_permission = Permission.ISSUE_DOCUMENTS

    def get(self, request: HttpRequest) -> HttpResponse:
        kind = PeriodDay if request.GET.get("for") == "period" else OrderDay
        form = kind(request.GET)
        form.is_valid()
        faults = [str(text) for texts in form.errors.values() for text in texts]
        words = form.preview or " ".join(faults)
        return render(request, "duties/parts/due_words.html", {"words": words})
