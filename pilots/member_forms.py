"""Opening accounts in bulk: a table of people, filled in by hand or from pasted lines."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import UNIT_ROLES, Role
from core.forms import Form
from core.search import normalise, pinyin
from core.words import listed

from .forms import OnceForm
from .models import Unit
from .services import Opening

MOST_ROWS = 200
BLANK_ROWS = 5
COLUMNS = ("unit", "role", "display_name", "username", "email")
SEPARATORS = re.compile(r"\t|,|，|;|；|\s{2,}")
# How people write the two roles in a list of names.
ROLE_WORDS = {
    "首席数据官": Role.UNIT_CDO,
    "cdo": Role.UNIT_CDO,
    "经办人": Role.DATA_OFFICER,
    "联络员": Role.DATA_OFFICER,
    "经办": Role.DATA_OFFICER,
}


class UnitIndex:
    """The units of a programme by code, full name and short name."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.units = list(units)
        self.by_text: dict[str, Unit] = {}
        for unit in self.units:
            for text in (unit.code, unit.full_name, unit.short_name):
                self.by_text.setdefault(normalise(text), unit)

    def find(self, text: str) -> Unit | None:
        return self.by_text.get(normalise(text))

    def near(self, text: str, most: int = 4) -> list[str]:
        """Short names that hold the text, or whose characters it mostly has."""
        wanted = normalise(text)
        inside = [u.short_name for u in self.units if wanted and wanted in normalise(u.full_name)]
        shared = [u.short_name for u in self.units if len(set(u.short_name) & set(wanted)) >= 2]
        return list(dict.fromkeys([*inside, *shared]))[:most]


