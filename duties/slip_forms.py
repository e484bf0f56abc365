"""What the bureau writes on slips, and what a unit answers."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core import clock
from core.forms import DayField, Form, LimitedText
from core.uploads import KeptFileMixin
from core.workdays import Calendar

from .choices import SlipLevel
from .models import Assignment
from .queries.merging import FIELDS, TEMPLATES, faults_of
from .services.slips import LONGEST, Draft, check_draft

REPLY_DAYS = 5  # working days for an answer, unless somebody writes something else
REPLY = 500
WRITTEN = ("level", "template", "reply_by", "is_at_once")


class TemplateText(LimitedText):
    """A text with merge fields: one that does not exist is named."""

    def validate(self, value: str) -> None:
        super().validate(value)
        if faults := faults_of(value):
            raise forms.ValidationError(faults)


def reply_field() -> DayField:
    return DayField(
        label=gettext_lazy("回复期限"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=gettext_lazy("不填就不要求回复。"),
    )


def at_once_field() -> forms.BooleanField:
    """The only thing that may break the quiet of nights and days off (ux.md §8)."""
    return forms.BooleanField(
        label=gettext_lazy("即时发送"),
        required=False,
        help_text=gettext_lazy(
            "只用于最高一级：审定后立即发送，18:00至8:30、周末和节假日也发。"
            "不勾选的，工作时间以外审定的留到下一个工作日8:30后发送。"
        ),
    )


def template_field() -> TemplateText:
    named = "、".join(f"{{{{{name}}}}}" for name in FIELDS)
    return TemplateText(
        label=gettext_lazy("正文"),
        limit=LONGEST,
        rows=6,
        help_text=_("双大括号里的内容逐张替换：%(named)s。") % {"named": named},
    )


class SlipForm(Form):
    """发提醒单. `tasks` are those chosen; `labels` what the programme calls its levels."""

    level = forms.ChoiceField(label=gettext_lazy("级别"), widget=forms.RadioSelect)
    show = forms.ChoiceField(label=gettext_lazy("预览哪一张"), required=False)
    reply_by = reply_field()
    is_at_once = at_once_field()

    def __init__(
        self, *args: Any, tasks: Sequence[Assignment], labels: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"] = template_field()
        self.order_fields(["level", "template", "reply_by", "is_at_once", "show"])
        self.fields["level"].choices = [  # type: ignore[attr-defined]
            (level.value, _level_words(level, labels)) for level in SlipLevel
        ]
        self.fields["show"].choices = [  # type: ignore[attr-defined]
            (task.number, f"{task.unit.display_name}　{task.obligation.display_short_title}")
            for task in tasks
        ]
        self.fields["show"].is_conditional = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What the service would refuse is said before anything is shown."""
        facts = super().clean() or self.cleaned_data
        if not self.errors:
            check_draft(self.draft())
        return facts

    def draft(self) -> Draft:
        facts = self.cleaned_data
        return Draft(**{name: facts[name] for name in WRITTEN})


def _level_words(level: SlipLevel, labels: Mapping[str, str]) -> str:
    label = labels[level]
    if level == SlipLevel.SUPERVISE:
        return _("%(label)s（先经本机关审定；发给区的称提醒函）") % {"label": label}
    return label


def starting(level: str = SlipLevel.HINT) -> dict[str, Any]:
    """What the form begins with."""
    today = clock.today()
    reply_by = Calendar.around(today, margin=60).forward(today, REPLY_DAYS)
    return {"level": level, "template": TEMPLATES[level], "reply_by": reply_by}


class SlipEditForm(Form):
    """A slip that came back: its words, its day, and whether it waits for the morning."""

    reply_by = reply_field()
    is_at_once = at_once_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"] = template_field()
        self.order_fields(["template", "reply_by", "is_at_once"])


class CancelForm(Form):
    reason = LimitedText(label=gettext_lazy("不再发出的原因"), limit=200, rows=2)


class ReplyForm(KeptFileMixin, Form):
    text = LimitedText(
        label=pgettext_lazy("slip", "回复"),
        limit=REPLY,
        rows=4,
        help_text=gettext_lazy("写明进展、困难和完成时间。市政数局会看到。"),
    )
    field_order = ("text", "file")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = _("附件")


class LevelsForm(Form):
    """What the three levels are called in a programme; the service says what is wrong."""

    hint = forms.CharField(label=gettext_lazy("第一级"), max_length=10)
    chase = forms.CharField(label=gettext_lazy("第二级"), max_length=10)
    supervise = forms.CharField(
        label=gettext_lazy("第三级"),
        max_length=10,
        help_text=gettext_lazy("先经本机关审定。发给区的称“提醒函”。"),
    )
