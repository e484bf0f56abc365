"""/findings/: what was found, stopped and corrected; one finding, and each step of it."""

from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from accounts.roles import Permission
from core import clock, moves
from core.columns import Column
from core.errors import MoveNotAllowed, PermissionRefused
from core.lists import ListPage
from core.models import StoredFile
from core.uploads import DownloadView
from pilots.access import permissions_of
from pilots.current import current_programme, programmes_of
from pilots.models import Enrolment, Programme

from .. import services
from ..choices import MOVES, FindingMove, FindingStatus, Step
from ..forms.findings import FORMS, LABELS, FindingForm, FindingMendForm
from ..models import Finding, FindingQuerySet, FindingStep, Project
from ..queries import findings
from ..queries.allowed import may_report
from ..queries.places import FOR_FINDINGS, grants
from .bases import FindingMixin, FormPage, OfUnit, history
from .list_filters import FindingPageFilter
from .lists import WRITERS

TONES = {
    FindingStatus.FOUND: "mine",
    FindingStatus.STOPPED: "mine",
    FindingStatus.CORRECTED: "over",
    FindingStatus.CLOSED: "over",
}
SERVICES: dict[str, Any] = {
    FindingMove.STOP: services.stop_finding,
    FindingMove.ORDER: services.order_correction,
    FindingMove.REDATE: services.redate_finding,
    FindingMove.CORRECT: services.correct_finding,
    FindingMove.CLOSE: services.close_finding,
    FindingMove.REOPEN: services.reopen_finding,
    Step.FOLLOW_UP: services.follow_up,
}


