"""/projects/<number>/: one project with all that was said of it; entering, mending, withdrawing it."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from accounts.roles import Permission
from core import clock
from core.errors import PermissionRefused, Refused
from core.models import StoredFile
from core.uploads import DownloadView
from pilots.models import Unit

from .. import services
from ..choices import Gate
from ..forms.projects import ProjectForm, ProjectMendForm, WithdrawForm
from ..models import Finding, GateCheck, Opinion, Project, ProjectRecord
from ..queries.allowed import may_give, may_report
from ..queries.places import FOR_PROJECTS
from ..queries.standing import Standing, standing
from .bases import FormPage, OfUnit, ProjectMixin, history
from .telling import size_words, warnings


class ProjectPage(ProjectMixin, View):
    """/projects/<number>/"""

    required_permission = Permission.READ_PROJECTS

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return render(request, "projects/project.html", self.context())

    def context(self) -> dict[str, Any]:
        row, user = self.project, self.request.user
        now = standing(row, clock.today())
        is_live = row.withdrawn_on is None
        return {
            "project": row,
            "unit": row.unit,
            "size": size_words(row),
            "standing": now,
            "warnings": warnings(now) if is_live else [],
            "gates": [self.gate(gate, now) for gate in now.powers.gates],
            "records": self.entries(ProjectRecord).order_by("-happened_on", "-pk"),
            "findings": Finding.objects.visible_to(user).filter(project=row),
            "powers": [power for power in now.powers.rows if power.clause],
            "may_write": is_live and may_report(user, row.unit),
            "may_give": is_live and may_give(user, row.unit),
            "acts": self.acts(now) if is_live else {},
            "steps": history(row),
        }

    def entries(self, model: Any) -> Any:
        rows = model.objects.visible_to(self.request.user).filter(project=self.project)
        return rows.select_related("entered_by")

    def gate(self, gate: Gate, now: Standing) -> dict[str, Any]:
        """What was said at one gate: the opinion that stands, those before it, the preconditions."""
        opinions = self.entries(Opinion).filter(gate=gate).select_related("power__clause")
        rows = list(opinions.newest_first())
        return {
            "gate": gate,
            "now": rows[0] if rows else None,
            "before": rows[1:],
            "conditions": [
                {"label": each.label, "check": now.checks.get((gate, each))}
                for each in now.powers.conditions(gate)
            ],
        }

    def acts(self, now: Standing) -> dict[str, str]:
        """Addresses of what may be added; the template asks who may."""
        number = self.project.number
        found = {"mend": reverse("projects:project-mend", args=[number])}
        if now.powers.gates:
            found["opinion"] = reverse("projects:opinion-new", args=[number])
            found["paper"] = reverse("projects:opinion-paper", args=[number])
        if now.powers.records:
            found["record"] = reverse("projects:record-new", args=[number])
        if now.powers.has_findings:
            query = urlencode({"unit": self.project.unit.code, "project": number})
            found["finding"] = f"{reverse('projects:finding-new')}?{query}"
        return found


class ProjectNew(OfUnit):
    """/projects/new/"""

    label = gettext_lazy("登记项目")
    powers = FOR_PROJECTS
    nothing = gettext_lazy("%(unit)s参与的方案没有写信息化项目方面的职权，不登记信息化项目。")

    def heading(self) -> str:
        return _("登记%(unit)s的信息化项目") % {"unit": self.place.unit.display_name}

    def lede(self) -> str:
        return _("只登记首席数据官出具意见需要的内容，立项审批仍在原来的系统办理。")

    def back_url(self) -> str:
        return reverse("projects:project-list")

    def get_form(self, *data: Any) -> ProjectForm:
        return ProjectForm(*data[:1])

    def act(self, form: ProjectForm) -> tuple[str, str]:
        once = form.cleaned_data["once"]
        row = services.register_project(self.place, by=self.request.user, once=once, **form.facts())
        said = _("已登记“%(name)s”，编号%(number)s。")
        address = reverse("projects:project", args=[row.number])
        return said % {"name": row.name, "number": row.number}, address


class OfProject(ProjectMixin, FormPage):
    """A form about one project, for whoever writes for its unit."""

    def prepare(self) -> None:
        if not self.permits(self.request.user, self.project.unit):
            raise PermissionRefused
        if self.project.withdrawn_on is not None:
            raise Refused(_("%(number)s已撤销登记，不能再改。") % {"number": self.project.number})

    def permits(self, user: Any, unit: Unit) -> bool:
        return may_report(user, unit)

    def subject(self) -> Project:
        return self.project

    def back_url(self) -> str:
        return reverse("projects:project", args=[self.kwargs["number"]])

    def crumbs(self) -> list[tuple[str, str]]:
        return [*super().crumbs(), (self.back_url(), self.project.name)]

    def rows(self) -> list[dict[str, Any]]:
        row = self.project
        return [
            {"label": _("项目"), "value": row.name, "note": row.number},
            {"label": _("单位"), "value": row.unit.display_name},
        ]


class ProjectMend(OfProject):
    """/projects/<number>/mend/"""

    label = gettext_lazy("保存更正")

    def heading(self) -> str:
        return _("更正“%(name)s”") % {"name": self.project.name}

    def rows(self) -> list[dict[str, Any]]:
        return []

    def get_form(self, *data: Any) -> ProjectMendForm:
        return ProjectMendForm(*data[:1], row=self.project)

    def act(self, form: ProjectMendForm) -> tuple[str, str]:
        version = form.cleaned_data["version"]
        services.mend_project(self.project, by=self.request.user, version=version, **form.facts())
        return _("已更正。"), self.back_url()


class ProjectWithdraw(OfProject):
    """/projects/<number>/withdraw/"""

    label = gettext_lazy("下一步：核对")

    def heading(self) -> str:
        return _("撤销“%(name)s”的登记") % {"name": self.project.name}

    def get_form(self, *data: Any) -> WithdrawForm:
        return WithdrawForm(*data[:1], initial={"version": self.project.version})

    def asks_again(self, _form: Any) -> bool:
        return True

    def step(self, form: WithdrawForm) -> dict[str, Any]:
        return {
            "title": _("撤销“%(name)s”的登记") % {"name": self.project.name},
            "effect": _("用于录错了项目。清单和统计不再包含它，意见和记录仍可查看。不能恢复。"),
            "rows": [{"label": _("原因"), "value": form.cleaned_data["reason"]}],
            "label": _("撤销登记"),
        }

    def act(self, form: WithdrawForm) -> tuple[str, str]:
        services.withdraw_project(self.project, by=self.request.user, **form.cleaned_data)
        return _("已撤销登记。"), self.back_url()


class EntryFile(DownloadView):
    """The scan of an opinion, a check or a record."""

    required_permission = Permission.READ_PROJECTS
    model: Any = None

    def get_file(self) -> tuple[StoredFile, str]:
        rows = self.model.objects.visible_to(self.request.user).select_related("file")
        row = get_object_or_404(rows, project__number=self.kwargs["number"], pk=self.kwargs["pk"])
        if row.file is None:
            raise Http404
        return row.file, row.file_name


class OpinionFile(EntryFile):
    model = Opinion


class CheckFile(EntryFile):
    model = GateCheck


class RecordFile(EntryFile):
    model = ProjectRecord
