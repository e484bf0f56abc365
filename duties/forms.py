"""What people write down about assignments, readings and progress."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import Form, LimitedText, PastDay

from .models import Obligation


class OnceForm(Form):
    """A form whose hidden token goes into the source key: sent twice, it counts once."""

    token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def source_key(self) -> str:
        return f"form:{self.cleaned_data['token']}"


class CompletionForm(OnceForm):
    """登记完成: when it was done, and the letter that says so."""

    happened_on = PastDay(
        label=gettext_lazy("完成日期"),
        help_text=gettext_lazy("以来文报送的，写来文日期。按时与否看这一天。"),
    )
    sender = forms.CharField(label=gettext_lazy("来文单位"), required=False, max_length=120)
    letter = forms.CharField(
        label=gettext_lazy("文号"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("没有文号的不填。"),
    )
    remark = LimitedText(label=gettext_lazy("说明"), required=False, limit=200, rows=2)

    def note(self) -> str:
        """「来文：市公安局，深公函〔2022〕12号。会议纪要已收」"""
        facts = self.cleaned_data
        letter = "，".join(part for part in (facts["sender"], facts["letter"]) if part)
        said = [_("来文：%(letter)s") % {"letter": letter}] if letter else []
        return "。".join([*said, *([facts["remark"]] if facts["remark"] else [])])


class ReasonForm(Form):
    """Why an assignment is taken off the table, or a record no longer counts."""

    reason = LimitedText(
        label=gettext_lazy("原因"), limit=200, rows=2, help_text=gettext_lazy("单位会看到。")
    )


class ReadingForm(Form):
    """确认截止口径: one of the days that the words allow."""

    due_on = forms.DateField(label=gettext_lazy("截止日期"))
    basis = LimitedText(
        label=gettext_lazy("依据"),
        rows=2,
        help_text=gettext_lazy("写明谁在什么时候怎样确认的，例如来函文号、电话答复。"),
    )

    def __init__(self, data: Any = None, *, obligation: Obligation, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        first, last = obligation.due_on, obligation.latest_on
        self.fields["due_on"].widget = forms.RadioSelect(
            choices=[
                (str(first), _("%(day)s（从严）") % {"day": first}),
                (str(last), _("%(day)s（从宽）") % {"day": last}),
            ]
        )


class ProgressForm(OnceForm):
    """登记进展: what a body has got done in an item of an area. `items` and `units` are the choices
    (key, label) offered."""

    item = forms.ChoiceField(label=gettext_lazy("事项"))
    unit = forms.ChoiceField(label=gettext_lazy("单位"))
    happened_on = PastDay(label=gettext_lazy("日期"))
    summary = LimitedText(
        label=gettext_lazy("进展"), rows=5, help_text=gettext_lazy("一两句写清做成了什么。")
    )

    def __init__(
        self,
        data: Any = None,
        *,
        items: Iterable[tuple[Any, str]],
        units: Iterable[tuple[Any, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        for name, choices in (("item", items), ("unit", units)):
            self.fields[name].choices = [("", _("选择")), *choices]  # type: ignore[attr-defined]
