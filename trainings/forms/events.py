"""An event: what, when, by whom, for whom; and the short forms of its moves."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DayField
from core.uploads import KeptFileMixin, UploadField
from duties.forms import LimitedText
from duties.order_forms import DocumentNumber
from pilots.forms import OnceForm, VersionedForm, day_input
from pilots.models import Enrolment

from ..choices import PURPOSES, Answer, EventForm, EventKind, FileKind
from ..models import Event
from ..models.events import MINUTES


def kinds() -> list[tuple[str, str]]:
    """Each kind with what it is for, in the reader's language."""
    words = _("%(label)s：%(text)s")
    return [
        (kind.value, words % {"label": kind.label, "text": PURPOSES[kind]}) for kind in EventKind
    ]


NAMES = (
    "kind", "title", "starts_on", "ends_on", "begins_at", "form", "hours", "place", "audience",
    "expected", "content", "document_number", "reply_by_on", "note",
)  # fmt: skip
HOURS_FAULT = _("“学时”写成4或2.5这样的数，大于0，最多一位小数")


class PartiesField(forms.MultipleChoiceField):
    """Bodies of the programme, ticked; the clean value are their enrolments."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.CheckboxSelectMultiple, **kwargs)
        self.parties: dict[str, Enrolment] = {}

    def offer(self, rows: Iterable[Enrolment]) -> None:
        self.parties = {str(row.pk): row for row in rows}
        self.choices = [(pk, row.unit.display_name) for pk, row in self.parties.items()]

    def clean(self, value: Any) -> Any:
        return [self.parties[pk] for pk in super().clean(value)]


class EventFacts(forms.Form):
    """What is written about an event."""

    kind = forms.ChoiceField(
        label=_("类别"), choices=kinds, widget=forms.RadioSelect, initial=EventKind.TRAINING
    )
    title = forms.CharField(
        label=_("名称"), max_length=120, help_text=_("例如“公共数据目录编制业务培训”")
    )
    organisers = PartiesField(
        label=_("举办单位"), help_text=_("联合举办的，勾选全部举办单位，各计1次")
    )
    starts_on = DayField(label=_("开始日期"), widget=day_input())
    ends_on = DayField(
        label=_("结束日期"), widget=day_input(), required=False, help_text=_("只有一天的不填")
    )
    begins_at = forms.TimeField(
        label=_("开始时间"), required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M"),
        error_messages={"invalid": _("“开始时间”写成09:30这样")},
    )  # fmt: skip
    form = forms.ChoiceField(
        label=_("形式"), choices=EventForm.choices, widget=forms.RadioSelect,
        initial=EventForm.OFFLINE,
    )  # fmt: skip
    hours = forms.DecimalField(
        label=_("学时"), required=False, min_value=0, max_digits=4, decimal_places=1,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits"),
            HOURS_FAULT,
        ),
        help_text=_("按培训安排填写，系统不统计个人学习时长"),
    )  # fmt: skip
    place = forms.CharField(label=_("地点"), max_length=120, required=False)
    audience = forms.CharField(
        label=_("参加对象"), max_length=200, required=False, help_text=_("例如“各处室业务人员”")
    )
    expected = forms.IntegerField(
        label=_("应参加人数"), required=False, min_value=1, max_value=1_000_000,
        error_messages={
            "min_value": _("“应参加人数”要在1到1000000之间"),
            "max_value": _("“应参加人数”要在1到1000000之间"),
        },
    )  # fmt: skip
    content = LimitedText(label=_("内容"), required=False, limit=2000)
    participants = PartiesField(
        label=_("参加单位"),
        required=False,
        help_text=_("请其他单位参加的勾选，勾选的单位看得到并可送回执"),
    )
    reply_by_on = DayField(label=_("回执截止日期"), widget=day_input(), required=False)
    document_number = DocumentNumber(label=_("通知文号"), help_text=_("没有文号的不填"))
    note = LimitedText(label=_("说明"), required=False, rows=2)

    def __init__(self, *args: Any, parties: Iterable[Enrolment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = list(parties)
        for name in ("organisers", "participants"):
            self.fields[name].offer(rows)  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        given = {name: self.cleaned_data[name] for name in NAMES}
        return given | {name: self.cleaned_data[name] for name in ("organisers", "participants")}


class NewEventForm(KeptFileMixin, OnceForm, EventFacts):
    """With what shows that it was held, where it is entered afterwards."""

    is_held = forms.BooleanField(
        label=_("已经举办，现在登记"), required=False,
        help_text=_("上传签到表或材料后计入任务，以后再传也可以"),
    )  # fmt: skip
    file = UploadField(label=_("签到表或材料"), required=False)
    field_order = (*NAMES[:2], "organisers", *NAMES[2:11], "participants", *NAMES[11:])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([*self.field_order, "is_held", "file"])


class MendEventForm(VersionedForm, EventFacts):
    field_order = NewEventForm.field_order

    def __init__(self, *args: Any, row: Event, **kwargs: Any) -> None:
        initial: dict[str, Any] = {name: getattr(row, name) for name in NAMES}
        initial["version"] = row.version
        for name in ("organisers", "participants"):
            pks = getattr(row, name).values_list("enrolment_id", flat=True)
            initial[name] = [str(pk) for pk in pks]
        super().__init__(*args, **{"initial": initial, **kwargs})


class ReasonForm(VersionedForm):
    reason = LimitedText(label=_("原因"), limit=200, rows=2)


class NothingForm(VersionedForm):
    """A move that needs no word."""


class FileForm(VersionedForm, KeptFileMixin):
    kind = forms.ChoiceField(
        label=_("材料类别"), choices=FileKind.choices, widget=forms.RadioSelect,
        initial=FileKind.SIGN_IN, help_text=_("签到表、材料、纪要都可以作为举办的佐证，不要求照片"),
    )  # fmt: skip
    file = UploadField(label=_("文件"))
    field_order = ("kind", "file")

    def clean(self) -> dict[str, Any]:
        # A file that was sent with an earlier try is there still.
        if self.data.get(self.add_prefix("kept")):
            self.errors.pop("file", None)
        return super().clean() or self.cleaned_data


class AnswerForm(VersionedForm):
    answer = forms.ChoiceField(label=_("回执"), choices=Answer.choices, widget=forms.RadioSelect)
    headcount = forms.IntegerField(
        label=_("参加人数"), required=False, min_value=1, max_value=9999,
        error_messages={
            "min_value": _("“参加人数”要在1到9999之间"),
            "max_value": _("“参加人数”要在1到9999之间"),
        },
    )  # fmt: skip
    people = forms.CharField(
        label=_("参加人员"), required=False, max_length=300, help_text=_("姓名和职务，用顿号隔开")
    )
    note = forms.CharField(
        label=_("说明"), required=False, max_length=200, help_text=_("不参加的写明原因")
    )


class MinutesForm(VersionedForm):
    text = LimitedText(label=_("纪要"), limit=MINUTES, rows=14, required=False)


class ResolutionForm(VersionedForm):
    text = LimitedText(label=_("议定事项"), rows=3)
    leads = PartiesField(label=_("责任单位"), required=False)
    due_on = DayField(label=_("完成期限"), widget=day_input(), required=False)

    def __init__(self, *args: Any, parties: Iterable[Enrolment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leads"].offer(parties)  # type: ignore[attr-defined]
