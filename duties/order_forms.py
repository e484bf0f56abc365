"""What people write on orders, about helpers, and as remarks."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import document_numbers
from core.forms import DayField, Form, LimitedText, PastDay, word_errors
from core.uploads import KeptFileMixin

from .choices import Level
from .due_forms import DueRuleForm
from .models.orders import ACCEPTANCE, WANTED
from .models.remarks import LONGEST

GROUPS = (
    ("government", gettext_lazy("市政府")),
    ("department", gettext_lazy("部门")),
    ("district", gettext_lazy("区")),
)
NUMBER_HINT = gettext_lazy("例如“深政数〔2022〕12号”，没有的不填。")


class DocumentNumber(forms.CharField):
    """发文字号, in whatever brackets it was typed."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("validators", [document_numbers.validate])
        super().__init__(max_length=document_numbers.LONGEST, required=False, **kwargs)

    def to_python(self, value: Any) -> str:
        return document_numbers.normalise(super().to_python(value) or "")


class OrderForm(KeptFileMixin, DueRuleForm):
    """F: one order. `areas` are (code, label), `units` (code, label, group) with groups of GROUPS.

    A draft needs its title only; with `whole` everything that is signed is asked for.
    """

    title = forms.CharField(
        label=gettext_lazy("通知标题"),
        max_length=120,
        help_text=gettext_lazy("例如“关于报送公共数据共享需求清单的通知”。"),
    )
    short_title = forms.CharField(
        label=gettext_lazy("任务简称"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("列表和提醒里用，不超过20字；不填就用标题的前20字。"),
    )
    level = forms.ChoiceField(
        label=gettext_lazy("级别"),
        choices=Level.choices,
        initial=Level.NORMAL,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("重要和紧急的同时提醒首席数据官。"),
    )
    document_number = DocumentNumber(label=gettext_lazy("发文字号"), help_text=NUMBER_HINT)
    source_title = forms.CharField(
        label=gettext_lazy("来源文件"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("依据哪份文件，写标题，不写书名号。"),
    )
    source_number = DocumentNumber(
        label=gettext_lazy("来源文件的发文字号"), help_text=gettext_lazy("没有的不填。")
    )
    area = forms.ChoiceField(label=gettext_lazy("职责"), required=False)
    wanted = LimitedText(label=gettext_lazy("工作要求"), required=False, limit=WANTED, rows=8)
    acceptance = LimitedText(
        label=gettext_lazy("验收要求"),
        required=False,
        limit=ACCEPTANCE,
        rows=3,
        help_text=gettext_lazy("交什么、怎样算完成。单位签收前就能看到。"),
    )
    due_on = DayField(
        label=gettext_lazy("截止日期"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=gettext_lazy("当天24:00止。不足5个工作日的会提示，仍可发出。"),
    )
    leads = forms.MultipleChoiceField(
        label=gettext_lazy("主办单位"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self,
        *args: Any,
        areas: Iterable[tuple[str, str]],
        units: Iterable[tuple[str, str, str]],
        whole: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.units = list(units)
        self.fields["area"].choices = [("", _("不属于某一项职责")), *areas]  # type: ignore[attr-defined]
        choices = [(code, label) for code, label, _group in self.units]
        self.fields["leads"].choices = choices  # type: ignore[attr-defined]
        self.fields["file"].label = _("填报模板")
        for name in ("wanted", "acceptance", "due_on", "leads"):
            # What a draft may lack is not marked （选填）.
            self.fields[name].is_conditional = True  # type: ignore[attr-defined]
            self.fields[name].required = whole

    def groups(self) -> list[dict[str, Any]]:
        """The picker: [{"key", "label", "options", "is_all"}], options {"code", "label", "on"}."""
        chosen = set(self["leads"].value() or [])
        found = []
        for key, label in GROUPS:
            options = [
                {"code": code, "label": name, "on": code in chosen}
                for code, name, group in self.units
                if group == key
            ]
            if options:
                is_all = all(option["on"] for option in options)
                found.append({"key": key, "label": label, "options": options, "is_all": is_all})
        return found

    def toggled(self, group: str) -> list[str]:
        """The units ticked after 全选 (or, where all are, 全不选) of a group."""
        chosen = list(self["leads"].value() or [])
        members = [code for code, _label, key in self.units if key == group]
        if members and set(members) <= set(chosen):
            return [code for code in chosen if code not in members]
        return [*chosen, *(code for code in members if code not in chosen)]


class WithdrawOrderForm(Form):
    reason = LimitedText(
        label=gettext_lazy("撤销原因"), rows=2, help_text=gettext_lazy("单位会看到。")
    )


class HelpersForm(Form):
    """选定协办单位: for each lead (id, label) the units that help, and with what. `units` are
    (id, label)."""

    def __init__(
        self,
        *args: Any,
        leads: Iterable[tuple[int, int, str]],
        units: Iterable[tuple[int, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.leads, known = list(leads), list(units)
        for pk, unit_id, label in self.leads:
            words = {"lead": label}
            self.fields[f"units-{pk}"] = forms.TypedMultipleChoiceField(
                label=_("%(lead)s的协办单位") % words,
                required=False,
                coerce=int,
                choices=[(key, name) for key, name in known if key != unit_id],
                widget=forms.CheckboxSelectMultiple,
            )
            self.fields[f"note-{pk}"] = forms.CharField(
                label=_("%(lead)s的协办内容") % words, required=False, max_length=200
            )
        word_errors(self.fields)

    def rows(self) -> list[dict[str, Any]]:
        """[{"label", "units", "note", "count"}] for the page."""
        return [
            {
                "label": label,
                "units": self[f"units-{pk}"],
                "note": self[f"note-{pk}"],
                "count": len(self[f"units-{pk}"].value() or []),
            }
            for pk, _unit_id, label in self.leads
        ]

    def chosen(self) -> dict[int, list[tuple[int, str]]]:
        """{id of a lead: [(id of a unit, with what)]}."""
        facts = self.cleaned_data
        return {
            pk: [(unit_id, facts[f"note-{pk}"]) for unit_id in facts[f"units-{pk}"]]
            for pk, _unit_id, _label in self.leads
        }


class HelperForm(Form):
    """指定协办单位 for one task."""

    unit = forms.TypedChoiceField(label=gettext_lazy("协办单位"), coerce=int)
    note = forms.CharField(label=gettext_lazy("协办内容"), required=False, max_length=200)

    def __init__(self, *args: Any, units: Iterable[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [("", _("选择")), *units]  # type: ignore[attr-defined]


class RemarkForm(Form):
    """批示 by the leader who is logged in."""

    text = LimitedText(
        label=gettext_lazy("批示内容"),
        limit=LONGEST,
        help_text=gettext_lazy("单位和市政数局都能看到，提交后不能修改，只能划去。"),
    )


class TranscriptForm(KeptFileMixin, Form):
    """批示转录: who said what, on which day, on which document."""

    said_by = forms.CharField(label=gettext_lazy("批示人"), max_length=60)
    said_on = PastDay(label=gettext_lazy("批示日期"))
    text = LimitedText(label=gettext_lazy("批示内容"), limit=LONGEST)
    document_title = forms.CharField(label=gettext_lazy("批示所在文件"), max_length=200)
    document_number = DocumentNumber(label=gettext_lazy("文号"), help_text=NUMBER_HINT)
    field_order = ("said_by", "said_on", "text", "document_title", "document_number", "file")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = _("批示件扫描件")


class StrikeForm(Form):
    reason = LimitedText(label=gettext_lazy("划去的原因"), limit=200, rows=2)
