"""复核申请: the list, one of them, raising, answering and withdrawing one."""

from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import View

from accounts.roles import Permission
from core import clock
from core.columns import Column
from core.errors import MoveNotAllowed, PermissionRefused
from core.lists import ListPage
from core.models import StoredFile
from core.uploads import DownloadView
from pilots.current import current_programme, programmes_of
from pilots.forms import VersionedForm
from pilots.models import Programme

from .. import services
from ..choices import ObjectionMove, ObjectionState
from ..criteria import said
from ..forms.objections import DecisionForm, ObjectionForm
from ..models import Objection, ObjectionEvidence, ObjectionQuerySet
from ..queries.allowed import has_scored, is_barred, of_unit
from ..queries.reading import may_decide
from .bases import Form, ObjectionMixin, history, round_url, sheet_url
from .list_filters import ObjectionPageFilter
from .sheet_acts import LeafMixin

TONES = {ObjectionState.ASKED: "mine"}


class ObjectionList(ListPage):
    """/objections/"""

    required_permission = Permission.READ_ROUNDS
    label = gettext_lazy("复核申请")
    template_name = "evaluations/objection_list.html"
    page_filter = ObjectionPageFilter
    ordering_fields = ("number", "raised_on", "state")
    ordering = ("-number",)
    columns = (
        Column("number", gettext_lazy("编号"), "fit", "number", is_title=True),
        Column("state", gettext_lazy("状态"), "fit", "state", short=""),
        Column("unit", gettext_lazy("单位"), "fit"),
        Column("indicator", gettext_lazy("指标")),
        Column("points", pgettext_lazy("list", "告知得分/申请得分"), "fit num"),
        Column("raised_on", gettext_lazy("申请日期"), "fit", "raised_on"),
        Column("round", gettext_lazy("评价")),
    )

    def filterset_class(self, data: QueryDict, **kwargs: Any) -> ObjectionPageFilter:
        if self.programme and "programme" not in data and "round" not in data:
            data = data.copy()
            data["programme"] = self.programme.code
        return self.page_filter(data, **kwargs)

    @cached_property
    def programme(self) -> Programme | None:
        if self.request.GET.get("programme") == "":
            return None
        return current_programme(self.request)

    def get_queryset(self) -> ObjectionQuerySet:
        return Objection.objects.visible_to(self.request.user).for_lists()

    def get_context(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(**kwargs)
        return {
            **context,
            "form": context["filter"].form,
            "lines": [
                {"row": row, "tone": TONES.get(ObjectionState(row.state), "over")}
                for row in context["rows"]
            ],
            "programme": self.programme,
            "programmes": programmes_of(self.request),
        }


class ObjectionPage(ObjectionMixin, View):
    """/objections/<number>/"""

    required_permission = Permission.READ_ROUNDS

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        row, user = self.objection, request.user
        waits = row.state == ObjectionState.ASKED
        decides = waits and may_decide(user, row.programme)
        context = {
            "objection": row,
            "tone": TONES.get(ObjectionState(row.state), "over"),
            "facts": self.facts(),
            "files": row.evidence.select_related("evidence__stored"),
            "decide_url": reverse("evaluations:objection-decide", args=[number])
            if decides and not self.barred()
            else "",
            "barred": self.barred() if decides else "",
            "withdraw_url": reverse("evaluations:objection-withdraw", args=[number])
            if waits and of_unit(row.scorecard, user)
            else "",
            "sheet_url": f"{sheet_url(row.scorecard)}#c-{row.indicator.key}",
            "round_url": round_url(row.scorecard.round),
            "steps": history(row),
        }
        return render(request, "evaluations/objection.html", context)

    def barred(self) -> str:
        """Why the reader, who may answer objections, may not answer this one."""
        row, user = self.objection, self.request.user
        if has_scored(row.scorecard, user):
            return _("评过这张表的人不能处理，由没有评过的人处理。")
        return is_barred(row.scorecard, user)

    def facts(self) -> list[dict[str, Any]]:
        row = self.objection
        found = [
            {"label": _("指标"), "value": row.indicator.name},
            {"label": _("分值"), "value": points(row.indicator.weight)},
            {"label": _("告知得分"), "value": points(row.points_before)},
            {"label": _("申请得分"), "value": points(row.points) or _("没有写")},
            {"label": _("申请日期"), "value": row.raised_on},
        ]
        if row.correction is not None:
            found.append({"label": _("复核后的得分"), "value": points(row.correction.points)})
        if row.decided_on is not None:
            found.append({"label": _("处理日期"), "value": row.decided_on})
        return found


def points(value: Any) -> str:
    return "" if value is None else _("%(points)s分") % {"points": said(value)}


class ObjectionNew(LeafMixin):
    """/evaluations/<number>/<unit>/object/<key>/"""

    label = gettext_lazy("提出复核申请")

    def prepare(self) -> None:
        if not of_unit(self.card, self.request.user):
            raise PermissionRefused
        if not self.round.takes_objections(clock.today()):
            raise MoveNotAllowed(_("现在不受理复核申请。"))

    def heading(self) -> str:
        return _("对“%(name)s”申请复核") % {"name": self.leaf.name}

    def notes(self) -> list[str]:
        return [_("由没有评过这张表的人处理，处理意见会告知本单位")]

    def get_form(self, *data: Any) -> ObjectionForm:
        return ObjectionForm(*data, library=self.library())

    def act(self, form: ObjectionForm) -> tuple[str, str]:
        given = form.cleaned_data
        row = services.raise_objection(
            self.card,
            self.leaf,
            given["reason"],
            by=self.request.user,
            points=given["points"],
            evidence=self.received(form),
        )
        said_ = _("已提出，编号%(number)s。") % {"number": row.number}
        return said_, reverse("evaluations:objection", args=[row.number])


class OfObjection(ObjectionMixin, Form):
    """A form about one objection."""

    def subject(self) -> Objection:
        return self.objection

    def back_url(self) -> str:
        return reverse("evaluations:objection", args=[self.kwargs["number"]])

    def crumbs(self) -> list[tuple[str, str]]:
        return [
            (reverse("evaluations:objection-list"), _("复核申请")),
            (self.back_url(), self.objection.number),
        ]

    def rows(self) -> list[dict[str, Any]]:
        row = self.objection
        return [
            {"label": _("单位"), "value": row.unit.display_name},
            {"label": _("指标"), "value": row.indicator.name},
            {"label": _("告知得分"), "value": points(row.points_before)},
            {"label": _("申请得分"), "value": points(row.points) or _("没有写")},
            {"label": _("申请理由"), "value": row.reason},
        ]


class Decide(OfObjection):
    """/objections/<number>/decide/"""

    label = gettext_lazy("提交处理意见")

    def prepare(self) -> None:
        if not may_decide(self.request.user, self.objection.programme):
            raise PermissionRefused

    def heading(self) -> str:
        return _("处理复核申请")

    def get_form(self, *data: Any) -> DecisionForm:
        return DecisionForm(*data[:1], initial={"version": self.objection.version})

    def act(self, form: DecisionForm) -> tuple[str, str]:
        given = form.cleaned_data
        row = services.decide_objection(
            self.objection,
            ObjectionMove(given["move"]),
            given["decision"],
            by=self.request.user,
            points=given["points"] if given["move"] != ObjectionMove.REFUSE else None,
            version=given["version"],
        )
        facts = {"number": row.number, "state": row.get_state_display()}
        return _("%(number)s：%(state)s。") % facts, self.back_url()


class Withdraw(OfObjection):
    """/objections/<number>/withdraw/"""

    label = gettext_lazy("撤回申请")

    def prepare(self) -> None:
        if not of_unit(self.objection.scorecard, self.request.user):
            raise PermissionRefused

    def heading(self) -> str:
        return _("撤回复核申请")

    def get_form(self, *data: Any) -> VersionedForm:
        return VersionedForm(*data[:1], initial={"version": self.objection.version})

    def act(self, form: VersionedForm) -> tuple[str, str]:
        services.withdraw_objection(
            self.objection, by=self.request.user, version=form.cleaned_data["version"]
        )
        return _("已撤回。"), self.back_url()


class FileOfObjection(ObjectionMixin, DownloadView):
    """/objections/<number>/files/<pk>/"""

    required_permission = Permission.READ_ROUNDS

    def get_file(self) -> tuple[StoredFile, str]:
        rows = ObjectionEvidence.objects.filter(objection=self.objection)
        row = get_object_or_404(rows.select_related("evidence__stored"), pk=self.kwargs["pk"])
        return row.evidence.stored, row.evidence.name
