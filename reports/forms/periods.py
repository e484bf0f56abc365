"""What the bureau says of a period: its days, the 通知 it rests on, the figures asked for."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import document_numbers
from core.forms import DayField, Form, LimitedText
from core.uploads import KeptFileMixin
from duties.due_forms import PeriodRuleForm
from duties.models import DutyArea
from pilots.forms import VersionedForm, day_input

from ..choices import MOST_FIGURES
from ..models import PeriodFigure
from ..services import FigureAsked, Opening

COLUMNS = ("name", "unit", "min", "max")


class FiguresMixin(Form):
    """Up to five figures an area: `figure-<area>-<place>-<column>`. A row without a name is none."""

    areas: Sequence[DutyArea]

    def ask_figures(
        self, areas: Iterable[DutyArea], known: Mapping[int, Sequence[PeriodFigure]]
    ) -> None:
        """Add the fields; `known` by area fills them."""
        self.areas = list(areas)
        for area in self.areas:
            rows = list(known.get(area.pk, ()))
            for place in range(MOST_FIGURES):
                row = rows[place] if place < len(rows) else None
                for column in COLUMNS:
                    self.fields[_field(area, place, column)] = _column(column, place, row)

    def figure_groups(self) -> list[dict[str, Any]]:
        """[{"area", "rows": [[bound fields of one figure]], "count", "is_open"}]"""
        found = []
        for area in self.areas:
            rows = [
                [self[_field(area, place, column)] for column in COLUMNS]
                for place in range(MOST_FIGURES)
            ]
            count = sum(1 for row in rows if row[0].value())
            is_open = any(field.errors for row in rows for field in row)
            found.append({"area": area, "rows": rows, "count": count, "is_open": is_open})
        return found

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for area in self.areas:
            names: list[str] = []
            for place in range(MOST_FIGURES):
                self._check(area, place, names)
        return found

    def figures(self) -> list[FigureAsked]:
        """What is asked for, in the order of the page."""
        asked = []
        for area in self.areas:
            for place in range(MOST_FIGURES):
                name, unit, low, high = (self._value(area, place, column) for column in COLUMNS)
                if name:
                    asked.append(FigureAsked(area, name, unit or "", low, high))
        return asked

    def _check(self, area: DutyArea, place: int, names: list[str]) -> None:
        name, unit, low, high = (self._value(area, place, column) for column in COLUMNS)
        if not name:
            if unit or low is not None or high is not None:
                text = _("填写第%(place)s个关键数字的名称") % {"place": place + 1}
                self.add_error(_field(area, place, "name"), ValidationError(text, code="required"))
            return
        if name in names:
            words = {"area": area, "name": name}
            text = _("“%(area)s”里“%(name)s”写了两次") % words
            self.add_error(_field(area, place, "name"), ValidationError(text, code="twice"))
        names.append(name)
        if low is not None and high is not None and high < low:
            text = _("“%(name)s”的最大值不能小于最小值") % {"name": name}
            self.add_error(_field(area, place, "max"), ValidationError(text, code="order"))

    def _value(self, area: DutyArea, place: int, column: str) -> Any:
        value = self.cleaned_data.get(_field(area, place, column))
        return value.strip() if isinstance(value, str) else value


class PeriodForm(KeptFileMixin, PeriodRuleForm, FiguresMixin):
    """开启报告期."""

    code = forms.CharField(
        label=gettext_lazy("期次"),
        max_length=20,
        help_text=gettext_lazy("例如2022Q1，本方案内不能重复"),
    )
    title = forms.CharField(
        label=gettext_lazy("名称"), max_length=60, help_text=gettext_lazy("例如2022年第一季度")
    )
    starts_on = DayField(label=gettext_lazy("所报期间自"), widget=day_input())
    ends_on = DayField(label=gettext_lazy("所报期间至"), widget=day_input())
    opens_on = DayField(label=gettext_lazy("开始报送"), widget=day_input())
    due_on = DayField(label=gettext_lazy("截止日期"), widget=day_input())
    basis_title = forms.CharField(
        label=gettext_lazy("依据的通知"),
        max_length=200,
        help_text=gettext_lazy("写全称，单位会看到"),
    )
    basis_number = forms.CharField(
        label=gettext_lazy("通知文号"), max_length=document_numbers.LONGEST, required=False
    )
    note = LimitedText(label=gettext_lazy("填报说明"), required=False, rows=3)

    def __init__(
        self,
        *args: Any,
        areas: Iterable[DutyArea],
        known: Mapping[int, Sequence[PeriodFigure]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = _("通知扫描件")
        self.ask_figures(areas, known)

    def opening(self) -> Opening:
        """What the service asks for; after `keep`."""
        names = (
            "code", "title", "starts_on", "ends_on", "opens_on", "due_on", "due_rule", "basis_title",
            "basis_number", "note",
        )  # fmt: skip
        facts = {name: self.cleaned_data[name] for name in names}
        return Opening(**facts, basis_file=self.stored, basis_file_name=self.stored_name)


class PeriodChangeForm(FiguresMixin, VersionedForm):
    """调整报告期: another day with its reason, other words, other figures."""

    title = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    due_on = DayField(label=gettext_lazy("截止日期"), widget=day_input())
    reason = LimitedText(
        label=gettext_lazy("调整截止日期的原因"),
        required=False,
        rows=2,
        help_text=gettext_lazy("截止日期有变时写明，单位会看到。"),
    )
    note = LimitedText(label=gettext_lazy("填报说明"), required=False, rows=3)

    def __init__(
        self,
        *args: Any,
        areas: Iterable[DutyArea],
        known: Mapping[int, Sequence[PeriodFigure]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.ask_figures(areas, known)


def _field(area: DutyArea, place: int, column: str) -> str:
    return f"figure-{area.pk}-{place}-{column}"


def _column(column: str, place: int, row: PeriodFigure | None) -> forms.Field:
    words = {"place": place + 1}
    if column == "name":
        label = _("第%(place)s个：名称") % words
        return forms.CharField(
            label=label, max_length=40, required=False, initial=row.name if row else ""
        )
    if column == "unit":
        label, initial = _("第%(place)s个：计量单位") % words, row.unit_label if row else ""
        return forms.CharField(label=label, max_length=10, required=False, initial=initial)
    label = (_("第%(place)s个：最小") if column == "min" else _("第%(place)s个：最大")) % words
    value = (row.minimum if column == "min" else row.maximum) if row else None
    fault = _("“%(label)s”写成120.5这样的数，最多两位小数") % {"label": label}
    codes = ("invalid", "max_digits", "max_decimal_places", "max_whole_digits")
    return forms.DecimalField(
        label=label,
        required=False,
        max_digits=16,
        decimal_places=2,
        initial=f"{value.normalize():f}" if value is not None else None,
        error_messages=dict.fromkeys(codes, fault),
    )
