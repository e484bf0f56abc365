"""打包与汇编, 专报 and 通报: what the bureau makes of everybody's reports."""

import tempfile
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from core import audit, clock, documents, spreadsheets
from pilots import access
from pilots.choices import Part
from pilots.current import current_programme, programmes_of
from pilots.models import Programme, Unit

from ..choices import Kind
from ..documents import briefs, collection
from ..models import Period
from ..queries.briefing import briefing_of
from ..queries.collecting import originals, said
from .overall_sending import as_download

IN_MEMORY = 8 * 1024 * 1024  # bytes of a zip that are held before it goes to the disk


class PapersMixin:
    """The current programme, for those who issue its documents."""

    required_permission = Permission.ISSUE_DOCUMENTS
    request: HttpRequest

    def programme(self) -> Programme:
        found = current_programme(self.request)
        if found is None:
            raise Http404
        access.require(self.request.user, Permission.ISSUE_DOCUMENTS, programme=found)
        return found


class PapersPage(PapersMixin, View):
    """/papers/: what can be made, of how many reports."""

    def get(self, request: HttpRequest) -> HttpResponse:
        programme = self.programme()
        periods = Period.objects.visible_to(request.user).filter(programme=programme)
        user = request.user
        packs = [
            {
                "label": _("工作总结"),
                "query": f"programme={programme.code}&kind={Kind.SUMMARY}",
                "count": len(originals(programme, user=user, kind=Kind.SUMMARY)),
            },
            *(
                {
                    "label": _("%(period)s进展报告") % {"period": row},
                    "query": f"programme={programme.code}&kind={Kind.PROGRESS}&period={row.code}",
                    "count": len(
                        originals(programme, user=user, kind=Kind.PROGRESS, period=row.code)
                    ),
                }
                for row in periods.order_by("-starts_on")[:8]
            ),
        ]
        context = {
            "programme": programme,
            "programmes": programmes_of(request),
            "packs": packs,
            "said": len(said(programme, user=user)),
        }
        return render(request, "reports/papers.html", context)


class PackView(PapersMixin, View):
    """/papers/originals.zip?kind=&period="""

    def get(self, request: HttpRequest) -> HttpResponseBase:
        programme = self.programme()
        kind, period = request.GET.get("kind", ""), request.GET.get("period", "")
        found = originals(programme, user=request.user, kind=kind, period=period)
        if not found:
            raise Http404
        # On the disk past a few megabytes: evidence of 64 units must not lie in memory.
        output: Any = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - FileResponse closes it
        lost = collection.pack(output, found)
        output.seek(0)
        audit.record(
            "report.pack",
            by=request.user,
            subject=programme,
            programme=programme,
            after={"kind": kind, "period": period, "reports": len(found), "lost": len(lost)},
        )
        name = _("%(region)s报告汇编%(day)s.zip") % {
            "region": programme.region_name,
            "day": f"{clock.today():%Y%m%d}",
        }
        return FileResponse(output, as_attachment=True, filename=name)


class SaidView(PapersMixin, View):
    """/papers/said.xlsx: everybody's problems and suggestions."""

    def get(self, request: HttpRequest) -> HttpResponse:
        programme = self.programme()
        words = {"region": programme.region_name, "day": f"{clock.today():%Y%m%d}"}
        title = _("%(region)s问题建议汇总") % words
        content = collection.table(said(programme, user=request.user), title)
        name = _("%(region)s问题建议汇总%(day)s.xlsx") % words
        return as_download(content, spreadsheets.MEDIA_TYPE, name)


class BriefView(PapersMixin, View):
    """/papers/brief.docx and /papers/bulletin.docx"""

    is_bulletin = False

    def get(self, request: HttpRequest) -> HttpResponse:
        programme = self.programme()
        on = clock.read_day(request.GET.get("on", "")) or clock.today()
        found = briefing_of(programme, user=request.user, on=on)
        write = briefs.write_bulletin if self.is_bulletin else briefs.write_brief
        bureau = bureau_of(programme)
        content = write(found, bureau.code, bureau.full_name)
        words = {"region": programme.region_name, "day": f"{on:%Y%m%d}"}
        name = (
            _("%(region)s工作通报%(day)s.docx")
            if self.is_bulletin
            else _("%(region)s工作专报%(day)s.docx")
        )
        return as_download(content, documents.MEDIA_TYPE, name % words)


def bureau_of(programme: Programme) -> Unit:
    """The body that leads the programme; raises Http404 where none is entered."""
    rows = programme.enrolments.filter(part=Part.BUREAU, withdrawn_on=None)
    found = rows.standing(clock.today()).select_related("unit").first()
    if found is None:
        raise Http404
    return found.unit
