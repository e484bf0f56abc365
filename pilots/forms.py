"""Input of programmes, bodies and members."""

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.forms import DayField, Form
from core.words import listed

from .choices import SuccessionKind
from .models import Unit
from .services.successions import KINDS

SUGGESTED = 4
LISTED = 300
FULL_NAME, SHORT_NAME = 120, 60


def day_input() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class UnitField(forms.CharField):
    """A body by code, full name or short name, among `units` (already scoped). Gives the Unit; an
    unknown name is answered with the nearest ones (ux.md §9.2)."""

    units: Any = None

    def clean(self, value: Any) -> Unit | None:
        text = super().clean(value).strip()
        if not text:
            return None
        today = clock.today()
        named = self.units.with_name(today)
        found = list(named.filter(code=text)[:2]) or list(
            named.filter(names__full_name=text).distinct()[:2]
        )
        found = found or list(named.filter(names__short_name=text).distinct()[:3])
        if len(found) == 1:
            return found[0]
        raise forms.ValidationError(self._unknown(text, found or self._near(named, text)))

    def _near(self, named: Any, text: str) -> list[Unit]:
        return list(named.searched(text)[:SUGGESTED])

    def _unknown(self, text: str, near: list[Unit]) -> str:
        facts = {"label": self.label, "text": text}
        if not near:
            return _("“%(label)s”写的是“%(text)s”，没有这个单位，写单位代码、全称或简称") % facts
        facts["near"] = listed(f"{unit.full_name}（{unit.code}）" for unit in near)
        return _("“%(label)s”写的是“%(text)s”，可选：%(near)s") % facts

    def options(self) -> list[Unit]:
        """What the box offers while typing."""
        return list(self.units.with_name(clock.today()).order_by("code")[:LISTED])


class VersionedForm(Form):
    """Carries the version of the row that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class PhaseForm(VersionedForm):
    """The day from which a programme is followed, or no longer."""

    on = DayField(label=gettext_lazy("日期"), widget=day_input())


class RenameForm(VersionedForm):
    full_name = forms.CharField(
        label=gettext_lazy("新全称"),
        max_length=FULL_NAME,
        help_text=gettext_lazy("和印章、文件上的名称一致"),
    )
    short_name = forms.CharField(
        label=gettext_lazy("新规范简称"),
        max_length=SHORT_NAME,
        help_text=gettext_lazy("表格和消息里用，例如“市公安局”"),
    )
    name_en = forms.CharField(label=gettext_lazy("英文名"), max_length=FULL_NAME, required=False)
    on = DayField(
        label=gettext_lazy("更名日期"),
        widget=day_input(),
        help_text=gettext_lazy("新名称从这一天起用，旧名称用到前一天"),
    )
    basis = forms.CharField(
        label=gettext_lazy("依据"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("文件名称或文号"),
    )


class SlotNameForm(VersionedForm):
    full_name = forms.CharField(label=gettext_lazy("全称"), max_length=FULL_NAME)
    short_name = forms.CharField(label=gettext_lazy("规范简称"), max_length=SHORT_NAME)
    basis = forms.CharField(
        label=gettext_lazy("依据"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("名单出自哪份文件"),
    )


class SlotIdentifyForm(VersionedForm):
    unit = UnitField(
        label=gettext_lazy("已有单位"), help_text=gettext_lazy("写单位代码、全称或简称")
    )
    on = DayField(label=gettext_lazy("日期"), widget=day_input())

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].widget.attrs["list"] = "units"
        self.fields["unit"].units = units.filter(is_slot=False)  # type: ignore[attr-defined]


class SucceedForm(VersionedForm):
    """One successor at a time; either a body that is there, or one that is founded that day."""

    kind = forms.ChoiceField(
        label=gettext_lazy("方式"),
        choices=[(kind.value, SuccessionKind(kind).label) for kind in KINDS],
        widget=forms.RadioSelect,
    )
    successor = UnitField(
        label=gettext_lazy("承接单位"),
        required=False,
        help_text=gettext_lazy("已在系统里的，写单位代码、全称或简称；新设的，留空，填下面两项"),
    )
    full_name = forms.CharField(
        label=gettext_lazy("新设单位全称"), max_length=FULL_NAME, required=False
    )
    short_name = forms.CharField(
        label=gettext_lazy("新设单位规范简称"), max_length=SHORT_NAME, required=False
    )
    on = DayField(
        label=gettext_lazy("承接日期"),
        widget=day_input(),
        help_text=gettext_lazy("原单位到前一天为止"),
    )
    continues = forms.BooleanField(
        label=gettext_lazy("承接单位同时接续参加试点（原单位的参与到前一天为止）"), required=False
    )
    note = forms.CharField(label=gettext_lazy("说明"), max_length=300, required=False)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].widget.attrs["list"] = "units"
        self.fields["successor"].units = units.filter(is_slot=False)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "successor" in self.errors:
            return values
        new = [values.get("full_name"), values.get("short_name")]
        if values.get("successor") and any(new):
            self.add_error("full_name", _("承接单位和新设单位只填一处"))
        elif not values.get("successor") and not all(new):
            self.add_error("successor", _("填写“承接单位”，或填写新设单位的全称和简称"))
        return values


class OnceForm(Form):
    """Carries a key of its own, so that a form sent twice works once."""

    once = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["once"].initial = new_key


def new_key() -> str:
    return secrets.token_urlsafe(16)
