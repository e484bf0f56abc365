"""历次稿: every text that a section ever held, who saved it and when; each can be brought back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from ..choices import LIMITS, Completion
from ..models import Section, SectionRevision
from ..queries.checking import count
from ..services.revisions import restore_revision
from .writing_base import WritingView

MOST = 100


class RevisionsPage(WritingView):
    """/reports/<number>/<key>/revisions/: GET the list, POST `revision` brings one back."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.section(self.kwargs["key"])
        rows = self.revisions(row).select_related("saved_by").order_by("-id")[:MOST]
        context = {
            "report": self.report,
            "section": row,
            "lines": [self.line(row, each, at == 0) for at, each in enumerate(rows)],
            "edit_url": self.edit_url(row),
        }
        return render(request, "reports/revisions.html", context)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.section(self.kwargs["key"])
        number = request.POST.get("revision", "")
        pk = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
        revision = get_object_or_404(self.revisions(row), pk=pk)
        revision.section = row
        restore_revision(revision, by=request.user, version=row.version)
        at = {"at": f"{localtime(revision.saved_at):%Y-%m-%d %H:%M}"}
        messages.success(request, _("已恢复%(at)s的内容，恢复前的内容留在历次稿里。") % at)
        return redirect(self.edit_url(row))

    def line(self, section: Section, row: SectionRevision, is_newest: bool) -> dict[str, Any]:
        content = row.content
        names = [name for name in LIMITS if content.get(name.value)]
        chosen = content.get("completion", "")
        return {
            "row": row,
            "is_newest": is_newest,
            "length": sum(count(content.get(name.value, "")) for name in LIMITS),
            "texts": [
                {
                    "label": section.heading if section.is_chapter else name.label,
                    "text": content[name.value],
                }
                for name in names
            ],
            "completion": Completion(chosen).label if chosen in Completion.values else "",
        }
