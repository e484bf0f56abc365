"""A round: what it is about, who reviews, whose CDOs it evaluates, its steps."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from core.forms import DayField, Form
from duties.forms import LimitedText
from pilots.forms import VersionedForm, day_input
from pilots.models import Enrolment

from ..models import Round, SchemeVersion
from ..services import Plan

NAMES = ("title", "starts_on", "ends_on", "self_by", "unit_by", "review_by", "note")


class PlanForm(Form):
    """What a round is about and by when each step is asked."""

    title = forms.CharField(
        label=_("名称"), max_length=120, help_text=_("例如“2021—2022年首席数据官履职评价”")
    )
    starts_on = DayField(label=_("评价期间自"), widget=day_input())
    ends_on = DayField(label=_("评价期间至"), widget=day_input())
    self_by = DayField(label=_("自评截止"), widget=day_input())
    unit_by = DayField(label=_("本单位评价截止"), widget=day_input())
    review_by = DayField(label=_("复核截止"), widget=day_input())
    note = LimitedText(label=_("说明"), required=False, rows=2)

    def plan(self) -> Plan:
        return Plan(**{name: self.cleaned_data[name] for name in NAMES})

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        for first, then, text in (
            ("starts_on", "ends_on", _now("“评价期间至”不能早于%(day)s")),
            ("self_by", "unit_by", _now("“本单位评价截止”不能早于自评截止的%(day)s")),
            ("unit_by", "review_by", _now("“复核截止”不能早于本单位评价截止的%(day)s")),
        ):
            if given.get(first) and given.get(then) and given[then] < given[first]:
                self.add_error(then, ValidationError(text % {"day": given[first]}))
        return given


class NewRoundForm(PlanForm):
    scheme = forms.ChoiceField(label=_("指标体系"), widget=forms.RadioSelect)
    field_order = ("title", "scheme", *NAMES[1:])

    def __init__(self, *args: Any, versions: Iterable[SchemeVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.versions = {str(row.pk): row for row in versions}
        self.fields["scheme"].choices = [  # type: ignore[attr-defined]
            (key, str(row)) for key, row in self.versions.items()
        ]

    def version(self) -> SchemeVersion:
        return self.versions[self.cleaned_data["scheme"]]


class ChangeRoundForm(VersionedForm, PlanForm):
    def __init__(self, *args: Any, row: Round, **kwargs: Any) -> None:
        initial = {name: getattr(row, name) for name in (*NAMES, "version")}
        super().__init__(*args, initial=initial, **kwargs)


class StepForm(VersionedForm):
    """A step of a round that needs no word."""


class StepReasonForm(VersionedForm):
    reason = LimitedText(label=_("原因"), rows=2)


class ReviewersForm(Form):
    """Who reviews every sheet that nobody was given yet; or (with `hands`) one sheet."""

    def __init__(
        self, *args: Any, hands: dict[str, Any], users: Iterable[Any], required: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.users = {str(row.pk): row for row in users}
        options = [(key, str(row)) for key, row in self.users.items()]
        for hand, label in hands.items():
            self.fields[hand] = forms.ChoiceField(
                label=label,
                choices=[("", _("（不改）") if not required else _("选择")), *options],
                required=required,
            )

    def chosen(self) -> dict[str, Any]:
        found = {hand: self.cleaned_data.get(hand, "") for hand in self.fields}
        return {hand: self.users[key] for hand, key in found.items() if key}


class SubjectForm(Form):
    """One more body."""

    enrolment = forms.ChoiceField(label=_("单位"))

    def __init__(self, *args: Any, rows: Iterable[Enrolment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {str(row.pk): row for row in rows}
        self.fields["enrolment"].choices = [  # type: ignore[attr-defined]
            ("", _("选择")),
            *((key, row.unit.display_name) for key, row in self.rows.items()),
        ]

    def enrolment_row(self) -> Enrolment:
        return self.rows[self.cleaned_data["enrolment"]]


class DropForm(VersionedForm):
    reason = LimitedText(label=_("移出的原因"), limit=200, rows=2)
