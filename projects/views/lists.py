"""/projects/: the register of IT projects, and the same rows as a workbook."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission
from core import clock
from core.columns import Column
from core.listing import applied
from core.lists import ListPage
from core.spreadsheets import MEDIA_TYPE, workbook
from core.spreadsheets import Column as SheetColumn
from pilots.access import permissions_of
from pilots.current import current_programme, programmes_of
from pilots.models import Programme

from .. import services
from ..choices import Alert, Decision
from ..filters import ANY
from ..models import Project, ProjectQuerySet
from ..queries import register
from ..queries.places import FOR_PROJECTS, grants
from ..queries.standing import standings
from .bases import day_of
from .list_filters import ProjectPageFilter
from .telling import Line, line_of

WRITERS = {Permission.REPORT_PROJECTS, Permission.MANAGE_PROJECTS}


class ProjectRows(ListPage):
    """What page and export have in common: the rows, as the address asks for them."""

    required_permission = Permission.READ_PROJECTS
    page_filter = ProjectPageFilter
    ordering_fields = ("number", "name", "unit_label", "budget", "approval", "acceptance")
    ordering = ("enrolment__position", "enrolment__unit__code", "-number")

    def filterset_class(self, data: QueryDict, **kwargs: Any) -> ProjectPageFilter:
        """Without a programme in the address the current one is put there."""
        if self.programme and "programme" not in data:
            data = data.copy()
            data["programme"] = self.programme.code
        return self.page_filter(data, programme=self.programme, **kwargs)

    @cached_property
    def programme(self) -> Programme | None:
        """None when the reader asks for every programme (`?programme=`)."""
        if self.request.GET.get("programme") == "":
            return None
        return current_programme(self.request)

    @cached_property
    def on(self) -> date:
        return day_of(self.request)

    def visible(self) -> ProjectQuerySet:
        return Project.objects.visible_to(self.request.user)

    def get_queryset(self) -> ProjectQuerySet:
        return register.listed(self.visible(), self.on)

    def lines(self, rows: Iterable[Project]) -> list[Line]:
        projects = list(rows)
        found = standings(projects, self.on)
        return [line_of(found[row.pk]) for row in projects]


class ProjectList(ProjectRows):
    """/projects/"""

    template_name = "projects/project_list.html"
    columns = (
        Column("number", gettext_lazy("编号"), "fit", "number", short=""),
        Column("name", gettext_lazy("项目"), sort="name", is_title=True),
        Column("unit", gettext_lazy("单位"), sort="unit_label"),
        Column("approval", gettext_lazy("立项意见"), "fit", "approval"),
        Column("acceptance", gettext_lazy("验收意见"), "fit", "acceptance"),
        Column("warning", gettext_lazy("提示")),
        Column("budget", gettext_lazy("投资额（万元）"), "fit num", "budget"),
    )

    def get_context(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(**kwargs)
        may_write = bool(WRITERS & permissions_of(self.request.user))
        is_granted = self.programme is None or grants(self.programme, FOR_PROJECTS)
        return {
            **context,
            "form": context["filter"].form,
            "lines": self.lines(context["rows"]),
            "programme": self.programme,
            "programmes": programmes_of(self.request),
            "facts": self.facts(),
            "other_day": self.on if self.on != clock.today() else None,
            "tools": self.tools(),
            "is_granted": is_granted,
            "new_url": reverse("projects:project-new") if may_write and is_granted else "",
        }

    def facts(self) -> list[dict[str, Any]]:
        """Counts, each a link to the rows it counts."""
        rows = self.visible()
        if self.programme:
            rows = rows.filter(enrolment__programme=self.programme)
        found = register.totals(rows, self.on)
        vetoed = Decision.VETO.value
        return [
            self._fact(_("项目"), found.projects, {}),
            self._fact(Alert.APPROVAL_VETOED.label, found.approval_vetoed, {"approval": vetoed}),
            self._fact(
                Alert.ACCEPTANCE_VETOED.label, found.acceptance_vetoed, {"acceptance": vetoed}
            ),
            self._fact(_("有提示"), found.warned, {"warning": ANY}),
        ]

    def _fact(self, label: Any, count: int, query: dict[str, str]) -> dict[str, Any]:
        given = {"programme": self.programme.code if self.programme else "", **query}
        if self.request.GET.get("on"):
            given["on"] = str(self.on)
        tone = "late" if query and count else ""
        url = f"{self.request.path}?{urlencode(given)}"
        return {"label": label, "value": count, "url": url, "tone": tone}

    def tools(self) -> list[dict[str, str]]:
        query = self.request.GET.urlencode()
        export = reverse("projects:project-export") + (f"?{query}" if query else "")
        return [
            {"url": reverse("projects:finding-list"), "label": _("发现的问题"), "icon": ""},
            {"url": export, "label": _("导出"), "icon": "download"},
        ]


class ProjectExport(ProjectRows):
    """/projects/export.xlsx: exactly the rows of the page."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = self.filterset_class(request.GET, queryset=self.get_queryset(), request=request)
        lines = self.lines(found.qs.order_by(*self.get_ordering()))
        words = {chip.label: chip.value for chip in applied(found.form, request.GET)}
        services.note_export(by=request.user, count=len(lines), filters=words)
        answer = HttpResponse(self.book(lines, words), content_type=MEDIA_TYPE)
        name = _("信息化项目_%(day)s.xlsx") % {"day": self.on}
        answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
        return answer

    def book(self, lines: list[Line], words: dict[str, str]) -> bytes:
        facts = {"who": self.request.user, "day": clock.today()}
        notes = [
            _("截至%(day)s") % {"day": self.on},
            *(f"{label} {value}".strip() for label, value in words.items()),
            _("导出人%(who)s，%(day)s") % facts,
        ]
        return workbook(_("信息化项目"), sheet_columns(), cells(lines), notes)


def sheet_columns() -> list[SheetColumn]:
    return [
        SheetColumn(_("编号"), 14),
        SheetColumn(_("单位")),
        SheetColumn(_("项目名称")),
        SheetColumn(_("全市项目代码")),
        SheetColumn(_("类别")),
        SheetColumn(_("投资额（万元）")),
        SheetColumn(_("项目负责人")),
        SheetColumn(_("启动日期")),
        SheetColumn(_("结束日期")),
        SheetColumn(_("立项意见")),
        SheetColumn(_("立项意见日期")),
        SheetColumn(_("验收意见")),
        SheetColumn(_("验收意见日期")),
        SheetColumn(_("提示"), 50),
    ]


def cells(lines: Iterable[Line]) -> Iterable[list[Any]]:
    for line in lines:
        row, approval, acceptance = line.row, line.approval, line.acceptance
        yield [
            row.number,
            row.unit_label,
            row.name,
            row.city_code,
            row.get_kind_display(),
            row.budget,
            row.responsible,
            row.started_on,
            row.closed_on,
            approval.word,
            approval.opinion.given_on if approval.opinion else None,
            acceptance.word,
            acceptance.opinion.given_on if acceptance.opinion else None,
            _("；").join(line.warnings),
        ]
