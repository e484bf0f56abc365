"""报送登记: by which document the overall report went out."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock, document_numbers
from core.forms import DayField
from core.uploads import KeptFileMixin
from pilots.forms import VersionedForm, day_input
from pilots.models import Unit

from ..services import Sending


class SendingForm(KeptFileMixin, VersionedForm):
    """`units` are the bodies above the programme."""

    receiver = forms.ChoiceField(label=gettext_lazy("报送对象"))
    signed_by_name = forms.CharField(label=gettext_lazy("签发人"), required=False)
    document_number = forms.CharField(
        label=gettext_lazy("发文字号"), required=False, help_text=document_numbers.HOW
    )
    sent_on = DayField(label=gettext_lazy("报送日期"), widget=day_input())

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {row.code: row for row in units}
        self.fields["receiver"].choices = [  # type: ignore[attr-defined]
            (code, row.full_name) for code, row in self.units.items()
        ]
        self.fields["file"].label = _("正式文件扫描件")
        self.initial.setdefault("sent_on", clock.today())

    def sending(self) -> Sending:
        given = self.cleaned_data
        return Sending(
            signed_by_name=given["signed_by_name"],
            document_number=given["document_number"],
            sent_on=given["sent_on"],
            receiver=self.units[given["receiver"]],
            scan=self.stored,
            scan_name=self.stored_name,
        )
