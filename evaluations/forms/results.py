"""Other weights for a round that is past."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.forms import Form

from ..criteria import said
from ..models import Indicator
from ..queries.checking import sum_words
from .schemes import PointsField


class WhatIfForm(Form):
    """A full mark for each first-level indicator; together they make the full mark."""

    def __init__(
        self, *args: Any, roots: Iterable[Indicator], full: Decimal, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.roots, self.full = list(roots), full
        for row in self.roots:
            self.fields[f"w-{row.key}"] = PointsField(label=row.name, initial=row.weight)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        weights = [given.get(f"w-{row.key}") for row in self.roots]
        if None not in weights and sum(weight for weight in weights if weight) != self.full:
            facts = {"words": sum_words(weights, self.full), "full": said(self.full)}
            raise ValidationError(_("一级指标%(words)s，应为%(full)s。") % facts)
        return given

    def weights(self) -> dict[str, Decimal]:
        return {row.key: self.cleaned_data[f"w-{row.key}"] for row in self.roots}
