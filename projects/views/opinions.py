"""Forms by which something is said of a project: an opinion, its preconditions, a record."""

from datetime import date
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.errors import Refused
from pilots.models import Unit

from .. import services
from ..choices import Gate, Route
from ..forms.projects import CheckForm, OpinionForm, PaperOpinionForm, RecordForm, asked_gate
from ..holders import cdo_of
from ..queries.allowed import may_give
from ..queries.powers import Powers, powers_of
from ..queries.standing import standing
from .projects import OfProject
from .telling import gate_missing, veto_words


class OpinionNew(OfProject):
    """/projects/<number>/opinion/: by the unit's CDO, in his or her own name. A veto is restated on a
    page of its own before it is recorded."""

    label = gettext_lazy("出具意见")
    route = Route.ONLINE

    def permits(self, user: Any, unit: Unit) -> bool:
        return may_give(user, unit)

    def prepare(self) -> None:
        super().prepare()
        self.powers: Powers = powers_of(self.project.programme)
        if not self.powers.gates:
            text = _("“%(programme)s”的文件没有写首席数据官在立项、验收环节的职权。")
            raise Refused(text % {"programme": self.project.programme.display_name})

    def heading(self) -> str:
        return _("对“%(name)s”出具首席数据官意见") % {"name": self.project.name}

    def lede(self) -> str:
        return _("意见登记后不能修改；情况有变的，再出具一份，以最后一份为准。")

    def get_form(self, *data: Any) -> OpinionForm:
        return OpinionForm(*data, powers=self.powers, initial=self.initial())

    def initial(self) -> dict[str, Any]:
        gate = asked_gate(self.request.GET.get("gate", ""), self.powers)
        return {"gate": gate, "version": self.project.version}

    def rows(self) -> list[dict[str, Any]]:
        name = self.request.user.display_name  # type: ignore[union-attr]
        return [*super().rows(), {"label": _("出具人"), "value": name}]

    def notes(self) -> list[str]:
        """What is to be known before: vetoes that stand, preconditions that are missing."""
        now = standing(self.project, clock.today())
        lacking = [(gate, now.missing(gate)) for gate in self.powers.gates]
        return [
            *(veto_words(row) for row in now.vetoes),
            *(gate_missing(gate, missing) for gate, missing in lacking if missing),
        ]

    def asks_again(self, form: OpinionForm) -> bool:
        return form.is_veto

    def step(self, form: OpinionForm) -> dict[str, Any]:
        values = form.cleaned_data
        gate = Gate(values["gate"]).label
        return {
            "title": _("否决“%(name)s”的%(gate)s") % {"name": self.project.name, "gate": gate},
            "effect": _(
                "否决登记后不能修改、不能撤回；项目页、单位档案和清单都会显示，"
                "并通知市政数局和本单位经办人。情况有变的，再出具一份意见。"
            ),
            "rows": [
                {"label": _("单位"), "value": self.project.unit.display_name},
                {"label": _("出具人"), "value": self.signer(form)},
                {"label": _("出具日期"), "value": str(values["given_on"])},
                {"label": _("理由"), "value": values["reason"]},
                {"label": _("依据"), "value": values["basis"]},
                {"label": _("文号"), "value": values["document_number"]},
                {"label": _("扫描件"), "value": form.stored_name},
            ],
            "label": _("确认否决"),
        }

    def signer(self, _form: OpinionForm) -> str:
        return self.request.user.display_name  # type: ignore[union-attr]

    def act(self, form: OpinionForm) -> tuple[str, str]:
        once = form.cleaned_data["once"]
        opinion = services.give_opinion(
            self.project,
            route=self.route,
            by=self.request.user,
            paper=form.paper(),
            once=once,
            **form.facts(),
        )
        facts = {"gate": opinion.get_gate_display(), "decision": opinion.get_decision_display()}
        return _("已登记%(gate)s意见：%(decision)s。") % facts, self.back_url()


class OpinionPaper(OpinionNew):
    """/projects/<number>/opinion/paper/: what the CDO signed on paper, entered by the unit's clerk or
    the bureau (代录)."""

    label = gettext_lazy("登记书面意见")
    route = Route.PAPER

    def permits(self, user: Any, unit: Unit) -> bool:
        return OfProject.permits(self, user, unit)

    def heading(self) -> str:
        return _("登记对“%(name)s”的书面意见") % {"name": self.project.name}

    def get_form(self, *data: Any) -> PaperOpinionForm:
        return PaperOpinionForm(*data, powers=self.powers, initial=self.initial())

    def initial(self) -> dict[str, Any]:
        name = cdo_of(self.project.unit, clock.today())
        return {**super().initial(), "cdo_name": name}

    def rows(self) -> list[dict[str, Any]]:
        return OfProject.rows(self)

    def signer(self, form: OpinionForm) -> str:
        return form.cleaned_data["cdo_name"]


class CheckNew(OfProject):
    """/projects/<number>/checks/<gate>/: what had to be done before the gate."""

    label = gettext_lazy("保存核对结果")

    def prepare(self) -> None:
        super().prepare()
        self.gate = self.kwargs["gate"]
        self.standing = standing(self.project, clock.today())
        if self.gate not in Gate.values or not self.standing.powers.conditions(self.gate):
            raise Http404

    def heading(self) -> str:
        return _("%(gate)s的审批要件") % {"gate": Gate(self.gate).label}

    def lede(self) -> str:
        return _("完成一项勾选一项，写明佐证。没有勾选的，项目页会提示，不影响登记意见。")

    def get_form(self, *data: Any) -> CheckForm:
        initial = {"version": self.project.version}
        return CheckForm(*data, standing=self.standing, gate=self.gate, initial=initial)

    def act(self, form: CheckForm) -> tuple[str, str]:
        changed = form.changed()
        if not changed:
            raise Refused(_("没有改动，不用保存。"))
        version: int | None = form.cleaned_data["version"]
        on: date = form.cleaned_data["checked_on"]
        for condition, is_met, evidence in changed:
            services.check_gate(
                self.project,
                gate=self.gate,
                condition=condition,
                is_met=is_met,
                evidence=evidence or _("取消勾选"),
                checked_on=on,
                by=self.request.user,
                paper=form.paper(),
                version=version,
            )
            version = None  # the first of them raised it
        return _("已保存核对结果。"), self.back_url()


class RecordNew(OfProject):
    """/projects/<number>/records/new/: 项目评价意见, 重大问题协调."""

    label = gettext_lazy("登记")

    def prepare(self) -> None:
        super().prepare()
        self.powers = powers_of(self.project.programme)
        if not self.powers.records:
            text = _("“%(programme)s”的文件没有写评价和协调的职权。")
            raise Refused(text % {"programme": self.project.programme.display_name})

    def heading(self) -> str:
        return _("登记评价或协调")

    def get_form(self, *data: Any) -> RecordForm:
        asked = self.request.GET.get("kind", "")
        kinds = [kind.value for kind in self.powers.records]
        initial = {"kind": asked if asked in kinds else kinds[0]}
        return RecordForm(*data, powers=self.powers, initial=initial)

    def act(self, form: RecordForm) -> tuple[str, str]:
        once = form.cleaned_data["once"]
        entry = services.record(
            self.project, by=self.request.user, paper=form.paper(), once=once, **form.facts()
        )
        said = _("已登记%(kind)s。") % {"kind": entry.get_kind_display()}
        return said, reverse("projects:project", args=[self.project.number]) + "#records"
