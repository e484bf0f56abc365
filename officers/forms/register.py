"""What is written down about people and appointments, but for the appointment itself
(appointing.py)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DayField, Form
from core.sealed import SealedFormField
from core.uploads import KeptFileMixin
from duties.forms import LimitedText, PastDay
from pilots.forms import UnitField, day_input

from ..choices import Ending, PostLevel, Rank
from ..models import Appointment, Person
from ..queries.allowed import may_report
from ..services import check_person

NONE = [("", gettext_lazy("未登记"))]
ENDINGS = [(ending.value, ending.label) for ending in Ending if ending != Ending.REPLACED]
NUMBER_HELP = gettext_lazy("写成“深府办函〔2021〕71号”的样子，半角括号会自动改成六角括号")


class NumberField(forms.CharField):
    """A 发文字号 as it may be typed; the service tidies and checks it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{"required": False, "max_length": 60, "help_text": NUMBER_HELP, **kwargs}
        )


def add_errors(form: Form, error: ValidationError, **called: str) -> None:
    """What a service found, at the fields that the form has; the rest above them. `called` says how
    the form calls a field that the service calls otherwise."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, faults in error.error_dict.items():
        name = called.get(field, field)
        form.add_error(name if name in form.fields else None, faults)


class ConfirmForm(KeptFileMixin, Form):
    """确认任命: the document, and the last day of whoever is in the seat."""

    document_number = NumberField(label=gettext_lazy("任命文号"))
    signed_on = PastDay(label=gettext_lazy("任命日期"), required=False)
    leaves_on = DayField(
        label=gettext_lazy("现任的最后任职日"),
        required=False,
        widget=day_input(),
        help_text=gettext_lazy("不填按新任起始日期的前一天"),
    )

    field_order = ("document_number", "signed_on", "file", "leaves_on", "kept")

    def __init__(self, *args: Any, holder: Appointment | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if holder is None:
            del self.fields["leaves_on"]
        else:
            words = {"person": holder.person}
            self.fields["leaves_on"].label = _("现任%(person)s的最后任职日") % words


class EndForm(Form):
    """登记免职或卸任: the last day, why, by which document."""

    ends_on = DayField(
        label=gettext_lazy("最后任职日"),
        widget=day_input(),
        help_text=gettext_lazy("这一天仍在任，从第二天起不再任职"),
    )
    ending = forms.ChoiceField(
        label=gettext_lazy("离任方式"), choices=ENDINGS, widget=forms.RadioSelect
    )
    ending_number = NumberField(label=gettext_lazy("免职文号"))
    ending_signed_on = PastDay(label=gettext_lazy("免职日期"), required=False)
    reason = LimitedText(label=gettext_lazy("说明"), required=False, limit=300, rows=2)


class ReasonForm(Form):
    """Why an entry is voided, or a removal taken back."""

    reason = LimitedText(
        label=gettext_lazy("原因"), limit=300, rows=2, help_text=gettext_lazy("单位会看到")
    )


class MendForm(KeptFileMixin, Form):
    """更正: what was typed wrong about an appointment. Who, where and which post are not mended."""

    job_title = forms.CharField(label=gettext_lazy("任命时职务"), max_length=60, required=False)
    level = forms.ChoiceField(
        label=gettext_lazy("职务层级"), choices=[*NONE, *PostLevel.choices], required=False
    )
    is_in_charge = forms.BooleanField(label=gettext_lazy("分管数字政府建设"), required=False)
    rank_reason = LimitedText(
        label=gettext_lazy("不符合任职条件的说明"), required=False, limit=300, rows=2
    )
    document_number = NumberField(label=gettext_lazy("任命文号"))
    signed_on = PastDay(label=gettext_lazy("任命日期"), required=False)
    starts_on = DayField(label=gettext_lazy("起始日期"), required=False, widget=day_input())
    known_on = DayField(
        label=gettext_lazy("最早见于"),
        required=False,
        widget=day_input(),
        help_text=gettext_lazy("查不到起始日期的，写哪一天起有来源可查"),
    )
    ends_on = DayField(label=gettext_lazy("最后任职日"), required=False, widget=day_input())
    ending_number = NumberField(label=gettext_lazy("免职文号"))
    ending_signed_on = PastDay(label=gettext_lazy("免职日期"), required=False)
    reason = LimitedText(label=gettext_lazy("说明"), required=False, limit=300, rows=2)

    ENDED = ("ends_on", "ending_number", "ending_signed_on")
    field_order = (
        *("job_title", "level", "is_in_charge", "rank_reason", "document_number", "signed_on"),
        *("file", "starts_on", "known_on", *ENDED, "reason", "kept"),
    )

    def __init__(self, *args: Any, row: Appointment, **kwargs: Any) -> None:
        super().__init__(*args, initial=row.__dict__, **kwargs)
        self.fields["file"].label = _("任命文件扫描件")
        if not row.ending and row.ends_on is None:
            for name in self.ENDED:
                del self.fields[name]

    def values(self) -> dict[str, Any]:
        """What goes to `services.mend_appointment`."""
        given = {
            name: self.cleaned_data[name] for name in self.fields if name not in {"file", "kept"}
        }
        if self.stored is not None:
            given |= {"file": self.stored, "file_name": self.stored_name}
        return given


class PersonForm(Form):
    """更正人员信息. Mobile and e-mail are shown masked; sent back as shown they stay as they are."""

    name = forms.CharField(label=gettext_lazy("姓名"), max_length=40)
    unit = UnitField(
        label=gettext_lazy("所在单位"), help_text=gettext_lazy("写单位代码、全称或简称")
    )
    job_title = forms.CharField(label=gettext_lazy("单位职务"), max_length=60, required=False)
    level = forms.ChoiceField(
        label=gettext_lazy("职务层级"), choices=[*NONE, *PostLevel.choices], required=False
    )
    is_in_charge = forms.BooleanField(label=gettext_lazy("分管数字政府建设"), required=False)
    rank = forms.ChoiceField(
        label=gettext_lazy("职级"), choices=[*NONE, *Rank.choices], required=False
    )
    office_phone = forms.CharField(
        label=gettext_lazy("办公电话"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("区号-号码，如0755-12345678"),
    )
    mobile = SealedFormField(
        label=gettext_lazy("手机"),
        required=False,
        help_text=gettext_lazy("不改就留着打星号的样子，要清除就删空"),
    )
    email = SealedFormField(
        label=gettext_lazy("电子邮箱"),
        required=False,
        help_text=gettext_lazy("不改就留着打星号的样子，要清除就删空"),
    )

    def __init__(self, *args: Any, person: Person, by: Any, units: Any, **kwargs: Any) -> None:
        initial = {name: getattr(person, name) for name in self.base_fields if name != "unit"}
        super().__init__(*args, initial=initial, **kwargs)
        self.person, self.by = person, by
        if units is None:
            del self.fields["unit"]
        else:
            self.fields["unit"].units = units  # type: ignore[attr-defined]
            self.fields["unit"].widget.attrs["list"] = "units"
            self.initial["unit"] = person.unit.full_name

    def clean(self) -> dict[str, Any]:
        """All that is wrong with numbers and addresses at once, whose they are among it; and a unit
        that is none of the reader's: its people would read this person's numbers."""
        unit = self.cleaned_data.get("unit")
        if unit and unit.pk != self.person.unit_id and not may_report(self.by, unit):
            text = _("不能把人员登记到%(unit)s：当前账号不办理这个单位的人员。")
            self.add_error("unit", text % {"unit": unit.display_name})
        typed = {
            name: self.cleaned_data[name]
            for name in ("mobile", "email", "office_phone")
            if name in self.cleaned_data and name in self.changed_data
        }
        try:
            check_person(self.person, by=self.by, **typed)
        except ValidationError as error:
            add_errors(self, error)
        return self.cleaned_data

    def values(self) -> dict[str, Any]:
        """What goes to `services.mend_person`: only what was changed."""
        found = {name: self.cleaned_data[name] for name in self.changed_data}
        if "unit" in found and found["unit"].pk == self.person.unit_id:
            del found["unit"]
        return found


class AccountForm(Form):
    """关联账号: one of the accounts of the person's units. `accounts` are (username, label)."""

    account = forms.ChoiceField(label=gettext_lazy("账号"))

    def __init__(self, *args: Any, accounts: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].choices = [("", _("选择")), *accounts]  # type: ignore[attr-defined]


class RevealForm(Form):
    """查看联系方式: what for."""

    purpose = LimitedText(label=gettext_lazy("用途"), limit=200, rows=2)
