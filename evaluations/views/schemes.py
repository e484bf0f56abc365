"""Schemes: the list, one version with its tree, making and copying, the workbook of a tree."""

from functools import cached_property
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from accounts.roles import Permission
from core import clock
from core.errors import PermissionRefused, Refused
from core.spreadsheets import MEDIA_TYPE
from core.views import RefusalMixin
from pilots.current import current_programme, programmes_of

from .. import criteria, services
from ..filters import SchemeFilter
from ..forms.schemes import NewSchemeForm, SheetUploadForm, WeightsForm
from ..models import Round, Scheme, SchemeVersion
from ..queries.listing import schemes_told
from ..queries.reading import may_manage
from ..queries.trees import Node, faults_of, rows_of, total_words, tree_of
from .bases import Form, VersionMixin, history


class SchemeList(View):
    """/evaluations/schemes/"""

    required_permission = Permission.READ_ROUNDS

    def get(self, request: HttpRequest) -> HttpResponse:
        programme = current_programme(request)
        rows = schemes_told(Scheme.objects.visible_to(request.user).live())
        asked = {"programme": programme.code} if programme else {}
        own = SchemeFilter(asked, queryset=rows, request=request).qs if programme else []
        context = {
            "programme": programme,
            "programmes": programmes_of(request),
            "schemes": own,
            "examples": rows.filter(programme=None),
            "may_build": bool(programme) and may_manage(request.user, programme),
        }
        return render(request, "evaluations/scheme_list.html", context)


class SchemeNew(Form):
    """/evaluations/schemes/new/: an empty one, or one that begins as another stands."""

    label = gettext_lazy("建立")

    def prepare(self) -> None:
        found = current_programme(self.request)
        if found is None or not may_manage(self.request.user, found):
            raise PermissionRefused
        self.programme = found

    def heading(self) -> str:
        return _("建立指标体系")

    def lede(self) -> str:
        return self.programme.display_name

    def back_url(self) -> str:
        return reverse("evaluations:scheme-list")

    def crumbs(self) -> list[tuple[str, str]]:
        return [*super().crumbs(), (self.back_url(), _("指标体系"))]

    def get_form(self, *data: Any) -> NewSchemeForm:
        rows = SchemeVersion.objects.visible_to(self.request.user).select_related("scheme")
        known = rows.filter(scheme__withdrawn_on=None).order_by("scheme__title", "-number")
        model = self.request.GET.get("copy", "")
        initial = {"model": model if model.isascii() and model.isdigit() else ""}
        return NewSchemeForm(*data[:1], models=known[:100], initial=initial)

    def act(self, form: NewSchemeForm) -> tuple[str, str]:
        given, by = form.cleaned_data, self.request.user
        model = form.models.get(given["model"])
        if model is not None:
            made = services.copy_scheme(model, self.programme, given["title"], by=by)
        else:
            made = services.create_scheme(self.programme, given["title"], by=by, note=given["note"])
        address = reverse("evaluations:version", args=[made.scheme.code, made.number])
        return _("已建立“%(title)s”。") % {"title": made.scheme.title}, address


