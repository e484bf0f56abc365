"""Changing a draft: its rules, one indicator, where it stands, a new version."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from accounts.roles import Permission
from core.errors import PermissionRefused
from core.listing import whole_number
from core.views import RefusalMixin
from pilots.forms import VersionedForm

from .. import services
from ..choices import LEVELS
from ..forms.schemes import IndicatorForm, MoveForm, RulesForm
from ..models import Indicator
from ..queries.reading import may_manage
from ..queries.trees import rows_of
from .bases import Form, VersionMixin


class OfDraft(VersionMixin, Form):
    """A form about a draft, for those who build it."""

    def prepare(self) -> None:
        if not self.may_build:
            raise PermissionRefused(_("这个版次现在不能改。"))

    def back_url(self) -> str:
        return self.version_url()

    def crumbs(self) -> list[tuple[str, str]]:
        return [
            *super().crumbs(),
            (reverse("evaluations:scheme-list"), _("指标体系")),
            (self.back_url(), str(self.version)),
        ]

    def subject(self) -> Any:
        return self.version

    def indicator(self) -> Indicator:
        rows = self.version.indicators.standing().select_related("parent")
        row = get_object_or_404(rows, key=self.kwargs["key"])
        row.scheme_version = self.version
        return row


class RulesEdit(OfDraft):
    """…/rules/"""

    label = gettext_lazy("保存")

    def heading(self) -> str:
        return _("评分规则设定")

    def get_form(self, *data: Any) -> RulesForm:
        return RulesForm(*data[:1], row=self.version)

    def act(self, form: RulesForm) -> tuple[str, str]:
        version = form.cleaned_data["version"]
        services.set_rules(self.version, form.values(), by=self.request.user, version=version)
        return _("已保存。"), self.back_url()


class IndicatorNew(OfDraft):
    """…/indicators/new/?parent=<key>"""

    label = gettext_lazy("添加")

    def prepare(self) -> None:
        super().prepare()
        rows = self.version.indicators.standing()
        key = self.request.GET.get("parent", "").replace("\x00", "")
        self.parent = get_object_or_404(rows, key=key) if key else None

    def heading(self) -> str:
        if self.parent is None:
            return _("加一级指标")
        return _("在“%(name)s”下加指标") % {"name": self.parent.name}

    def get_form(self, *data: Any) -> IndicatorForm:
        initial = {"version": self.version.version}
        if self.parent is not None:
            initial["kind"] = self.parent.kind
        return IndicatorForm(*data[:1], initial=initial)

    def act(self, form: IndicatorForm) -> tuple[str, str]:
        version = form.cleaned_data["version"]
        row = services.add_indicator(
            self.version, form.values(), by=self.request.user, parent=self.parent, version=version
        )
        return _("已添加“%(name)s”。") % {"name": row.name}, f"{self.back_url()}#i-{row.key}"


class IndicatorEdit(OfDraft):
    """…/indicators/<key>/"""

    label = gettext_lazy("保存")

    def prepare(self) -> None:
        super().prepare()
        self.row = self.indicator()

    def subject(self) -> Indicator:
        return self.row

    def heading(self) -> str:
        return _("修改“%(name)s”") % {"name": self.row.name}

    def get_form(self, *data: Any) -> IndicatorForm:
        return IndicatorForm(*data[:1], row=self.row)

    def act(self, form: IndicatorForm) -> tuple[str, str]:
        version = form.cleaned_data["version"]
        row = services.change_indicator(
            self.row, form.values(), by=self.request.user, version=version
        )
        return _("已保存“%(name)s”。") % {"name": row.name}, f"{self.back_url()}#i-{row.key}"


class IndicatorMove(IndicatorEdit):
    """…/indicators/<key>/move/: under which one, and as which; `step` in a POST is one up or down."""

    label = gettext_lazy("移动")

    def heading(self) -> str:
        return _("移动“%(name)s”") % {"name": self.row.name}

    def get_form(self, *data: Any) -> MoveForm:
        rows = [row for row in rows_of(self.version) if row.level < LEVELS]
        initial = {
            "parent": self.row.parent.key if self.row.parent else "",
            "place": self.place(),
            "version": self.row.version,
        }
        return MoveForm(*data[:1], parents=rows, initial=initial)

    def place(self) -> int:
        siblings = self.version.indicators.standing().filter(parent=self.row.parent)
        order = list(siblings.order_by("position", "pk").values_list("pk", flat=True))
        return order.index(self.row.pk) + 1

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if "step" not in request.POST:
            return super().post(request, **kwargs)
        self.prepare()
        step = -1 if request.POST["step"] == "up" else 1
        version = whole_number(request.POST.get("version", ""))
        services.move_indicator(
            self.row,
            by=request.user,
            parent=self.row.parent,
            place=self.place() + step,
            version=-1 if version is None else version,
        )
        return redirect(f"{self.back_url()}#i-{self.row.key}")

    def act(self, form: MoveForm) -> tuple[str, str]:
        given = form.cleaned_data
        row = services.move_indicator(
            self.row,
            by=self.request.user,
            parent=form.above(),
            place=given["place"],
            version=given["version"],
        )
        return _("已移动“%(name)s”。") % {"name": row.name}, f"{self.back_url()}#i-{row.key}"


class IndicatorRemove(IndicatorEdit):
    """…/indicators/<key>/remove/"""

    label = gettext_lazy("删去")

    def heading(self) -> str:
        return _("删去“%(name)s”") % {"name": self.row.name}

    def notes(self) -> list[str]:
        below = self.row.children.standing().count()
        if below:
            return [_("连同下面的%(count)s个指标一起删去") % {"count": below}]
        return []

    def get_form(self, *data: Any) -> VersionedForm:
        return VersionedForm(*data[:1], initial={"version": self.row.version})

    def act(self, form: VersionedForm) -> tuple[str, str]:
        version = form.cleaned_data["version"]
        services.withdraw_indicator(self.row, by=self.request.user, version=version)
        return _("已删去“%(name)s”。") % {"name": self.row.name}, self.back_url()


class VersionNew(VersionMixin, RefusalMixin, View):
    """POST …/new-version/: the next draft, as this version stands."""

    required_permission = Permission.READ_ROUNDS

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        programme = self.scheme.programme
        if programme is None or not may_manage(request.user, programme):
            raise PermissionRefused
        made = services.new_version(self.scheme, by=request.user)
        return redirect("evaluations:version", self.scheme.code, made.number)

    def get_refusal_url(self) -> str:
        return self.version_url()
