"""Papers of an event: a page for A4 paper, and Word."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.generic import View

from accounts.roles import Permission
from core.documents import MEDIA_TYPE

from ..documents import papers
from .bases import EventMixin


class PaperMixin(EventMixin):
    required_permission = Permission.READ_EVENTS

    def paper(self) -> papers.Paper:
        if self.kwargs["kind"] not in papers.KINDS:
            raise Http404
        return papers.paper_of(self.event, self.kwargs["kind"], self.request.user)


class DocumentPage(PaperMixin, View):
    """/trainings/<number>/documents/<kind>/"""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        context = {
            "event": self.event,
            "paper": self.paper(),
            "kind": kwargs["kind"],
            "label": papers.KINDS[kwargs["kind"]][0],
        }
        return render(request, "trainings/document.html", context)


class DocumentFile(PaperMixin, View):
    """/trainings/<number>/documents/<kind>.docx"""

    def get(self, _request: HttpRequest, **kwargs: Any) -> HttpResponse:
        response = HttpResponse(papers.write(self.paper()), content_type=MEDIA_TYPE)
        name = papers.file_name(self.event, kwargs["kind"])
        response["Content-Disposition"] = content_disposition_header(True, name)
        return response
