"""What a unit writes to ask for a later day, and what the bureau answers."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from core import clock, document_numbers
from core.forms import DayField, Form, LimitedText, PastDay
from core.uploads import KeptFileMixin
from core.workdays import Calendar

from .choices import Verdict
from .models import Assignment, Extension
from .services.extension_writing import MOST, Letter, Request

QUICK = (7, 15, 30)  # working days
OTHER = "other"
# How a reason often begins; the rest is written by whoever asks.
OPENERS: dict[str, Any] = {
    "data": gettext_lazy("数据核对和汇总的工作量超出预期"),
    "others": gettext_lazy("需要上级部门或其他单位配合，对方尚未反馈"),
    "people": gettext_lazy("经办人员变动，工作正在交接"),
}


class Unspaced(LimitedText):
    """A text whose length counts without white space; the service says when it is too long."""

    def validate(self, value: str) -> None:
        forms.CharField.validate(self, value)


class ExtensionForm(KeptFileMixin, Form):
    """申请延期. `task` gives the deadline from which the days are counted."""

    quick = forms.ChoiceField(
        label=gettext_lazy("申请延至"), widget=forms.RadioSelect, required=False
    )
    wanted_on = DayField(
        label=gettext_lazy("延至日期"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )
    opener = forms.ChoiceField(
        label=gettext_lazy("常用理由"),
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("选了就写在理由的开头。"),
    )
    reason = Unspaced(
        label=gettext_lazy("理由"),
        limit=MOST,
        rows=4,
        help_text=gettext_lazy("50至300字，空格和换行不计。写明为什么按原定日期完不成。"),
    )
    done_so_far = Unspaced(
        label=gettext_lazy("已做工作"),
        required=False,
        limit=MOST,
        rows=3,
        help_text=gettext_lazy("已按完成记录和事项进展填好，可以改。"),
    )
    field_order = ("quick", "wanted_on", "opener", "reason", "done_so_far", "file")

    def __init__(self, *args: Any, task: Assignment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.task = task
        self.days = quick_days(task)
        choices = [
            (str(count), _("%(count)s个工作日，至%(day)s") % {"count": count, "day": day})
            for count, day in self.days.items()
        ]
        self.fields["quick"].choices = [*choices, (OTHER, _("其他日期"))]  # type: ignore[attr-defined]
        self.fields["quick"].is_conditional = True  # type: ignore[attr-defined]
        self.fields["wanted_on"].is_conditional = True  # type: ignore[attr-defined]
        self.fields["opener"].choices = list(OPENERS.items())  # type: ignore[attr-defined]
        self.fields["file"].label = _("附件")

    def clean(self) -> dict[str, Any]:
        """A day of the three wins over what stands beside it; a day typed alone is meant."""
        found = super().clean() or {}
        quick = found.get("quick")
        if quick and quick != OTHER:
            found["wanted_on"] = self.days[int(quick)]
            self.errors.pop("wanted_on", None)
        elif not found.get("wanted_on") and "wanted_on" not in self.errors:
            field = "wanted_on" if quick == OTHER else "quick"
            said = _("填写“延至日期”") if quick == OTHER else _("选择“申请延至”")
            self.add_error(field, forms.ValidationError(said, code="required"))
        return found

    def request(self) -> Request:
        """After `keep()`."""
        facts = self.cleaned_data
        return Request(
            wanted_on=facts["wanted_on"],
            reason=self.said(),
            done_so_far=facts["done_so_far"],
            file=self.stored,
            file_name=self.stored_name,
        )

    def said(self) -> str:
        """「数据核对和汇总的工作量超出预期。……」, kept in Chinese."""
        typed, opener = self.cleaned_data["reason"], self.cleaned_data.get("opener")
        if not opener:
            return typed
        with override(settings.LANGUAGE_CODE):
            return f"{OPENERS[opener]}。{typed}"


class ExtensionLetterForm(ExtensionForm):
    """代录: the same from a letter, whose scan is compulsory."""

    letter_from = forms.CharField(label=gettext_lazy("来文单位"), max_length=100)
    letter_number = forms.CharField(
        label=gettext_lazy("来文文号"), max_length=document_numbers.LONGEST, required=False
    )
    letter_on = PastDay(
        label=gettext_lazy("来文日期"), help_text=gettext_lazy("是否逾期申请按这一天计算。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["opener"]
        self.fields["reason"].help_text = _("照来文写，50至300字，空格和换行不计。")
        self.fields["done_so_far"].help_text = _("来文没有写的，不用填。")
        self.fields["file"].label = _("来文扫描件")
        self.fields["file"].required = not self.data.get(self.add_prefix("kept"))

    def keep(self, user: Any) -> None:
        super().keep(user)
        if self.is_bound and self.stored is None and "file" not in self.errors:
            self.add_error("file", _("选择“%(label)s”") % {"label": self.fields["file"].label})

    def letter(self) -> Letter:
        facts = self.cleaned_data
        return Letter(facts["letter_from"], facts["letter_on"], facts["letter_number"])


def quick_days(task: Assignment) -> dict[int, date]:
    """The days 7, 15 and 30 working days after the deadline, or after today where it is over."""
    start = max(task.latest_on or clock.today(), clock.today())
    calendar = Calendar.around(start, margin=90)
    return {count: calendar.forward(start, count) for count in QUICK}


class AnswerForm(Form):
    """审批: one of three answers. The day wanted is filled in."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("审批意见"), choices=Verdict.choices, widget=forms.RadioSelect
    )
    granted_on = DayField(
        label=gettext_lazy("同意延至"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=gettext_lazy("“同意”按申请的日期；“部分同意”改成较早的日期。"),
    )
    answer = LimitedText(
        label=gettext_lazy("审批说明"),
        required=False,
        limit=200,
        rows=2,
        help_text=gettext_lazy("不同意的写明理由，单位会看到。"),
    )

    def __init__(self, *args: Any, extension: Extension, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"verdict": Verdict.GRANT, "granted_on": extension.wanted_on})
        super().__init__(*args, **kwargs)
        for name in ("granted_on", "answer"):
            self.fields[name].is_conditional = True  # type: ignore[attr-defined]


class WithdrawForm(Form):
    reason = LimitedText(label=gettext_lazy("撤回的原因"), required=False, limit=200, rows=2)
