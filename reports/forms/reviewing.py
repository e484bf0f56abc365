"""What a reviewer writes: a reason and a text beside each field, one note for the whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import Form, LimitedText

from ..choices import ReturnReason
from ..services import Remark


@dataclass(frozen=True)
class Point:
    """A place where a remark may be written: the section's key and the field, '' for the whole."""

    section: str
    field: str
    label: str


class ReviewForm(Form):
    """`points` in the order of the page; `reason-<n>` and `text-<n>` belong to the n-th."""

    note = LimitedText(
        label=gettext_lazy("审核意见"),
        required=False,
        rows=3,
        help_text=gettext_lazy("对整份报告说的话，单位会看到。"),
    )

    def __init__(self, *args: Any, points: Sequence[Point], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.points = list(points)
        for place, point in enumerate(self.points):
            words = {"where": point.label}
            reason = forms.ChoiceField(
                label=_("退回原因"),
                required=False,
                choices=[("", _("不退回这一栏")), *ReturnReason.choices],
                error_messages={
                    "invalid_choice": _("“%(where)s”的退回原因不在可选范围内，重新选择") % words
                },
            )
            text = LimitedText(label=_("%(where)s要改什么") % words, required=False, rows=2)
            self.fields |= {f"reason-{place}": reason, f"text-{place}": text}

    def at(self, section: str, field: str) -> dict[str, Any] | None:
        """The fields beside one place: {"reason", "text", "is_open", "label"}."""
        for place, point in enumerate(self.points):
            if (point.section, point.field) == (section, field):
                reason, text = self[f"reason-{place}"], self[f"text-{place}"]
                is_open = bool(reason.value() or text.value() or reason.errors or text.errors)
                return {"reason": reason, "text": text, "is_open": is_open, "label": point.label}
        return None

    def remarks(self) -> list[Remark]:
        """What was written, in the order of the page."""
        return [remark for _place, remark in self._written()]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        for place, remark in self._written():
            if remark.reason == ReturnReason.OTHER and not remark.text:
                words = {"where": self.points[place].label}
                text = _("“%(where)s”选了“其他”，写明要改什么") % words
                self.add_error(f"text-{place}", ValidationError(text, code="required"))
        return found

    def _written(self) -> list[tuple[int, Remark]]:
        found = []
        for place, point in enumerate(self.points):
            reason = self.cleaned_data.get(f"reason-{place}") or ""
            text = (self.cleaned_data.get(f"text-{place}") or "").strip()
            if reason or text:
                found.append((place, Remark(point.section, point.field, reason, text)))
        return found
