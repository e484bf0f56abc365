"""The editions of a report: one of them as it was frozen, two of them side by side, on paper, in Word."""

from functools import cached_property

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.generic import View

from accounts.roles import Permission
from core import documents
from core.listing import whole_number

from ..documents import report as paper
from ..models import Submission
from ..queries.comparing import compared
from .reading import ReportMixin


class EditionMixin(ReportMixin):
    """Editions of the report, found by their number."""

    required_permission = Permission.READ_REPORTS
    request: HttpRequest

    @cached_property
    def editions(self) -> dict[int, Submission]:
        rows = self.report.submissions.select_related("made_by").order_by("edition")
        return {row.edition: row for row in rows}

    def asked(self, name: str) -> Submission:
        """The edition that the address asks for under `name`; 404 for none."""
        found = self.editions.get(whole_number(self.request.GET.get(name, "")) or 0)
        if found is None:
            raise Http404
        return found


class Compare(EditionMixin, View):
    """/reports/<number>/editions/?left=1&right=2"""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        if not self.editions:
            return redirect("reports:report", number)
        places = sorted(self.editions)
        if "left" not in request.GET and "right" not in request.GET:
            left, right = self.editions[places[max(len(places) - 2, 0)]], self.editions[places[-1]]
        else:
            left, right = self.asked("left"), self.asked("right")
        context = {
            "report": self.report,
            "left": left,
            "right": right,
            "editions": list(self.editions.values()),
            "pair": [left, right],
            "parts": compared(right.content, left.content),
            "only": "only" in request.GET,
        }
        return render(request, "reports/compare.html", context)


class Print(EditionMixin, View):
    """/reports/<number>/print/, with ?edition= an earlier one; of a draft the 审签单 to be signed."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        reading = self.reading
        content = self.asked("edition").content if "edition" in request.GET else reading.content
        if content is None:
            raise Http404
        context = {
            "report": self.report,
            "paper": paper.shown(self.report, content),
            "is_draft": reading.is_working_copy and "edition" not in request.GET,
        }
        return render(request, "reports/print.html", context)


class Word(EditionMixin, View):
    """/reports/<number>/report.docx"""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        content = self.reading.content
        if "edition" in request.GET:
            content = self.asked("edition").content
        if content is None:
            raise Http404
        written = paper.write(self.report, content)
        response = HttpResponse(written, content_type=documents.MEDIA_TYPE)
        name = paper.file_name(self.report, "docx")
        response["Content-Disposition"] = content_disposition_header(True, name)
        return response
