"""总体报告: the bureau chooses from its units' reports and drafts; how it goes out is in
`overall_sending`."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from core import clock
from core.documents import pdf
from core.errors import Refused
from core.views import RefusalMixin, posted_version, stale_words
from duties.choices import Nature
from duties.models import Assignment
from pilots import access
from pilots.choices import Part
from pilots.current import current_programme, programmes_of
from pilots.models import Unit

from .. import services
from ..choices import Kind, Status
from ..forms.sending import SendingForm
from ..models import Report
from ..queries.overall import sources_of

STEPS = (Status.DRAFT, Status.TO_SIGN, Status.SUBMITTED, Status.ACCEPTED)


class OverallList(RefusalMixin, View):
    """/overall/: the overall reports of the current programme; POST begins the one that is owed."""

    required_permission = Permission.READ_REPORTS

    def get(self, request: HttpRequest) -> HttpResponse:
        programme = current_programme(request)
        tasks = self._tasks()
        known = {row.assignment_id: row for row in self._reports()}
        context = {
            "programme": programme,
            "programmes": programmes_of(request),
            "lines": [{"task": task, "report": known.get(task.pk)} for task in tasks],
            "may_issue": programme is not None
            and access.may(request.user, Permission.ISSUE_DOCUMENTS, programme=programme),
        }
        return render(request, "reports/overall_list.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        task = get_object_or_404(self._tasks(), number=request.POST.get("task", ""))
        access.require(request.user, Permission.ISSUE_DOCUMENTS, programme=task.enrolment.programme)
        report = services.start_report(task, by=request.user)
        return redirect("reports:overall", report.number)

    def _tasks(self) -> Any:
        rows = Assignment.objects.visible_to(self.request.user).for_lists()
        owed = rows.filter(
            obligation__nature=Nature.OVERALL_REPORT,
            enrolment__programme=current_programme(self.request),
        )
        return owed.order_by("number")

    def _reports(self) -> Any:
        return Report.objects.visible_to(self.request.user).filter(kind=Kind.OVERALL)


class OverallMixin(RefusalMixin):
    """The overall report of the address, if the reader sees it."""

    required_permission = Permission.READ_REPORTS
    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def report(self) -> Report:
        rows = Report.objects.visible_to(self.request.user).for_lists()
        return get_object_or_404(rows, kind=Kind.OVERALL, number=self.kwargs["number"])

    @cached_property
    def may_issue(self) -> bool:
        return access.may(
            self.request.user, Permission.ISSUE_DOCUMENTS, programme=self.report.programme
        )

    def require_issuer(self) -> None:
        access.require(
            self.request.user, Permission.ISSUE_DOCUMENTS, programme=self.report.programme
        )

    def get_refusal_url(self) -> str:
        return reverse("reports:overall", args=[self.kwargs["number"]])


class OverallPage(OverallMixin, View):
    """/overall/<number>/: what was done and what comes next."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return self.page()

    def page(
        self, status: int = 200, form: SendingForm | None = None, refusal: str = ""
    ) -> HttpResponse:
        row = self.report
        passages = list(row.passages.select_related("submission__report"))
        context = {
            "report": row,
            "programme": row.programme,
            "may_issue": self.may_issue,
            "writes": self.may_issue and row.is_writable,
            "passages": len(passages),
            "units": len({each.submission.report_id for each in passages}),
            "sections": row.sections.standing().count(),
            "place": STEPS.index(Status(row.status)) if row.status in STEPS else 0,
            "sent": row.dispatches.filter(voided_at=None).select_related("receiver").first(),
            "voided": row.dispatches.exclude(voided_at=None),
            "sending": self._sending(form),
            "form": form,
            "refusal": refusal,
            "has_pdf": pdf.is_available(),
        }
        return render(self.request, "reports/overall.html", context, status=status)

    def receivers(self) -> list[Unit]:
        rows = self.report.programme.enrolments.filter(part=Part.SUPERIOR, withdrawn_on=None)
        found = rows.standing(clock.today()).select_related("unit").in_document_order()
        return [row.unit for row in found]

    def _sending(self, form: SendingForm | None) -> SendingForm | None:
        if not self.may_issue or self.report.status != Status.SUBMITTED:
            return None
        if form is not None:
            return form
        return SendingForm(units=self.receivers(), initial={"version": self.report.version})


class OverallPassages(OverallMixin, View):
    """/overall/<number>/passages/: the units' texts with a box beside each."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        self._require_draft()
        chosen = {
            _key(each.submission_id, each.section_key, each.field)
            for each in self.report.passages.all()
        }
        return self.page(chosen, is_first=not chosen)

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        self._require_draft()
        keys = set(request.POST.getlist("pick"))
        if posted_version(request) != self.report.version:
            return self.page(keys, status=412, refusal=stale_words(self.report))
        picks = []
        for source in sources_of(self.report.programme):
            for section, field in source.passages:
                if _key(source.edition.pk, section, field) in keys:
                    picks.append(services.Pick(source.edition, section, field))
        services.choose_passages(self.report, picks, by=request.user)
        words = {"count": len(picks)}
        messages.success(request, _("已选用%(count)s段，可以起草了。") % words)
        return redirect("reports:overall", number)

    def page(
        self, chosen: set[str], *, is_first: bool = False, status: int = 200, refusal: str = ""
    ) -> HttpResponse:
        """The first time everything of the summaries is ticked: to leave out is less work."""
        groups = []
        for source in sources_of(self.report.programme):
            rows = [
                {
                    "key": _key(source.edition.pk, section, field),
                    "heading": heading,
                    "text": text,
                    "is_chosen": (is_first and source.report.kind == Kind.SUMMARY)
                    or _key(source.edition.pk, section, field) in chosen,
                }
                for (section, field), (heading, text) in source.passages.items()
            ]
            groups.append({"source": source, "rows": rows})
        context = {"report": self.report, "groups": groups, "refusal": refusal}
        return render(self.request, "reports/overall_passages.html", context, status=status)

    def _require_draft(self) -> None:
        self.require_issuer()
        if not self.report.is_writable:
            raise Refused(_("%(number)s已提交审定，先撤回再改。") % {"number": self.report.number})


class OverallDraft(OverallMixin, View):
    """POST /overall/<number>/draft/"""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return redirect("reports:overall", number)

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        self.require_issuer()
        services.draft_overall(self.report, by=request.user)
        messages.success(request, _("已按部分起草，手工改过的文字没有动。逐段核对后提交审定。"))
        return redirect("reports:report-edit", number)


def _key(submission: int, section: str, field: str) -> str:
    return f"{submission}:{section}:{field}"
