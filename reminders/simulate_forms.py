"""What of the simulator is asked: a programme, and from which day to which. One form for page and API."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DayField, Form

from . import services

LONGEST = 92  # days, both ends counted: a quarter


class ProgrammeChoice(forms.ModelChoiceField):
    def label_from_instance(self, programme: Any) -> str:
        return programme.display_name


def _day(label: Any) -> DayField:
    return DayField(label=label, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))


class SimulateForm(Form):
    """`programmes` are those that the asker looks after; the days are `from` and `to`."""

    programme = ProgrammeChoice(
        label=gettext_lazy("试点方案"),
        queryset=None,
        to_field_name="code",
        empty_label=None,
        error_messages={"invalid_choice": gettext_lazy("没有这个试点方案，或当前账号看不到")},
    )

    def __init__(self, *args: Any, programmes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = programmes  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        first, last = found.get("from"), found.get("to")
        if first and last and last < first:
            text = _("结束日期要不早于开始日期%(day)s")
            self.add_error("to", text % {"day": first})
        elif first and last and (last - first).days >= LONGEST:
            facts = {"most": LONGEST, "day": last_day(first)}
            self.add_error("to", _("一次最多看%(most)s天，结束日期最晚填%(day)s") % facts)
        return found


def planned(form: SimulateForm) -> list[services.Planned] | None:
    """What a valid form asks for; None, with the error at «to», when that is more than one answer takes."""
    facts = form.cleaned_data
    try:
        return services.simulate(facts["programme"], facts["from"], facts["to"])
    except services.TooMuch as error:
        text = _("提醒太多，这一次推算到%(day)s。结束日期最晚填%(day)s，之后的另查一次")
        form.add_error("to", text % {"day": error.until})
        return None


# «from» cannot be the name of a class attribute.
SimulateForm.base_fields["from"] = _day(gettext_lazy("开始日期"))
SimulateForm.base_fields["to"] = _day(gettext_lazy("结束日期"))


def last_day(first: date) -> date:
    return first + timedelta(days=LONGEST - 1)
