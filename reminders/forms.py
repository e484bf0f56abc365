"""What people tell the operators, and what they answer."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import Form

LONGEST = 2000  # as reminders.services.inbox has it


class LongText(forms.CharField):
    """A text of at most 2000 characters, with a counter and a fault that says how many too many."""

    def __init__(self, *, rows: int = 5, **kwargs: object) -> None:
        kwargs["widget"] = forms.Textarea({"rows": rows, "data-limit": LONGEST})
        super().__init__(**kwargs)  # type: ignore[arg-type]

    def validate(self, value: str) -> None:
        super().validate(value)
        over = len(value) - LONGEST
        if over > 0:
            facts = {"label": self.label, "over": over, "limit": LONGEST}
            message = _("“%(label)s”超出上限%(over)s字，压缩到%(limit)s字以内")
            raise forms.ValidationError(message % facts, code="too_long")


class FeedbackForm(Form):
    page = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
    text = LongText(
        label=gettext_lazy("意见"),
        help_text=gettext_lazy(
            "哪里不好用、哪里不对，写清楚在做什么时遇到的。不写秘密和个人信息。"
        ),
    )

    def clean_page(self) -> str:
        """Only a path of ours: it becomes a link on the page of whoever answers."""
        page = self.cleaned_data["page"]
        return page if page.startswith("/") and not page.startswith(("//", "/\\")) else ""


class AnswerForm(Form):
    answer = LongText(label=gettext_lazy("答复"), rows=3)
