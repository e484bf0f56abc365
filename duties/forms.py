"""What people write down about assignments, readings and progress."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.forms import DayField, Form

from .models import Obligation

LONGEST = 500


class LimitedText(forms.CharField):
    """A text with a counter, and a fault that says by how much it is too long (ux.md §9.2)."""

    def __init__(self, *, limit: int = LONGEST, rows: int = 3, **kwargs: Any) -> None:
        self.limit = limit
        kwargs.setdefault("widget", forms.Textarea({"rows": rows, "data-limit": limit}))
        super().__init__(**kwargs)

    def validate(self, value: str) -> None:
        super().validate(value)
        over = len(value) - self.limit
        if over > 0:
            facts = {"label": self.label, "over": over, "limit": self.limit}
            message = _("“%(label)s”超出上限%(over)s字，压缩到%(limit)s字以内")
            raise forms.ValidationError(message % facts, code="too_long")


class PastDay(DayField):
    """A day up to today: nothing is noted before it happened."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput({"type": "date"}, "%Y-%m-%d"))
        super().__init__(**kwargs)

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value and value > clock.today():
            facts = {"label": self.label, "day": value}
            raise forms.ValidationError(_("“%(label)s”%(day)s还没有到") % facts, code="future")


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
