"""The forms of signing: agree, send back, take back, enter what was signed on paper."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import Form, LimitedText, PastDay, word_errors
from core.uploads import KeptFileMixin

from ..models import ApprovalStep
from ..services import PaperSignature

NAME = 60


class AgreeForm(Form):
    remark = LimitedText(
        label=gettext_lazy("审签意见"),
        required=False,
        rows=2,
        help_text=gettext_lazy("和签名一起留在审签记录里。"),
    )


class SendBackForm(Form):
    reason = LimitedText(
        label=gettext_lazy("要改什么"),
        help_text=gettext_lazy("拟稿人会看到。"),
        error_messages={"required": gettext_lazy("写明要改什么，拟稿人会看到")},
    )


class RecallForm(Form):
    """撤回: nothing is asked."""


class PaperForm(KeptFileMixin, Form):
    """登记纸质审签: for each step that waits (`waiting`, in their order) who signed and when, and one
    scan. Steps that were not yet signed stay empty; none may be left out before one that was."""

    def __init__(self, *args: Any, waiting: Sequence[ApprovalStep], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waiting = list(waiting)
        for place, step in enumerate(self.waiting):
            self._ask(place, step)
        word_errors(self.fields)
        self.fields["file"].label = _("签好的审签单扫描件")
        self.fields["file"].required = not self.data.get(self.add_prefix("kept"))

    def _ask(self, place: int, step: ApprovalStep) -> None:
        words = {"step": step.get_kind_display()}
        name = forms.CharField(
            label=_("%(step)s：签署人") % words, max_length=NAME, required=place == 0
        )
        on = PastDay(label=_("%(step)s：签署日期") % words, required=place == 0)
        remark = LimitedText(
            label=_("%(step)s：意见") % words, required=False, widget=forms.TextInput()
        )
        # What comes after the first step may be empty as a whole: it is not marked （选填）.
        for field in (name, on):
            field.is_conditional = True  # type: ignore[attr-defined]
        if step.signer is not None:
            name.initial = str(step.signer)[:NAME]
        self.fields |= {f"name-{place}": name, f"on-{place}": on, f"remark-{place}": remark}

    def rows(self) -> list[dict[str, Any]]:
        """The fields of each step: [{"step", "name", "on", "remark"}]."""
        return [
            {"step": step, **{key: self[f"{key}-{place}"] for key in ("name", "on", "remark")}}
            for place, step in enumerate(self.waiting)
        ]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        last = max((place for place in range(len(self.waiting)) if self._is_told(place)), default=0)
        for place in range(1, last + 1):
            self._ask_for_both(place)
        return found

    def _is_told(self, place: int) -> bool:
        """A day is what tells a signature; a name may stand there from the beginning."""
        if f"on-{place}" in self.errors:
            return True
        name, on = (self.cleaned_data.get(f"{key}-{place}") for key in ("name", "on"))
        return bool(on or (name and name != self.fields[f"name-{place}"].initial))

    def _ask_for_both(self, place: int) -> None:
        for key in ("name", "on"):
            field = f"{key}-{place}"
            if not self.cleaned_data.get(field) and field not in self.errors:
                fault = _("填写“%(label)s”") % {"label": self.fields[field].label}
                self.add_error(field, ValidationError(fault, code="required"))

    def keep(self, user: Any) -> None:
        super().keep(user)
        if self.is_bound and self.stored is None and "file" not in self.errors:
            self.add_error("file", _("选择“%(label)s”") % {"label": self.fields["file"].label})

    def signatures(self) -> list[PaperSignature]:
        """What was signed, in the order of the steps."""
        facts = self.cleaned_data
        return [
            PaperSignature(facts[f"name-{n}"], facts[f"on-{n}"], facts[f"remark-{n}"])
            for n in range(len(self.waiting))
            if facts[f"on-{n}"]
        ]
