"""Fields that several forms have."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core import document_numbers
from core.forms import Form
from core.uploads import KeptFileMixin
from pilots.forms import UnitField

from ..services import Paper

NUMBER_HELP = _("例如“深公字〔2021〕12号”，没有文号的不填")


class PaperForm(KeptFileMixin, Form):
    """The document behind an entry; `paper()` after `keep()`."""

    document_number = forms.CharField(
        label=_("文号"), required=False, max_length=document_numbers.LONGEST, help_text=NUMBER_HELP
    )

    def paper(self) -> Paper:
        number = self.cleaned_data["document_number"]
        return Paper(number, self.stored, self.stored_name)

    def facts(self) -> dict[str, Any]:
        """What goes to the service, but the paper and the keys of the form."""
        left_out = {"document_number", "file", "kept", "once"}
        return {name: value for name, value in self.cleaned_data.items() if name not in left_out}


class UnitPickForm(Form):
    """Which unit, for those who write for more than one."""

    unit = UnitField(label=_("单位"), help_text=_("写单位代码、全称或简称"))

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].widget.attrs["list"] = "units"
        self.fields["unit"].units = units.filter(is_slot=False)  # type: ignore[attr-defined]

    def units(self) -> list[Any]:
        """What the box offers while typing."""
        return self.fields["unit"].options()  # type: ignore[attr-defined]


def add_errors(form: Form, error: ValidationError) -> None:
    """Beside their fields, the others above the form."""
    found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, texts in found.items():
        form.add_error(name if name in form.fields else None, texts)
