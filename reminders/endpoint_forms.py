"""Entering an address of a group or of a person."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form

from .choices import GROUP_CHANNELS, OWN_CHANNELS
from .credentials import unready_for_own


class UnitChoice(forms.ModelChoiceField):
    def label_from_instance(self, unit: Any) -> str:
        return unit.display_name


class GroupForm(Form):
    """A group robot or a webhook of a body."""

    unit = UnitChoice(label=_("单位"), queryset=None, to_field_name="code", empty_label=None)
    channel = forms.ChoiceField(
        label=_("渠道"), choices=[(channel.value, channel.label) for channel in GROUP_CHANNELS]
    )
    name = forms.CharField(
        label=_("名称"), max_length=60, help_text=_("群的名称，如“数据专班工作群”。")
    )
    url = forms.CharField(
        label=_("Webhook地址"),
        max_length=1000,
        help_text=_("从群机器人的设置页完整复制。地址里的密钥加密保存，以后不再显示。"),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    sign = forms.CharField(
        label=_("加签密钥"),
        max_length=200,
        required=False,
        help_text=_("钉钉、飞书启用加签时填写；签名回调留空时由系统生成。企业微信没有这一项。"),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class OwnForm(Form):
    """One's own account elsewhere."""

    channel = forms.ChoiceField(
        label=_("渠道"), choices=[(channel.value, channel.label) for channel in OWN_CHANNELS]
    )
    address = forms.CharField(
        label=_("账号或手机号"),
        max_length=200,
        help_text=_(
            "企业微信、飞书填通讯录里本人的账号（UserID），短信填手机号。"
            "一个渠道用一个，登记新的就停用原来的。"
        ),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, unready: Collection[str] = (), **kwargs: Any) -> None:
        """`unready`: channels without an account of the portal. They cannot be chosen, and the form says
        who can mend it."""
        super().__init__(*args, **kwargs)
        self.unready = list(unready)
        field: Any = self.fields["channel"]
        field.choices = [each for each in field.choices if each[0] not in unready]
        if unready:
            field.help_text = unready_for_own(self.unready)
