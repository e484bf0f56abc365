"""What is typed on the settings pages."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DayField, Form, word_errors
from pilots.forms import VersionedForm, day_input
from reminders import credentials
from reminders.choices import OnUncertain
from reminders.models import ChannelSetting, ReminderRule
from reminders.models.wishes import LAST_STAGE

WORK, OFF = "work", "off"
BETWEEN = re.compile(r"[\s,，、;；]+")
MOST_WEEKS = 52
CHANNEL_FACTS = ("is_enabled", "is_fallback", "on_uncertain")


class DaysForm(Form):
    """One day, or several in a row, that the notice makes holidays or make-up days."""

    first = DayField(label=gettext_lazy("日期"), widget=day_input())
    last = DayField(
        label=gettext_lazy("到哪一天"),
        required=False,
        widget=day_input(),
        help_text=gettext_lazy("只改一天的不填。"),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("上班还是放假"),
        choices=((OFF, gettext_lazy("放假")), (WORK, gettext_lazy("上班（调休）"))),
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=gettext_lazy("节日"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("如国庆节；调休上班的写为哪个节日调休。"),
    )
    basis = forms.CharField(
        label=gettext_lazy("依据的放假通知"),
        max_length=200,
        help_text=gettext_lazy("标题或文号，如国办发明电〔2021〕11号。"),
    )


class Stages(forms.CharField):
    """「14、7、3」 as [14, 7, 3]."""

    def to_python(self, value: Any) -> Any:
        parts = [part for part in BETWEEN.split(super().to_python(value) or "") if part]
        if not all(part.isascii() and part.isdigit() and len(part) <= 3 for part in parts):
            raise ValidationError(_("“%(label)s”写成14,7,3,1,0这样") % {"label": self.label})
        stages = [int(part) for part in parts]
        if stages and max(stages) > LAST_STAGE:
            facts = {"label": self.label, "most": LAST_STAGE}
            raise ValidationError(_("“%(label)s”里的数要在0到%(most)s之间") % facts)
        return stages

    def prepare_value(self, value: Any) -> Any:
        return ",".join(map(str, value)) if isinstance(value, list) else value


def whole(label: Any, most: int, **kwargs: Any) -> forms.IntegerField:
    said = gettext_lazy("要在0到%(most)s之间")
    texts = {name: said % {"most": most} for name in ("min_value", "max_value")}
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=most,
        required=False,
        widget=forms.NumberInput({"inputmode": "numeric"}),
        error_messages=texts,
        **kwargs,
    )


class RuleForm(VersionedForm):
    """When deadlines are told, and to whom besides the clerks."""

    stages = Stages(
        label=gettext_lazy("提前几个工作日提醒"),
        max_length=100,
        help_text=gettext_lazy("由大到小，0是截止前最后一个工作日，如14,7,3,1,0。"),
    )
    cdo_from = whole(
        gettext_lazy("提前几个工作日起同时提醒首席数据官"),
        LAST_STAGE,
        help_text=gettext_lazy("不填表示逾期后才提醒。"),
    )
    desk_from_week = whole(
        gettext_lazy("逾期几周起同时提醒牵头单位经办人"),
        MOST_WEEKS,
        help_text=gettext_lazy("0是逾期第一天；不填表示不另发，在工作台看。"),
    )

    @classmethod
    def of(cls, rule: ReminderRule) -> "RuleForm":
        names = ("stages", "cdo_from", "desk_from_week")
        initial = {name: getattr(rule, name) for name in names}
        return cls(initial=initial | {"version": rule.version if rule.pk else 0})


class ChannelForm(VersionedForm):
    """How one channel is used."""

    is_enabled = forms.BooleanField(
        label=gettext_lazy("启用"),
        required=False,
        help_text=gettext_lazy("停用后不再生成这个渠道的消息，站内提醒不受影响。"),
    )
    is_fallback = forms.BooleanField(
        label=gettext_lazy("只作备用"),
        required=False,
        help_text=gettext_lazy("只在别的渠道送不到时才用。"),
    )
    on_uncertain = forms.ChoiceField(
        label=gettext_lazy("不确定是否送达时"),
        choices=OnUncertain.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("再发一次可能重复；等人工决定可能晚到。"),
    )

    def __init__(self, *args: Any, row: ChannelSetting, **kwargs: Any) -> None:
        """Fields of the portal's account there come first, where the channel needs one."""
        super().__init__(*args, **kwargs)
        self.parts = credentials.PARTS.get(row.channel, ())
        for part in self.parts:
            field: Any = part_field(part, row.config.get(part.name, ""))
            field.is_conditional = part.name != credentials.BASE  # all of them, or none
            self.fields[part.name] = field
        if row.channel in credentials.SECRETS:
            label, says = credentials.SECRETS[row.channel]
            if row.secret is not None:
                says = gettext_lazy(
                    "已设置，留空则不改。以上各项全部清空并保存，就删除账号和密钥。"
                )
            secret: Any = secret_field(label, says)
            secret.is_conditional = True
            self.fields["secret"] = secret
        word_errors(self.fields)
        self.order_fields([part.name for part in self.parts] + ["secret"])

    @classmethod
    def of(cls, row: ChannelSetting) -> "ChannelForm":
        return cls(
            initial={name: getattr(row, name) for name in (*CHANNEL_FACTS, "version")}, row=row
        )

    @property
    def facts(self) -> dict[str, Any]:
        """For services.set_channel(), without the version."""
        found = {name: self.cleaned_data[name] for name in CHANNEL_FACTS}
        if self.parts:
            found["config"] = {part.name: self.cleaned_data[part.name] for part in self.parts}
            found["secret"] = self.cleaned_data["secret"]
        return found


def part_field(part: credentials.Part, value: str) -> forms.Field:
    """Whether it is written rightly is said by the service, in the words of the part."""
    facts: dict[str, Any] = {"label": part.label, "help_text": part.help, "required": False}
    if part.choices:
        initial = value or part.choices[0][0]
        return forms.ChoiceField(choices=part.choices, initial=initial, **facts)
    plain = {"autocomplete": "off", "spellcheck": "false"}
    return forms.CharField(max_length=200, initial=value, widget=forms.TextInput(plain), **facts)


def secret_field(label: Any, says: Any) -> forms.Field:
    """Empty whatever is kept: what was typed never comes back."""
    widget = forms.PasswordInput({"autocomplete": "new-password", "spellcheck": "false"})
    return forms.CharField(
        label=label, help_text=says, max_length=200, required=False, widget=widget
    )
