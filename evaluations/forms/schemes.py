"""Building a scheme: a new one, its rules, one indicator, all weights at once, a workbook."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from core.uploads import UploadField
from duties.forms import LimitedText
from pilots.forms import VersionedForm

from .. import criteria
from ..choices import Fact, IndicatorKind, Rule, Source
from ..models import Indicator, SchemeVersion

POINTS_FAULT = _("“%(label)s”写成不小于0的数，最多两位小数")
NUMBERS = ("invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits")


class PointsField(forms.DecimalField):
    """Points: not below nothing, two decimals at most."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "size": 8})
        label = kwargs.get("label", "")
        fault = _Labelled(label)
        super().__init__(
            **{
                "min_value": Decimal(0),
                "max_digits": 7,
                "decimal_places": 2,
                "widget": widget,
                "error_messages": dict.fromkeys(NUMBERS, fault),
                **kwargs,
            }
        )

    def prepare_value(self, value: Any) -> Any:
        return criteria.said(value) if isinstance(value, Decimal) else value


class _Labelled:
    """The fault with the label of its field, put together when it is shown."""

    def __init__(self, label: Any) -> None:
        self.label = label

    def __str__(self) -> str:
        return str(POINTS_FAULT) % {"label": self.label}

    def __mod__(self, _params: Any) -> str:
        return str(self)


class NewSchemeForm(Form):
    title = forms.CharField(
        label=_("名称"), max_length=120, help_text=_("例如“2022年首席数据官履职评价指标”")
    )
    model = forms.ChoiceField(
        label=_("从哪一套开始"), required=False, widget=forms.RadioSelect,
        help_text=_("复制的内容可以全部修改，原来的不受影响"),
    )  # fmt: skip
    note = LimitedText(label=_("说明"), required=False, rows=2)

    def __init__(self, *args: Any, models: Iterable[SchemeVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.models = {str(row.pk): row for row in models}
        self.fields["model"].choices = [  # type: ignore[attr-defined]
            ("", _("空白")),
            *((key, str(row)) for key, row in self.models.items()),
        ]


class RulesForm(VersionedForm):
    """Full mark, limits, step, tolerance, term for objections, grades."""

    full = PointsField(label=_("满分"))
    bonus_limit = PointsField(label=_("加分上限"), required=False, help_text=_("不限的不填"))
    deduction_limit = PointsField(label=_("减分上限"), required=False, help_text=_("不限的不填"))
    step = PointsField(label=_("打分单位"), help_text=_("例如0.5，得分都是它的倍数"))
    tolerance = PointsField(
        label=_("允许差异（%）"), help_text=_("两名评分人相差超过分值的这个比例，要另一人裁定")
    )
    objection_workdays = forms.IntegerField(
        label=_("复核申请期限（工作日）"), required=False, min_value=1, max_value=250,
        help_text=_("从告知得分起算；不填的，定稿前都可以提"),
        error_messages=dict.fromkeys(
            ("min_value", "max_value"), _("“复核申请期限（工作日）”要在1到250之间")
        ),
    )  # fmt: skip
    grades = forms.CharField(
        label=_("等次"), required=False, max_length=200,
        help_text=_("写成“优秀=90；良好=80；一般=0”，等号后是起点分数"),
    )  # fmt: skip
    note = LimitedText(label=_("说明"), required=False, rows=2)
    NAMES = (
        "full", "bonus_limit", "deduction_limit", "step", "tolerance", "objection_workdays", "note",
    )  # fmt: skip

    def __init__(self, *args: Any, row: SchemeVersion, **kwargs: Any) -> None:
        initial = {name: getattr(row, name) for name in (*self.NAMES, "version")}
        initial["grades"] = "；".join(f"{each['name']}={each['from']}" for each in row.grades)
        super().__init__(*args, initial=initial, **kwargs)

    def clean_grades(self) -> list[dict[str, str]]:
        found = []
        for part in criteria.BETWEEN.split(self.cleaned_data["grades"]):
            if part.strip():
                name, _equals, start = part.replace("＝", "=").rpartition("=")
                found.append({"name": name, "from": start})
        return found

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in (*self.NAMES, "grades")}


class IndicatorForm(VersionedForm):
    """One place of the tree: a heading, or with a source a leaf that is scored."""

    name = forms.CharField(label=_("指标"), max_length=80)
    weight = PointsField(label=_("分值"), required=False)
    kind = forms.ChoiceField(
        label=_("类别"), choices=IndicatorKind.choices, widget=forms.RadioSelect,
        initial=IndicatorKind.NORMAL,
    )  # fmt: skip
    source = forms.ChoiceField(
        label=_("数据来源"),
        required=False,
        choices=[("", _("有下级指标，不直接打分")), *Source.choices],
    )
    rule = forms.ChoiceField(
        label=_("评分方式"), required=False, choices=[("", _("不直接打分")), *Rule.choices]
    )
    criteria = forms.CharField(
        label=_("评分标准"), required=False, max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_(
            "分档写“已印发=8；起草中=3；没有=0”；要素写“范围；目标；任务”；"
            "按数值分段写“~0.6=0；0.6~0.8=5；0.8~=10”；其他方式不写"
        ),
    )  # fmt: skip
    fact = forms.ChoiceField(
        label=_("自动取数"), required=False, choices=[("", _("不自动取数")), *Fact.choices]
    )
    text = LimitedText(label=_("评分规则"), required=False, rows=2)
    needs_evidence = forms.BooleanField(label=_("要有佐证材料"), required=False)
    evidence_note = forms.CharField(
        label=_("佐证材料要求"), required=False, max_length=200,
        help_text=_("例如“试点期内各年度的年度计划”"),
    )  # fmt: skip
    basis = forms.CharField(label=_("依据"), required=False, max_length=200)
    NAMES = (
        "name", "weight", "kind", "source", "rule", "fact", "text", "needs_evidence",
        "evidence_note", "basis",
    )  # fmt: skip

    def __init__(self, *args: Any, row: Indicator | None = None, **kwargs: Any) -> None:
        initial: dict[str, Any] = kwargs.pop("initial", {})
        if row is not None:
            initial = {name: getattr(row, name) for name in (*self.NAMES, "version")}
            initial["criteria"] = criteria.write(row.rule, row.criteria)
        super().__init__(*args, initial=initial, **kwargs)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        try:
            given["criteria"] = criteria.read(given.get("rule", ""), given.get("criteria", ""))
        except criteria.Unreadable as error:
            self.add_error("criteria", str(error))
        return given

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in (*self.NAMES, "criteria")}


