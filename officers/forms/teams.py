"""What people write down about teams and their members."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import DayField, Form
from core.uploads import UploadField
from duties.forms import LimitedText, PastDay
from pilots.forms import OnceForm, UnitField, VersionedForm, day_input

from ..choices import EntryMode, TeamKind, TeamMode
from ..models import Person
from ..services import NewPerson, Part

NEW = gettext_lazy("不在名单里，下面登记")


class PersonField(forms.ModelChoiceField):
    """A person of the register, with the title that tells two of the same name apart."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Person.objects.none(), to_field_name="uuid", **kwargs)

    def label_from_instance(self, person: Any) -> str:
        return f"{person.name}　{person.job_title}" if person.job_title else person.name


class TeamForm(OnceForm):
    """A team, new or corrected; `people` are those who may lead it."""

    kind = forms.ChoiceField(
        label=gettext_lazy("类别"), choices=TeamKind.choices, widget=forms.RadioSelect
    )
    name = forms.CharField(
        label=gettext_lazy("名称"),
        max_length=80,
        help_text=gettext_lazy("照成立文件写，例如“市公安局首席数据官办公室”"),
    )
    starts_on = PastDay(label=gettext_lazy("成立日期"))
    document_number = forms.CharField(
        label=gettext_lazy("成立文号"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("例如“深公字〔2021〕12号”，没有文号的不填"),
    )
    modes = forms.MultipleChoiceField(
        label=gettext_lazy("组建模式"),
        choices=TeamMode.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    leader = PersonField(
        label=gettext_lazy("负责人"), required=False, empty_label=gettext_lazy("未登记")
    )
    headcount = forms.IntegerField(
        label=gettext_lazy("人数"),
        required=False,
        min_value=1,
        max_value=9999,
        error_messages={
            "min_value": gettext_lazy("“人数”要在1到9999之间"),
            "max_value": gettext_lazy("“人数”要在1到9999之间"),
        },
        help_text=gettext_lazy("成员不逐个登记时填写"),
    )
    note = LimitedText(label=gettext_lazy("职责和说明"), required=False)
    upload = UploadField(label=gettext_lazy("成立文件"), required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["leader"].queryset = people  # type: ignore[attr-defined]

    def facts(self) -> dict[str, Any]:
        """What the service takes, but the file."""
        left_out = {"upload", "once", "version"}
        return {name: value for name, value in self.cleaned_data.items() if name not in left_out}


class TeamEditForm(VersionedForm, TeamForm):
    """A correction; an end once entered is corrected here too."""

    ends_on = DayField(
        label=gettext_lazy("撤销日期"),
        widget=day_input(),
        required=False,
        help_text=gettext_lazy("清空就是恢复存续"),
    )

    def __init__(self, *args: Any, has_ended: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_ended:
            del self.fields["ends_on"]


class UnitPickForm(Form):
    """Which unit, for those who write for more than one."""

    unit = UnitField(label=gettext_lazy("单位"), help_text=gettext_lazy("写单位代码、全称或简称"))

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].widget.attrs["list"] = "units"
        self.fields["unit"].units = units.filter(is_slot=False)  # type: ignore[attr-defined]

    def units(self) -> list[Any]:
        """What the box offers while typing."""
        return self.fields["unit"].options()  # type: ignore[attr-defined]


class EndForm(VersionedForm):
    """The last day of a team, or of somebody in it."""

    on = DayField(
        label=gettext_lazy("最后一天"), widget=day_input(), help_text=gettext_lazy("包含这一天")
    )


class VoidForm(VersionedForm):
    reason = LimitedText(
        label=gettext_lazy("作废原因"),
        limit=200,
        rows=2,
        help_text=gettext_lazy("单位会看到，例如“和TD-2022-0001重复”"),
    )


class PartForm(Form):
    """What somebody does in a team."""

    entry_mode = forms.ChoiceField(
        label=gettext_lazy("进入方式"),
        choices=EntryMode.choices,
        widget=forms.RadioSelect,
        initial=EntryMode.INTERNAL,
    )
    starts_on = DayField(label=gettext_lazy("加入日期"), widget=day_input())
    duty = forms.CharField(label=gettext_lazy("分工"), max_length=80, required=False)
    expertise = forms.CharField(
        label=gettext_lazy("专业领域"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("例如“数据安全”“目录编制”"),
    )
    employer = forms.CharField(
        label=gettext_lazy("所在机构"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("购买专业服务和外聘专家必填，写服务单位或所在单位"),
    )


class MemberForm(OnceForm, PartForm):
    """Somebody of the register, or somebody new, and what he or she does."""

    person = PersonField(label=gettext_lazy("人员"), required=False, empty_label=NEW)
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=40, required=False)
    job_title = forms.CharField(label=gettext_lazy("职务"), max_length=60, required=False)
    office_phone = forms.CharField(label=gettext_lazy("办公电话"), max_length=30, required=False)
    mobile = forms.CharField(
        label=gettext_lazy("手机"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("加密保存，只显示前三位和后四位"),
    )
    field_order = (
        "person", "name", "job_title", "office_phone", "mobile", "entry_mode", "starts_on",
        "duty", "expertise", "employer",
    )  # fmt: skip

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if "person" in values and bool(values["person"]) == bool(values.get("name")):
            if values["person"]:
                self.add_error("name", _("已选了人员，就不再填写“姓名”"))
            else:
                self.add_error("person", _("选择“人员”，名单里没有的填写“姓名”"))
        return values

    def who(self) -> Person | NewPerson:
        facts = self.cleaned_data
        names = ("name", "job_title", "office_phone", "mobile")
        return facts["person"] or NewPerson(**{name: facts[name] for name in names})

    def part(self) -> Part:
        return Part(**part_facts(self.cleaned_data))


class MemberEditForm(VersionedForm, PartForm):
    """A correction; an end once entered is corrected here too."""

    ends_on = DayField(
        label=gettext_lazy("退出日期"),
        widget=day_input(),
        required=False,
        help_text=gettext_lazy("清空就是恢复在团队中"),
    )

    def __init__(self, *args: Any, has_ended: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_ended:
            del self.fields["ends_on"]


def part_facts(values: dict[str, Any]) -> dict[str, Any]:
    names: Iterable[str] = (*PartForm.base_fields, "ends_on")
    return {name: values[name] for name in names if name in values}
