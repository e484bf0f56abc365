"""What the one who enters a hand-over writes down."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duties.forms import LimitedText, PastDay
from pilots.forms import OnceForm, VersionedForm

from ..choices import Ending
from ..models import Appointment
from ..services import Departure, Paper
from .teams import PersonField

LATER = "later"


class HandoverForm(VersionedForm, OnceForm):
    """Last day, who takes over, what to know; and where the leaver holds a post that may end with it,
    why and by which document. `people` may take over."""

    on = PastDay(
        label=gettext_lazy("最后一天"),
        help_text=gettext_lazy("权限不等到这一天结束，办理后当场终止"),
    )
    taker = PersonField(
        label=gettext_lazy("接收人"), required=False, empty_label=gettext_lazy("暂无接任者")
    )
    note = LimitedText(
        label=gettext_lazy("说明"),
        required=False,
        help_text=gettext_lazy("接收人要知道的，例如台账在哪里、谁在等答复"),
    )
    ending = forms.ChoiceField(
        label=gettext_lazy("离任方式"),
        choices=[*Ending.choices, (LATER, gettext_lazy("岗位另行登记免职，这里只交接工作"))],
        widget=forms.RadioSelect,
    )
    ending_number = forms.CharField(
        label=gettext_lazy("免职文号"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("例如“深公字〔2022〕3号”，没有文号的不填"),
    )
    ending_signed_on = PastDay(label=gettext_lazy("免职日期"), required=False)

    def __init__(
        self, *args: Any, people: Any, posts: Collection[Appointment], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["taker"].queryset = people  # type: ignore[attr-defined]
        if not posts:
            for name in ("ending", "ending_number", "ending_signed_on"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        paper = values.get("ending_number") or values.get("ending_signed_on")
        if values.get("ending") == LATER and paper:
            self.add_error("ending", _("填了免职文号或日期的，选择离任方式"))
        return values

    def departure(self) -> Departure | None:
        """How the posts end; None when they do not end with this."""
        values = self.cleaned_data
        if values.get("ending", LATER) == LATER:
            return None
        paper = Paper(number=values["ending_number"], signed_on=values["ending_signed_on"])
        return Departure(values["on"], values["ending"], paper, values["note"][:300])
