"""Logging in, passwords, and what a person sets for himself."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.utils.translation import gettext_lazy as _

from core.columns import left_out
from core.forms import Form, ModelForm, WordedMixin
from core.lists import KeptPage, page_at
from core.models import OutboundGate

from .models import User

RULES = _("至少10个字符，包含小写字母、大写字母、数字、符号中的至少三种。")


def _password(autocomplete: str) -> forms.PasswordInput:
    """A box that password.js gives a button 「显示」; pasting is allowed (WCAG 3.3.8)."""
    words = {"data-show": _("显示"), "data-hide": _("隐藏"), "spellcheck": "false"}
    return forms.PasswordInput({"autocomplete": autocomplete, **words})


class LoginForm(WordedMixin, AuthenticationForm):
    """Account and password. A wrong name and a wrong password get the same answer."""

    username = UsernameField(
        label=_("账号"),
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(label=_("密码"), strip=False, widget=_password("current-password"))

    def get_invalid_login_error(self) -> forms.ValidationError:
        facts = {
            "limit": settings.AXES_FAILURE_LIMIT,
            "minutes": int(settings.AXES_COOLOFF_TIME * 60),
        }
        text = _("账号或密码不对。连续%(limit)s次不对，账号锁定%(minutes)s分钟")
        return forms.ValidationError(text, code="invalid_login", params=facts)


class NewPasswordForm(Form):
    """A new password, twice."""

    new_password = forms.CharField(
        label=_("新密码"), strip=False, help_text=RULES, widget=_password("new-password")
    )
    again = forms.CharField(
        label=_("再填一次新密码"), strip=False, widget=_password("new-password")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, second = values.get("new_password"), values.get("again")
        if first and second and first != second:
            self.add_error("again", _("两次填的新密码不一样，重新填写"))
        elif first:
            self._check_rules(first)
        return values

    def _check_rules(self, password: str) -> None:
        try:
            password_validation.validate_password(password, self.user)
        except forms.ValidationError as error:
            self.add_error("new_password", error)


class ChangePasswordForm(NewPasswordForm):
    """The present password, then a new one."""

    old_password = forms.CharField(
        label=_("当前密码"), strip=False, widget=_password("current-password")
    )
    field_order = ["old_password", "new_password", "again"]

    def clean_old_password(self) -> str:
        old = self.cleaned_data["old_password"]
        if not self.user.check_password(old):
            raise forms.ValidationError(_("“当前密码”不对，重新填写"))
        return old

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        new = values.get("new_password")
        if new and new == values.get("old_password"):
            self.add_error("new_password", _("新密码要和当前密码不同"))
        return values


class PreferencesForm(Form):
    """Language, colours and row height; kept on the account, so they follow the person."""

    language = forms.ChoiceField(
        label=_("语言"), choices=[("zh-hans", "中文"), ("en", "English")], widget=forms.RadioSelect
    )
    theme = forms.ChoiceField(
        label=_("外观"), choices=User._meta.get_field("theme").choices, widget=forms.RadioSelect
    )
    density = forms.ChoiceField(
        label=_("行距"),
        choices=User._meta.get_field("density").choices,
        widget=forms.RadioSelect,
        help_text=_("表格每行的高度。宽松大字同时放大字号"),
    )


class ListSettingsForm(Form):
    """「列与密度」 of one list: what is ticked is shown."""

    path = forms.CharField(max_length=200)
    columns = forms.MultipleChoiceField(required=False)
    density = forms.ChoiceField(choices=User._meta.get_field("density").choices)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.page: type[KeptPage] | None = page_at(data.get("path", ""))
        offered = (
            [column for column in self.page.columns if column.is_optional] if self.page else []
        )
        self.fields["columns"].choices = [(each.name, each.label) for each in offered]  # type: ignore[attr-defined]

    @property
    def hidden(self) -> list[str]:
        """Names of the columns that were not ticked."""
        shown = self.cleaned_data["columns"]
        return left_out(self.page.columns, shown) if self.page else []


class GateForm(ModelForm):
    """A place outside that the portal should be let through to."""

    class Meta:
        model = OutboundGate
        fields = ["host", "port", "purpose", "networks", "is_plain", "reason"]