class MoveForm(VersionedForm):
    """Where an indicator goes."""

    parent = forms.ChoiceField(label=_("上级指标"), required=False)
    place = forms.IntegerField(
        label=_("排在第几"), min_value=1, max_value=999,
        error_messages=dict.fromkeys(("min_value", "max_value"), _("“排在第几”要在1到999之间")),
    )  # fmt: skip

    def __init__(self, *args: Any, parents: Iterable[Indicator], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parents = {row.key: row for row in parents}
        self.fields["parent"].choices = [  # type: ignore[attr-defined]
            ("", _("（作为一级指标）")),
            *((key, "　" * (row.level - 1) + row.name) for key, row in self.parents.items()),
        ]

    def above(self) -> Indicator | None:
        return self.parents.get(self.cleaned_data["parent"])


class WeightsForm(VersionedForm):
    """All weights of a tree at once; a field an indicator, named by its key."""

    def __init__(self, *args: Any, rows: Iterable[Indicator], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        for row in self.rows:
            # The label names the row in a fault; on the page the name beside the box says it.
            label = _now("%(name)s的分值") % {"name": row.name}
            self.fields[f"w-{row.key}"] = PointsField(
                label=label, required=False, initial=row.weight
            )

    def changed(self) -> list[tuple[Indicator, Decimal | None]]:
        """Indicators whose weight is another than it was."""
        found = [(row, self.cleaned_data.get(f"w-{row.key}")) for row in self.rows]
        return [(row, weight) for row, weight in found if weight != row.weight]


class SheetUploadForm(VersionedForm):
    file = UploadField(label=_("填好的表格"))
