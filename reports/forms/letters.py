"""来文登记: what the bureau's officer says of a letter before its text is typed in."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import document_numbers
from core.forms import Form, PastDay
from core.uploads import KeptFileMixin, Received

from ..services import Letter


class LetterForm(KeptFileMixin, Form):
    """The scan is compulsory: it is the evidence of what was typed."""

    came_from = forms.CharField(label=gettext_lazy("来文单位"), max_length=100)
    number = forms.CharField(
        label=gettext_lazy("来文文号"), max_length=document_numbers.LONGEST, required=False
    )
    came_on = PastDay(
        label=gettext_lazy("来文日期"), help_text=gettext_lazy("是否按时报送按这一天计算。")
    )
    field_order = ("came_from", "number", "came_on", "file", "kept")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = _("来文扫描件")
        self.fields["file"].required = not self.data.get(self.add_prefix("kept"))

    def keep(self, user: Any) -> None:
        super().keep(user)
        if self.is_bound and self.stored is None and "file" not in self.errors:
            self.add_error("file", _("选择“%(label)s”") % {"label": self.fields["file"].label})

    def letter(self) -> Letter:
        facts = self.cleaned_data
        return Letter(facts["came_from"], facts["came_on"], facts["number"])

    def received(self) -> Received:
        """The scan; after `keep`."""
        if self.stored is None:
            raise ValueError("A letter without its scan has not been kept.")
        return Received(self.stored, self.stored_name)
