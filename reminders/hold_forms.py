"""Why nothing is to leave, or why it may again."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form, LimitedText


class HoldForm(Form):
    note = LimitedText(
        label=_("原因"),
        limit=200,
        widget=forms.TextInput,
        help_text=_("记入操作日志，暂停期间显示在页面顶部，如“更换邮件服务器”。"),
    )
