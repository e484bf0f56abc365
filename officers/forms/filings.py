"""What people write about filings: at the unit, and at the desk."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from core.forms import Form
from core.uploads import KeptFileMixin, UploadField
from duties.forms import LimitedText, PastDay

from ..choices import FilingKind
from ..models import PostRule
from ..services import Acceptance, Letter

NOTE, NUMBER = 300, 60

# What is usually missing; the keys stay in addresses and tests, the words go to the unit.
COMMON = {
    "scan": gettext_lazy("缺盖章文件的扫描件"),
    "unclear": gettext_lazy("扫描件不清楚或不完整"),
    "number": gettext_lazy("文号与扫描件不一致"),
}
REASONS: dict[str, dict[str, Any]] = {
    FilingKind.APPOINTMENT: {
        **COMMON,
        "name": gettext_lazy("姓名、职务与任命文件不一致"),
        "since": gettext_lazy("任职起始日期与任命文件不一致"),
        "rank": gettext_lazy("与任职条件不符，没有写明原因"),
    },
    FilingKind.REMOVAL: {
        **COMMON,
        "name": gettext_lazy("姓名、职务与免职文件不一致"),
        "until": gettext_lazy("离任日期与免职文件不一致"),
    },
    FilingKind.PLAN: {
        **COMMON,
        "body": gettext_lazy("缺方案正文"),
        "office": gettext_lazy("方案没有写明工作机构和人员"),
        "schedule": gettext_lazy("方案没有写明任务分工和时间安排"),
    },
}
NOTHING_SAID = gettext_lazy("勾选补正事项，或写明要补正什么")


class AcceptForm(Form):
    """准予备案: everything is filled in, one click will do."""

    receipt_number = forms.CharField(
        label=gettext_lazy("备案编号"),
        max_length=NUMBER,
        help_text=gettext_lazy("已填件号，本机关另有编号的改成那个。"),
    )
    accepted_on = PastDay(label=gettext_lazy("备案日期"))


class ReturnForm(Form):
    """退回补正: what is usually missing to tick, the rest in words."""

    reasons = forms.MultipleChoiceField(
        label=gettext_lazy("补正事项"), required=False, widget=forms.CheckboxSelectMultiple
    )
    text = LimitedText(
        label=gettext_lazy("具体要求"),
        required=False,
        limit=NOTE,
        rows=2,
        help_text=gettext_lazy("单位会看到。"),
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = REASONS[kind]
        self.fields["reasons"].choices = list(self.words.items())  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors and not found["reasons"] and not found["text"]:
            self.add_error("reasons", NOTHING_SAID)
        return found

    def reason(self) -> str:
        """「缺盖章文件的扫描件；文号与扫描件不一致。第2页补签字」, in Chinese whoever reads English."""
        with override(settings.LANGUAGE_CODE):
            ticked = "；".join(str(self.words[key]) for key in self.cleaned_data["reasons"])
        return "。".join(part for part in (ticked, self.cleaned_data["text"]) if part)


class ReopenForm(Form):
    reason = LimitedText(
        label=gettext_lazy("撤销备案的原因"),
        limit=NOTE,
        rows=2,
        help_text=gettext_lazy("单位会看到。"),
    )


class WithdrawForm(Form):
    reason = LimitedText(label=gettext_lazy("撤回的原因"), limit=NOTE, rows=2)


class SentForm(KeptFileMixin, Form):
    """What every report carries: 文号, a scan, a note."""

    document_number = forms.CharField(
        label=gettext_lazy("文号"),
        required=False,
        max_length=NUMBER,
        help_text=gettext_lazy("例如“深公〔2021〕12号”，没有文号的不填。"),
    )
    note = LimitedText(label=gettext_lazy("说明"), required=False, limit=NOTE, rows=2)

    field_order = ("document_number", "file", "note")

    def letter(self) -> Letter:
        """What was handed in; after `keep()`."""
        facts = self.cleaned_data
        return Letter(
            document_number=facts["document_number"],
            note=self.said(),
            file=self.stored,
            file_name=self.stored_name,
            reported_on=facts.get("reported_on"),
        )

    def said(self) -> str:
        return self.cleaned_data["note"]


class ResubmitForm(SentForm):
    """补正后再报: a scan that is not sent anew stays."""


class LetterForm(SentForm):
    """来文登记: what came to the desk on paper, and whether it is on record at once."""

    sender = forms.CharField(label=gettext_lazy("来文单位"), max_length=120)
    reported_on = PastDay(
        label=gettext_lazy("来文日期"), help_text=gettext_lazy("按时与否看这一天。")
    )
    accept = forms.BooleanField(label=gettext_lazy("核对无误，同时准予备案"), required=False)
    receipt_number = forms.CharField(
        label=gettext_lazy("备案编号"),
        required=False,
        max_length=NUMBER,
        help_text=gettext_lazy("同时准予备案的填；不填就用件号。"),
    )
    accepted_on = PastDay(label=gettext_lazy("备案日期"), required=False)
    field_order = (
        "title", "sender", "document_number", "reported_on", "file", "note",
        "accept", "receipt_number", "accepted_on",
    )  # fmt: skip

    def said(self) -> str:
        """「来文：市公安局。原件已存档」"""
        with override(settings.LANGUAGE_CODE):
            sender = _("来文：%(letter)s") % {"letter": self.cleaned_data["sender"]}
        return "。".join(part for part in (sender, self.cleaned_data["note"]) if part)

    def acceptance(self) -> Acceptance | None:
        facts = self.cleaned_data
        if not facts["accept"]:
            return None
        return Acceptance(receipt_number=facts["receipt_number"], on=facts["accepted_on"])


class PlanMixin(Form):
    title = forms.CharField(label=gettext_lazy("方案名称"), max_length=200)


class PlanForm(PlanMixin, SentForm):
    """报送实施方案: by the unit, with the plan itself."""

    field_order = ("title", "document_number", "file", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].label = _("实施方案")
        self.fields["file"].required = not self.data.get(self.add_prefix("kept"))

    def keep(self, user: Any) -> None:
        super().keep(user)
        if self.is_bound and self.stored is None and "file" not in self.errors:
            self.add_error("file", _("选择“实施方案”"))


class PlanLetterForm(PlanMixin, LetterForm):
    """A plan that came on paper."""


class OwnDaysForm(Form):
    """市政数局期望 of one rule: only what the document leaves open is asked."""

    vacancy_days = forms.IntegerField(
        label=gettext_lazy("期望多少天内补缺"),
        required=False,
        help_text=gettext_lazy("自然日，从空缺的第一天起算；不填就没有期望。"),
    )
    filing_days = forms.IntegerField(
        label=gettext_lazy("期望多少天内备案"),
        required=False,
        help_text=gettext_lazy("自然日，从任命日期起算；不填就没有期望。"),
    )
    basis = LimitedText(
        label=gettext_lazy("依据"),
        required=False,
        limit=200,
        rows=2,
        help_text=gettext_lazy("例如会议纪要、通知文号。单位会看到。"),
    )

    def __init__(self, *args: Any, rule: PostRule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule = rule
        if rule.vacancy_days is not None or rule.is_encouraged:
            del self.fields["vacancy_days"]
        if rule.filing_days is not None or not rule.needs_filing:
            del self.fields["filing_days"]


class DirectoryForm(Form):
    basis = LimitedText(label=gettext_lazy("依据"), limit=200, rows=2)

    def __init__(self, *args: Any, is_open: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["basis"].label = _("停止公开的原因") if is_open else _("公开的依据")
        if not is_open:
            self.fields["basis"].help_text = _("写明谁在什么时候决定公开，例如会议纪要、批示。")


class TemplateForm(Form):
    file = UploadField(
        label=gettext_lazy("模板文件"), help_text=gettext_lazy("Word文档（docx），不超过20MB")
    )