class SchemePage(VersionMixin, View):
    """/evaluations/schemes/<code>/: its newest version."""

    required_permission = Permission.READ_ROUNDS

    def get(self, _request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        newest = self.scheme.versions.order_by("-number")[0]
        return redirect("evaluations:version", self.scheme.code, newest.number)


class VersionPage(VersionMixin, RefusalMixin, View):
    """/evaluations/schemes/<code>/<number>/: the tree; a POST saves all weights that were changed."""

    required_permission = Permission.READ_ROUNDS

    def get(self, _request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return self.page(self.form())

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        if not self.may_build:
            raise PermissionRefused(_("这个版次现在不能改。"))
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page(form, 422)
        self.version.require_version(form.cleaned_data["version"])
        for row, weight in form.changed():
            services.change_indicator(row, {"weight": weight}, by=request.user)
        return redirect(self.version_url())

    def get_refusal_url(self) -> str:
        return self.version_url()

    @cached_property
    def rows(self) -> list[Any]:
        return rows_of(self.version)

    def form(self, *data: Any) -> WeightsForm:
        initial = {"version": self.version.version}
        return WeightsForm(*data, rows=self.rows, initial=initial)

    def page(self, form: WeightsForm, status: int = 200) -> HttpResponse:
        version, programme = self.version, self.scheme.programme
        context = {
            "scheme": self.scheme,
            "version": version,
            "versions": self.scheme.versions.order_by("-number"),
            "form": form,
            "lines": lines(tree_of(version), form),
            "total": total_words(version),
            "faults": faults_of(version) if self.may_build else [],
            "may_build": self.may_build,
            "may_version": version.is_frozen
            and programme is not None
            and may_manage(self.request.user, programme),
            "may_copy": may_manage(self.request.user, current_programme(self.request)),
            "rules": rules_said(version),
            "rounds": Round.objects.visible_to(self.request.user).filter(scheme_version=version),
            "steps": history(version),
        }
        return render(self.request, "evaluations/scheme.html", context, status=status)


class VersionPrint(VersionMixin, View):
    """…/print/: 指标表 for A4 paper."""

    required_permission = Permission.READ_ROUNDS

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        context = {
            "scheme": self.scheme,
            "version": self.version,
            "lines": lines(tree_of(self.version)),
            "total": total_words(self.version),
            "rules": rules_said(self.version),
            "today": clock.today(),
        }
        return render(request, "evaluations/scheme_print.html", context)


class VersionTemplate(VersionMixin, View):
    """…/template.xlsx: the tree as a workbook, to be filled in and uploaded again."""

    required_permission = Permission.READ_ROUNDS

    def get(self, _request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        answer = HttpResponse(services.template_of(self.version), content_type=MEDIA_TYPE)
        name = _("指标表_%(title)s.xlsx") % {"title": self.version}
        answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
        return answer


class VersionUpload(VersionMixin, Form):
    """…/upload/: a workbook in place of the tree, or every fault of it by sheet, row and column."""

    label = gettext_lazy("上传并替换")
    template_name = "evaluations/scheme_upload.html"
    faults: list[services.SheetFault] = []

    def prepare(self) -> None:
        if not self.may_build:
            raise PermissionRefused

    def heading(self) -> str:
        return _("上传指标表")

    def notes(self) -> list[str]:
        return [_("上传后替换这个版次的全部指标，名称没变的指标保留代码，可以和上次评价比较")]

    def back_url(self) -> str:
        return self.version_url()

    def crumbs(self) -> list[tuple[str, str]]:
        return [*super().crumbs(), (self.back_url(), str(self.version))]

    def get_form(self, *data: Any) -> SheetUploadForm:
        return SheetUploadForm(*data, initial={"version": self.version.version})

    def subject(self) -> SchemeVersion:
        return self.version

    def context(self) -> dict[str, Any]:
        return {
            **super().context(),
            "faults": self.faults,
            "template_url": self.version_url("version-template"),
        }

    def act(self, form: SheetUploadForm) -> tuple[str, str]:
        given = form.cleaned_data
        given["file"].seek(0)  # it was read to see what kind it is
        try:
            made = services.import_tree(
                self.version,
                given["file"].read(),
                by=self.request.user,
                version=given["version"],
            )
        except services.SheetFaults as found:
            self.faults = found.faults
            facts = {"count": len(found.faults)}
            raise NotTaken(_("表格有%(count)s处要改，没有导入。") % facts) from found
        count = made.indicators.standing().count()
        return _("已导入%(count)s个指标。") % {"count": count}, self.version_url()


class NotTaken(Refused):
    """A workbook with faults: nothing was written (422)."""

    status = 422
    code = "invalid"


def lines(nodes: list[Node], form: WeightsForm | None = None, parent: str = "") -> list[dict]:
    """The tree line by line, as the table shows it."""
    found = []
    for node in nodes:
        row = node.row
        found.append(
            {
                "row": row,
                "parent": parent,
                "field": form[f"w-{row.key}"] if form is not None else None,
                "sum": node.sum_words,
                "criteria": criteria.write(row.rule, row.criteria),
            }
        )
        found += lines(node.children, form, row.key)
    return found


def rules_said(version: SchemeVersion) -> list[dict[str, Any]]:
    """The rules of a version, for components/summary.html."""
    limits = {"none": _("不限")}
    term = version.objection_workdays
    grades = "；".join(
        _("%(name)s：%(start)s分及以上") % {"name": each["name"], "start": each["from"]}
        for each in version.grades
    )
    points = criteria.said
    bonus, minus = version.bonus_limit, version.deduction_limit
    return [
        {"label": _("满分"), "value": points(version.full)},
        {"label": _("打分单位"), "value": points(version.step)},
        {"label": _("加分上限"), "value": limits["none"] if bonus is None else points(bonus)},
        {"label": _("减分上限"), "value": limits["none"] if minus is None else points(minus)},
        {
            "label": _("允许差异"),
            "value": _("分值的%(share)s%%") % {"share": points(version.tolerance)},
        },
        {
            "label": _("复核申请期限"),
            "value": _("%(days)s个工作日") % {"days": term} if term else _("定稿前"),
        },
        {"label": _("等次"), "value": grades or _("不分等次")},
        *([{"label": _("说明"), "value": version.note}] if version.note else []),
    ]
