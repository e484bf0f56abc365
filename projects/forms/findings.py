"""Forms about findings: what was found, and each step after it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core import clock
from core.forms import DayField
from duties.forms import LimitedText, PastDay
from pilots.forms import OnceForm, VersionedForm, day_input

from ..choices import FindingMove, Nature, Step
from ..models import Finding, Project
from .bases import PaperForm


class ProjectField(forms.ModelChoiceField):
    """A project of the unit by its number."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=Project.objects.none(),
            to_field_name="number",
            required=False,
            empty_label=_("不涉及具体项目"),
            **kwargs,
        )


class WhatForm(forms.Form):
    """What was found."""

    nature = forms.ChoiceField(
        label=_("性质"), choices=Nature.choices, widget=forms.RadioSelect, initial=Nature.BREACH
    )
    title = forms.CharField(
        label=_("标题"), max_length=120, help_text=_("一句话，例如“未经审批对外提供数据”")
    )
    what = LimitedText(label=_("发现的情况"))
    basis = forms.CharField(
        label=_("依据"), max_length=300, help_text=_("违反的法律法规、文件或条款")
    )
    found_on = PastDay(label=_("发现日期"))
    project = ProjectField(label=_("涉及项目"))

    def __init__(self, *args: Any, projects: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = projects  # type: ignore[attr-defined]


class FindingForm(OnceForm, WhatForm, PaperForm):
    field_order = (
        "nature", "title", "what", "basis", "found_on", "project", "document_number", "file",
    )  # fmt: skip


class FindingMendForm(VersionedForm, WhatForm):
    def __init__(self, *args: Any, row: Finding, **kwargs: Any) -> None:
        initial = {name: getattr(row, name) for name in self.base_fields}
        initial["project"] = row.project.number if row.project else None
        super().__init__(*args, **{"initial": initial, **kwargs})


class StepForm(VersionedForm, PaperForm):
    """Base of the steps: the service takes what the fields are called."""

    field_order = ("on", "measures", "due_on", "text", "reason", "document_number", "file")


class DatedForm(StepForm):
    on = PastDay(label=_("日期"), initial=clock.today)


class StopForm(DatedForm):
    text = LimitedText(label=_("怎样制止的"))


class CorrectForm(DatedForm):
    text = LimitedText(label=_("怎样纠正的"))


class FollowUpForm(DatedForm):
    text = LimitedText(label=_("内容"))


class MeasuresForm(StepForm):
    measures = LimitedText(label=_("整改要求"))
    due_on = DayField(label=_("整改期限"), widget=day_input())


class OrderForm(MeasuresForm, DatedForm):
    pass


class RedateForm(StepForm):
    due_on = DayField(label=_("新的整改期限"), widget=day_input())
    text = LimitedText(label=_("调整的原因"), rows=2)


class CloseForm(StepForm):
    reason = LimitedText(
        label=_("了结的原因"), help_text=_("没有纠正就不再办理的，例如查明不属实、移交其他单位")
    )


FORMS: dict[str, type[StepForm]] = {
    FindingMove.STOP: StopForm,
    FindingMove.ORDER: OrderForm,
    FindingMove.REDATE: RedateForm,
    FindingMove.CORRECT: CorrectForm,
    FindingMove.CLOSE: CloseForm,
    FindingMove.REOPEN: MeasuresForm,
    Step.FOLLOW_UP: FollowUpForm,
}
LABELS: dict[str, Any] = {
    FindingMove.STOP: _("登记制止"),
    FindingMove.ORDER: pgettext_lazy("act", "要求整改"),
    FindingMove.REDATE: pgettext_lazy("act", "调整整改期限"),
    FindingMove.CORRECT: pgettext_lazy("act", "登记纠正"),
    FindingMove.CLOSE: pgettext_lazy("act", "了结"),
    FindingMove.REOPEN: pgettext_lazy("act", "重新整改"),
    Step.FOLLOW_UP: _("登记跟踪情况"),
}