class OpeningForm(Form):
    """One person. A row without any text is no row."""

    unit = forms.CharField(label=gettext_lazy("单位"))
    role = forms.ChoiceField(
        label=gettext_lazy("身份"),
        choices=[(role.value, Role(role).label) for role in reversed(UNIT_ROLES)],
    )
    display_name = forms.CharField(label=gettext_lazy("姓名"), max_length=60)
    username = forms.CharField(
        label=gettext_lazy("账号"),
        max_length=60,
        required=False,
        validators=User._meta.get_field("username").validators,
    )
    email = forms.EmailField(label=gettext_lazy("电子邮箱"), required=False)

    def __init__(self, *args: Any, index: UnitIndex, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.index = index
        self.fields["unit"].widget.attrs["list"] = "units"

    def has_changed(self) -> bool:
        """A role alone is the box's first choice, not a person."""
        return any(name != "role" for name in self.changed_data)

    def clean_unit(self) -> Unit:
        text = self.cleaned_data["unit"]
        unit = self.index.find(text)
        if unit is None:
            near = listed(self.index.near(text))
            facts = {"label": self.fields["unit"].label, "text": text, "near": near}
            said = _("%(label)s写的是“%(text)s”，方案名单里没有")
            hint = _("，可选：%(near)s") if facts["near"] else _("，写规范简称或全称")
            raise forms.ValidationError((said + hint) % facts)
        return unit


class OpeningFormSet(forms.BaseFormSet):
    """All rows; their faults are said at once, each with its row."""

    def clean(self) -> None:
        taken = self._taken()
        seen: dict[str, int] = {}
        for place, form in enumerate(self.forms, start=1):
            values = getattr(form, "cleaned_data", None)
            if not values or form.errors:
                continue
            values["username"] = values["username"] or _suggest(values, {*taken, *seen})
            name = values["username"].lower()
            if name in taken:
                facts = {"place": place, "name": values["username"]}
                form.add_error("username", _("第%(place)s行账号“%(name)s”已被使用，换一个") % facts)
            elif name in seen:
                facts = {"place": place, "first": seen[name], "name": values["username"]}
                form.add_error(
                    "username", _("第%(place)s行账号“%(name)s”和第%(first)s行重复") % facts
                )
            seen.setdefault(name, place)
        if not any(form.has_changed() for form in self.forms):
            raise forms.ValidationError(_("名单是空的，至少填一行"))

    def _taken(self) -> set[str]:
        """Accounts that begin like one of the rows' names, in lower case."""
        found = [form.cleaned_data for form in self.forms if getattr(form, "cleaned_data", None)]
        wanted = {_stem(row) for row in found if row.get("display_name")}
        wanted |= {row["username"] for row in found if row.get("username")}
        condition = Q(pk__in=[])
        for name in wanted:
            condition |= Q(username__istartswith=name)
        names = User.objects.filter(condition).values_list("username", flat=True)
        return {name.lower() for name in names}

    def add_fields(self, form: Any, index: int | None) -> None:
        """Labels with the row's number, so that each error says where it is."""
        super().add_fields(form, index)
        for field in form.fields.values():
            if index is not None:
                facts = {"place": index + 1, "label": field.label}
                field.label = _("第%(place)s行%(label)s") % facts

    def openings(self) -> list[Opening]:
        return [
            Opening(**{name: form.cleaned_data[name] for name in COLUMNS})
            for form in self.forms
            if form.has_changed()
        ]


def _stem(row: dict[str, Any]) -> str:
    """`zhangsan` of 张三."""
    letters = "".join(c for c in pinyin(row["display_name"]) if c.isascii() and c.isalnum())
    return letters[:40] or "user"


def _suggest(row: dict[str, Any], taken: set[str]) -> str:
    """The name in pinyin; a number follows when somebody has it."""
    stem = _stem(row)
    numbered = (f"{stem}{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken else next(name for name in numbered if name not in taken)


Openings = forms.formset_factory(
    OpeningForm,
    formset=OpeningFormSet,
    extra=BLANK_ROWS,
    max_num=MOST_ROWS,
    absolute_max=MOST_ROWS,
    validate_max=True,
)


class PasteForm(Form):
    """Lines from a spreadsheet or a message: 单位、身份、姓名、账号、电子邮箱."""

    lines = forms.CharField(
        label=gettext_lazy("粘贴名单"),
        widget=forms.Textarea({"rows": 6}),
        help_text=gettext_lazy(
            "一行一人：单位、身份、姓名、账号、电子邮箱，用制表符或逗号分开。账号和邮箱可以不写"
        ),
    )

    def rows(self) -> list[dict[str, str]]:
        """One dictionary a line, with the role's word turned into its code."""
        lines = [line.strip() for line in self.cleaned_data["lines"].splitlines() if line.strip()]
        return [_row(line) for line in lines]


def _row(line: str) -> dict[str, str]:
    parts = [part.strip() for part in SEPARATORS.split(line)]
    row = dict(zip(COLUMNS, [*parts, *[""] * len(COLUMNS)], strict=False))
    row["role"] = str(ROLE_WORDS.get(row["role"].lower(), row["role"]))
    return row


def formset_data(rows: list[dict[str, str]]) -> dict[str, str]:
    """Form data of a bound table with these rows."""
    data = {"form-TOTAL_FORMS": str(len(rows)), "form-INITIAL_FORMS": "0"}
    for place, row in enumerate(rows):
        data |= {f"form-{place}-{name}": row[name] for name in COLUMNS}
    return data


class MemberActForm(OnceForm):
    """What to do with the ticked memberships."""

    ACTS = (
        ("reset", gettext_lazy("重置密码")),
        ("close", gettext_lazy("停用账号")),
        ("reopen", gettext_lazy("重新启用")),
        ("revoke", gettext_lazy("撤销身份")),
    )
    act = forms.ChoiceField(choices=ACTS, widget=forms.HiddenInput, label=gettext_lazy("动作"))
    pick = forms.TypedMultipleChoiceField(coerce=int, label=gettext_lazy("账号"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Which rows may be picked is the query's question, asked with the programme at hand.
        self.fields["pick"].choices = [(key, key) for key in self._keys()]  # type: ignore[attr-defined]
        self.fields["pick"].error_messages["required"] = gettext_lazy("先勾选账号")

    def _keys(self) -> list[str]:
        given = self.data.getlist("pick") if hasattr(self.data, "getlist") else []
        return [key for key in given if key.isdigit()]
