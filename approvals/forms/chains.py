"""The forms of a chain, and of a lent signature."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core.forms import DayField, Form, word_errors
from pilots.models import Unit

from ..choices import BUREAU_STEPS, MOST_STEPS, UNIT_STEPS, StepKind
from ..queries import Planned, borrowers, people_of
from ..services import ChainChoice


class ChainForm(Form):
    """设定审签流程: up to three steps, each with the person it is reserved for, or nobody."""

    def __init__(
        self, data: Any = None, *, unit: Unit, is_bureau: bool, chosen: list[Planned], **more: Any
    ) -> None:
        super().__init__(data, **more)
        kinds = BUREAU_STEPS if is_bureau else UNIT_STEPS
        people = people_of(unit)
        for place in range(MOST_STEPS):
            now = chosen[place] if place < len(chosen) else None
            self._ask(place, kinds, people, now)
        word_errors(self.fields)

    def _ask(self, place: int, kinds: tuple[StepKind, ...], people: Any, now: Any) -> None:
        words = {"place": place + 1}
        kind = forms.ChoiceField(
            label=_("第%(place)s步") % words,
            choices=[("", _("不设")), *((kind.value, kind.label) for kind in kinds)],
            required=False,
            initial=now.kind if now else "",
        )
        signer = forms.ModelChoiceField(
            people,
            label=_("第%(place)s步由谁签") % words,
            required=False,
            empty_label=_("不指定"),
            initial=now.signer if now else None,
        )
        for field in (kind, signer):
            field.is_conditional = True  # type: ignore[attr-defined]
        self.fields |= {f"kind-{place}": kind, f"signer-{place}": signer}

    def rows(self) -> list[dict[str, Any]]:
        """The fields of each step: [{"kind", "signer"}]."""
        return [
            {"kind": self[f"kind-{place}"], "signer": self[f"signer-{place}"]}
            for place in range(MOST_STEPS)
        ]

    def choices(self) -> list[ChainChoice]:
        """The steps that were chosen; what was left out in between closes up."""
        facts = self.cleaned_data
        return [
            ChainChoice(facts[f"kind-{place}"], facts[f"signer-{place}"])
            for place in range(MOST_STEPS)
            if facts[f"kind-{place}"]
        ]


class Day(DayField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), **kwargs)


class LendForm(Form):
    """授权代签: to whom, from which day to which."""

    to = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("授权给"),
        empty_label=gettext_lazy("选择"),
        help_text=gettext_lazy("本单位的经办人。"),
    )
    starts_on = Day(label=gettext_lazy("起始日期"))
    ends_on = Day(label=gettext_lazy("终止日期"), help_text=gettext_lazy("到这一天24时为止。"))

    def __init__(self, data: Any = None, *, unit: Unit, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["to"].queryset = borrowers(unit)  # type: ignore[attr-defined]
