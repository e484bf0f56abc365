"""Why nothing is to leave, or why it may again."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form


class HoldForm(Form):
    note = forms.CharField(
        label=_("原因"),
        max_length=200,
        help_text=_("记入操作日志，暂停期间显示在页面顶部，如“更换邮件服务器”。"),
    )