class FindingList(ListPage):
    """/findings/"""

    required_permission = Permission.READ_PROJECTS
    template_name = "projects/finding_list.html"
    page_filter = FindingPageFilter
    ordering_fields = ("number", "title", "unit_label", "found_on", "due_on", "status")
    ordering = ("-found_on", "-number")
    columns = (
        Column("number", gettext_lazy("编号"), "fit", "number", short=""),
        Column("status", gettext_lazy("状态"), "fit", "status", short=""),
        Column("title", gettext_lazy("发现的问题"), sort="title", is_title=True),
        Column("unit", gettext_lazy("单位"), sort="unit_label"),
        Column("project", gettext_lazy("涉及项目")),
        Column("found", gettext_lazy("发现日期"), "fit", "found_on"),
        Column("due", gettext_lazy("整改期限"), "fit", "due_on"),
    )

    def filterset_class(self, data: QueryDict, **kwargs: Any) -> FindingPageFilter:
        """Without a programme in the address the current one is put there."""
        if self.programme and "programme" not in data and "project" not in data:
            data = data.copy()
            data["programme"] = self.programme.code
        return self.page_filter(data, programme=self.programme, **kwargs)

    @cached_property
    def programme(self) -> Programme | None:
        """None when the reader asks for every programme (`?programme=`)."""
        if self.request.GET.get("programme") == "":
            return None
        return current_programme(self.request)

    def get_queryset(self) -> FindingQuerySet:
        return findings.listed(self.visible(), clock.today())

    def visible(self) -> FindingQuerySet:
        return Finding.objects.visible_to(self.request.user)

    def get_context(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(**kwargs)
        may_write = bool(WRITERS & permissions_of(self.request.user))
        is_granted = self.programme is None or grants(self.programme, FOR_FINDINGS)
        today = clock.today()
        return {
            **context,
            "form": context["filter"].form,
            "lines": [
                {"row": row, "tone": TONES.get(row.status, ""), "is_late": row.is_overdue(today)}
                for row in context["rows"]
            ],
            "programme": self.programme,
            "programmes": programmes_of(self.request),
            "facts": self.facts(),
            "tools": [
                {"url": reverse("projects:project-list"), "label": _("信息化项目"), "icon": "back"}
            ],
            "is_granted": is_granted,
            "new_url": reverse("projects:finding-new") if may_write and is_granted else "",
        }

    def facts(self) -> list[dict[str, Any]]:
        """Counts, each a link to the rows it counts."""
        rows = self.visible()
        if self.programme:
            rows = rows.filter(enrolment__programme=self.programme)
        found = findings.totals(rows, clock.today())
        return [
            self._fact(_("未完成"), found.open, "", {"open": "true"}),
            self._fact(_("整改中"), found.correcting, "", {"status": FindingStatus.CORRECTING}),
            self._fact(_("整改逾期"), found.overdue, "late", {"overdue": "true"}),
            self._fact(_("已纠正"), found.corrected, "", {"status": FindingStatus.CORRECTED}),
        ]

    def _fact(self, label: str, count: int, tone: str, query: dict[str, str]) -> dict[str, Any]:
        given = {"programme": self.programme.code if self.programme else "", **query}
        url = f"{self.request.path}?{urlencode(given)}"
        return {"label": label, "value": count, "url": url, "tone": tone if count else ""}


class FindingPage(FindingMixin, View):
    """/findings/<number>/"""

    required_permission = Permission.READ_PROJECTS

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        row = self.finding
        may_write = may_report(request.user, row.unit)
        steps = FindingStep.objects.visible_to(request.user).filter(finding=row)
        context = {
            "finding": row,
            "tone": TONES.get(FindingStatus(row.status), ""),
            "is_late": row.is_overdue(clock.today()),
            "course": steps.select_related("entered_by"),
            "acts": self.acts() if may_write else [],
            "may_write": may_write,
            "steps": history(row),
        }
        return render(request, "projects/finding.html", context)

    def acts(self) -> list[dict[str, Any]]:
        """What may be done now, in the table's order, notes last."""
        names = [*moves.allowed(MOVES, self.finding.status), Step.FOLLOW_UP]
        return [{"url": self.url(name), "label": LABELS[name]} for name in names]

    def url(self, name: str) -> str:
        return reverse("projects:finding-act", args=[self.finding.number, str(name)])


class FindingNew(OfUnit):
    """/findings/new/"""

    label = gettext_lazy("登记发现的问题")
    powers = FOR_FINDINGS
    nothing = gettext_lazy("%(unit)s参与的方案没有写发现、制止及纠正的职权，不登记。")

    def heading(self) -> str:
        return _("登记%(unit)s发现的问题") % {"unit": self.place.unit.display_name}

    def back_url(self) -> str:
        return reverse("projects:finding-list")

    def crumbs(self) -> list[tuple[str, str]]:
        return [(self.back_url(), _("发现的问题"))]

    def get_form(self, *data: Any) -> FindingForm:
        projects = projects_at(self.request.user, self.place)
        initial = {"project": self.request.GET.get("project", "")}
        return FindingForm(*data, projects=projects, initial=initial)

    def act(self, form: FindingForm) -> tuple[str, str]:
        once = form.cleaned_data["once"]
        row = services.report_finding(
            self.place, by=self.request.user, paper=form.paper(), once=once, **form.facts()
        )
        address = reverse("projects:finding", args=[row.number])
        return _("已登记，编号%(number)s。") % {"number": row.number}, address


class OfFinding(FindingMixin, FormPage):
    """A form about one finding, for whoever writes for its unit."""

    def prepare(self) -> None:
        if not may_report(self.request.user, self.finding.unit):
            raise PermissionRefused

    def subject(self) -> Finding:
        return self.finding

    def back_url(self) -> str:
        return reverse("projects:finding", args=[self.kwargs["number"]])

    def crumbs(self) -> list[tuple[str, str]]:
        listed = (reverse("projects:finding-list"), _("发现的问题"))
        return [listed, (self.back_url(), self.finding.number)]

    def rows(self) -> list[dict[str, Any]]:
        row = self.finding
        found: list[dict[str, Any]] = [
            {"label": _("发现的问题"), "value": row.title, "note": row.unit.display_name},
            {"label": _("状态"), "value": row.get_status_display()},
        ]
        if row.due_on:
            found.append({"label": _("整改期限"), "value": str(row.due_on)})
        return found


class FindingMend(OfFinding):
    """/findings/<number>/mend/"""

    label = gettext_lazy("保存更正")

    def heading(self) -> str:
        return _("更正%(number)s") % {"number": self.finding.number}

    def rows(self) -> list[dict[str, Any]]:
        return []

    def get_form(self, *data: Any) -> FindingMendForm:
        projects = projects_at(self.request.user, self.finding.enrolment)
        return FindingMendForm(*data[:1], projects=projects, row=self.finding)

    def act(self, form: FindingMendForm) -> tuple[str, str]:
        services.mend_finding(self.finding, by=self.request.user, **form.cleaned_data)
        return _("已更正。"), self.back_url()


class FindingAct(OfFinding):
    """/findings/<number>/<act>/: one step of the course."""

    def prepare(self) -> None:
        super().prepare()
        self.name = self.kwargs["act"]
        if self.name not in FORMS:
            raise Http404
        is_open = self.name == Step.FOLLOW_UP or self.name in moves.allowed(
            MOVES, self.finding.status
        )
        if not is_open:
            facts = {"number": self.finding.number, "status": self.finding.get_status_display()}
            raise MoveNotAllowed(_("%(number)s现在是“%(status)s”，不能这样办。") % facts)
        self.label = LABELS[self.name]

    def heading(self) -> str:
        return str(LABELS[self.name])

    def get_form(self, *data: Any) -> Any:
        return FORMS[self.name](*data, initial={"version": self.finding.version})

    def act(self, form: Any) -> tuple[str, str]:
        SERVICES[self.name](self.finding, by=self.request.user, paper=form.paper(), **form.facts())
        return _("已登记：%(act)s。") % {"act": LABELS[self.name]}, self.back_url()


class StepFile(DownloadView):
    """The paper of one step."""

    required_permission = Permission.READ_PROJECTS

    def get_file(self) -> tuple[StoredFile, str]:
        rows = FindingStep.objects.visible_to(self.request.user).select_related("file")
        row = get_object_or_404(rows, finding__number=self.kwargs["number"], pk=self.kwargs["pk"])
        if row.file is None:
            raise Http404
        return row.file, row.file_name


def projects_at(user: Any, place: Enrolment) -> Any:
    """Projects of the unit that a finding may be about."""
    rows = Project.objects.visible_to(user).filter(enrolment=place)
    return rows.live().order_by("-number")
