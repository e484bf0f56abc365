"""What a unit writes to raise something, and what the bureau answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core import clock
from core.forms import DayField, Form, LimitedText
from core.uploads import KeptFileMixin
from pilots.forms import day_input
from pilots.models import Enrolment

from ..choices import SupportKind, SupportNature
from ..models import SupportRequest
from ..queries.support import suggested_day
from ..services import Asked

LONG = 2000  # characters of a text


class SupportForm(Form):
    """提出支持事项. `places` are the parts as pilots it may be raised for; with one, nobody is asked
    which."""

    place = forms.ChoiceField(label=_("单位"))
    nature = forms.ChoiceField(
        label=_("性质"), choices=SupportNature.choices, widget=forms.RadioSelect
    )
    kind = forms.ChoiceField(
        label=_("支持事项"),
        choices=SupportKind.choices,
        widget=forms.RadioSelect,
        required=False,
        help_text=_("性质选“申请支持”的，选一项。"),
    )
    title = LimitedText(
        label=_("标题"), limit=100, widget=forms.TextInput({"class": "wide", "maxlength": 100})
    )
    text = LimitedText(
        label=_("具体情况"),
        limit=LONG,
        rows=6,
        help_text=_("写明遇到什么问题、影响什么、需要哪家单位怎样支持。"),
    )

    def __init__(self, *args: Any, places: list[Enrolment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {str(row.pk): row for row in places}
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            (key, f"{row.unit.display_name}，{row.programme.display_name}")
            for key, row in self.places.items()
        ]
        self.fields["kind"].is_conditional = True  # type: ignore[attr-defined]
        if len(places) == 1:
            del self.fields["place"]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        is_support = found.get("nature") == SupportNature.SUPPORT
        if is_support and not found.get("kind") and "kind" not in self.errors:
            self.add_error("kind", forms.ValidationError(_("选择“支持事项”"), code="required"))
        return found

    def enrolment(self) -> Enrolment:
        chosen = self.cleaned_data.get("place")
        return self.places[chosen] if chosen else next(iter(self.places.values()))

    def asked(self) -> Asked:
        given = self.cleaned_data
        return Asked(given["nature"], given["title"], given["text"], given["kind"])


class PromiseForm(Form):
    """定答复期限. The day is filled in: ten working days from today."""

    answer_by = DayField(
        label=_("答复期限"),
        widget=day_input(),
        help_text=_("建议10个工作日，按工作日历推算，可以改。"),
    )

    def __init__(self, *args: Any, request: SupportRequest, **kwargs: Any) -> None:
        day = request.answer_by or suggested_day(clock.today())
        super().__init__(*args, initial={"answer_by": day}, **kwargs)


class AnswerForm(KeptFileMixin, Form):
    """答复, with a file where there is one."""

    text = LimitedText(
        label=_("答复内容"), limit=LONG, rows=5, help_text=_("写明怎样解决、由谁办、什么时候办好。")
    )
    field_order = ("text", "file")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = _("附件")


class ReopenForm(Form):
    text = LimitedText(
        label=_("还需要什么"), limit=LONG, rows=3, help_text=_("写明哪里没有解决，市政数局会看到。")
    )


class WithdrawForm(Form):
    reason = LimitedText(label=_("撤回的原因"), limit=200, rows=2)
