"""Forms about projects: the register, opinions, preconditions, records."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core import clock
from core.forms import DayField
from duties.forms import LimitedText, PastDay
from pilots.forms import OnceForm, VersionedForm, day_input

from ..choices import Decision, ProjectKind
from ..models import Project
from ..queries.powers import Powers
from ..queries.standing import Standing
from .bases import PaperForm

NO_KIND = [("", gettext_lazy("未登记")), *ProjectKind.choices]
BUDGET_FAULT = gettext_lazy("“投资额（万元）”写成120.5这样的数，最多两位小数，不能是负数")


class ProjectForm(OnceForm):
    name = forms.CharField(
        label=gettext_lazy("项目名称"),
        max_length=200,
        help_text=gettext_lazy("和立项申请上的名称一致"),
    )
    city_code = forms.CharField(
        label=gettext_lazy("全市项目代码"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("项目管理系统给的代码，还没有的不填"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("类别"), choices=NO_KIND, required=False)
    summary = LimitedText(label=gettext_lazy("建设内容"), required=False)
    budget = forms.DecimalField(
        label=gettext_lazy("投资额（万元）"),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits"),
            BUDGET_FAULT,
        ),
    )
    responsible = forms.CharField(
        label=gettext_lazy("项目负责人"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("姓名和处室"),
    )
    started_on = DayField(label=gettext_lazy("启动日期"), widget=day_input(), required=False)
    closed_on = DayField(label=gettext_lazy("结束日期"), widget=day_input(), required=False)
    note = LimitedText(label=gettext_lazy("说明"), required=False, rows=2)

    def facts(self) -> dict[str, Any]:
        left_out = {"once", "version"}
        return {name: value for name, value in self.cleaned_data.items() if name not in left_out}


class ProjectMendForm(VersionedForm, ProjectForm):
    def __init__(self, *args: Any, row: Project, **kwargs: Any) -> None:
        names = (*self.base_fields.keys() - {"once"},)
        initial = {name: getattr(row, name) for name in names}
        super().__init__(*args, **{"initial": initial, **kwargs})


class WithdrawForm(VersionedForm):
    reason = LimitedText(
        label=gettext_lazy("撤销登记的原因"),
        limit=200,
        rows=2,
        help_text=gettext_lazy("例如“和XM-2022-0001重复”"),
    )


class OpinionForm(VersionedForm, OnceForm, PaperForm):
    """A CDO's opinion, given online; `powers` are those of the programme."""

    gate = forms.ChoiceField(label=gettext_lazy("环节"), widget=forms.RadioSelect)
    decision = forms.ChoiceField(label=pgettext_lazy("opinion", "意见"), widget=forms.RadioSelect)
    reason = LimitedText(
        label=gettext_lazy("理由"),
        required=False,
        help_text=gettext_lazy("否决必填，项目页、单位档案和清单会显示"),
    )
    basis = forms.CharField(
        label=gettext_lazy("依据"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("法律法规、文件或条款，否决必填"),
    )
    given_on = PastDay(label=gettext_lazy("出具日期"), initial=clock.today)

    field_order = (
        "gate", "decision", "cdo_name", "given_on", "reason", "basis", "document_number", "file",
    )  # fmt: skip

    def __init__(self, *args: Any, powers: Powers, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        gates = powers.gates
        decisions = {each for gate in gates for each in powers.decisions(gate)}
        fields: Any = self.fields
        fields["gate"].choices = [(gate.value, gate.label) for gate in gates]
        fields["decision"].choices = [
            (each.value, each.label) for each in Decision if each in decisions
        ]

    @property
    def is_veto(self) -> bool:
        return self.cleaned_data.get("decision") == Decision.VETO


class PaperOpinionForm(OpinionForm):
    """The same from paper: somebody enters what the CDO signed."""

    cdo_name = forms.CharField(
        label=gettext_lazy("出具意见的首席数据官"),
        max_length=40,
        help_text=gettext_lazy("写当时在任、签署意见的人"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document_number"].help_text = _("文号和扫描件至少有一项")


class CheckForm(PaperForm, VersionedForm):
    """Preconditions of one gate: a box and its evidence each."""

    checked_on = PastDay(label=gettext_lazy("核对日期"), initial=clock.today)

    def __init__(self, *args: Any, standing: Standing, gate: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conditions = standing.powers.conditions(gate)
        self.known = {each: standing.checks.get((gate, each)) for each in self.conditions}
        for each, check in self.known.items():
            self.fields[each] = forms.BooleanField(
                label=_("%(condition)s已完成") % {"condition": each.label},
                required=False,
                initial=bool(check and check.is_met),
            )
            self.fields[f"{each}_evidence"] = LimitedText(
                label=_("%(condition)s的佐证") % {"condition": each.label},
                required=False,
                rows=2,
                initial=check.evidence if check else "",
                help_text=_("例如目录编号、汇聚清单编号"),
            )
        self.order_fields([*self._own(), "checked_on", "document_number", "file"])

    def _own(self) -> list[str]:
        return [name for each in self.conditions for name in (each, f"{each}_evidence")]

    def changed(self) -> list[tuple[str, bool, str]]:
        """(condition, is met, evidence) of those that say something new."""
        found: list[tuple[str, bool, str]] = []
        for each, check in self.known.items():
            is_met, evidence = self.cleaned_data[each], self.cleaned_data[f"{each}_evidence"]
            before = (check.is_met, check.evidence) if check else (False, "")
            if (is_met, evidence.strip()) != before:
                found.append((each, is_met, evidence))
        return found

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for each in self.conditions:
            name = f"{each}_evidence"
            if values.get(each) and not (values.get(name) or "").strip():
                self.add_error(name, _("写明佐证，例如目录编号、汇聚清单"))
        return values


class RecordForm(OnceForm, PaperForm):
    """项目评价意见 or 重大问题协调."""

    kind = forms.ChoiceField(label=gettext_lazy("类别"), widget=forms.RadioSelect)
    happened_on = PastDay(label=gettext_lazy("日期"), initial=clock.today)
    text = LimitedText(
        label=gettext_lazy("内容"), help_text=gettext_lazy("评价了什么，或协调了什么问题")
    )
    result = LimitedText(label=gettext_lazy("结果"), required=False, rows=2)

    field_order = ("kind", "happened_on", "text", "result", "document_number", "file")

    def __init__(self, *args: Any, powers: Powers, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(kind.value, kind.label) for kind in powers.records]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]


def asked_gate(text: str, powers: Powers) -> str:
    """The gate that an address asks for, else the first; '' where there is none."""
    gates = [gate.value for gate in powers.gates]
    return text if text in gates else next(iter(gates), "")
