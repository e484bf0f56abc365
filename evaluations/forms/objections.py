"""复核申请: raising one, answering it; a bonus proposal; files beside a cell."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form, LimitedText
from core.uploads import UploadField
from pilots.forms import VersionedForm
from reports.models import Evidence

from ..choices import ObjectionMove
from ..models.scores import REASON
from .schemes import PointsField


class FilesField(forms.MultipleChoiceField):
    """Files of the unit's library, ticked; the clean value are their rows."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.CheckboxSelectMultiple, **kwargs)
        self.rows: dict[str, Evidence] = {}

    def offer(self, rows: Iterable[Evidence]) -> None:
        self.rows = {str(row.pk): row for row in rows}
        self.choices = [(pk, row.name) for pk, row in self.rows.items()]

    def clean(self, value: Any) -> Any:
        return [self.rows[pk] for pk in super().clean(value)]


class FilesForm(Form):
    """Files beside a cell: chosen ones, and a new one."""

    files = FilesField(label=_("引用以前的材料"))
    file = UploadField(label=_("上传新的材料"), required=False)

    def __init__(self, *args: Any, library: Iterable[Evidence], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"].offer(library)  # type: ignore[attr-defined]
        if not self.fields["files"].choices:  # type: ignore[attr-defined]
            del self.fields["files"]

    def chosen(self) -> list[Evidence]:
        return self.cleaned_data.get("files", [])


class ObjectionForm(FilesForm):
    reason = LimitedText(
        label=_("申请理由"), limit=REASON, rows=4, help_text=_("写明哪里与事实不符，依据是什么")
    )
    points = PointsField(
        label=_("申请得分"), required=False, help_text=_("认为应得几分，说不准的不填")
    )
    field_order = ("reason", "points", "files", "file")


class DecisionForm(VersionedForm):
    """The answer: upheld, in part, or refused."""

    move = forms.ChoiceField(
        label=_("处理结果"), widget=forms.RadioSelect,
        choices=[
            (each.value, each.label) for each in ObjectionMove if each != ObjectionMove.WITHDRAW
        ],
    )  # fmt: skip
    points = PointsField(
        label=_("复核后的得分"),
        required=False,
        help_text=_("不采纳的不填；采纳而不填的，按申请得分"),
    )
    decision = LimitedText(label=_("处理意见"), limit=REASON, rows=4)


class BonusForm(Form):
    assessment = forms.CharField(
        label=_("建议加分的评估"), max_length=120, help_text=_("例如“数字政府建设绩效评估”")
    )
    proposal = forms.CharField(label=_("建议"), max_length=200, help_text=_("例如“建议加1分”"))
    reason = LimitedText(label=_("理由"), limit=REASON)
