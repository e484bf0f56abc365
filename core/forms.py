"""Forms whose faults are said as ux.md §9.2 says them: with the field's name, and what to do."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from . import clock

# Controls, and the marks that turn the direction of writing: a title could show what it does not say.
# A zero byte stays, for the field to refuse.
UNSEEN = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\u202a-\u202e\u2066-\u2069]")
LINE_ENDS = re.compile("[\r\n\t\v\f\x85\u2028\u2029]+")
LONGEST = 500  # characters of a text that nobody limits otherwise
_FILL, _CHOOSE = _("填写“%(label)s”"), _("选择“%(label)s”")
_LONG = _("“%(label)s”现有%(show_value)s字，压缩到%(limit_value)s字以内")
# The first class that fits decides; EmailField and the like come before CharField.
TEXTS: tuple[tuple[type[forms.Field], dict[str, Any]], ...] = (
    (forms.FileField, {"required": _CHOOSE, "empty": _("“%(label)s”是空文件，换一个再传")}),
    (
        forms.ChoiceField,
        {"required": _CHOOSE, "invalid_choice": _("“%(label)s”不在可选范围内，重新选择")},
    ),
    (
        forms.ModelChoiceField,
        {"required": _CHOOSE, "invalid_choice": _("“%(label)s”不在可选范围内，重新选择")},
    ),
    (forms.DateField, {"required": _FILL, "invalid": _("“%(label)s”写成2022-04-29这样")}),
    (
        forms.EmailField,
        {
            "required": _FILL,
            "invalid": _("“%(label)s”写成name@example.gov.cn这样"),
            "max_length": _LONG,
        },
    ),
    (forms.IntegerField, {"required": _FILL, "invalid": _("“%(label)s”只写数字")}),
    (forms.BooleanField, {"required": _("勾选“%(label)s”")}),
    (forms.CharField, {"required": _FILL, "max_length": _LONG}),
    (forms.Field, {"required": _FILL}),
)


def word_errors(fields: dict[str, forms.Field]) -> None:
    """Replace Django's general texts by ours wherever the form has not given its own."""
    for field in fields.values():
        general: dict[str, Any] = {}
        for kind in reversed(type(field).__mro__):
            general.update(getattr(kind, "default_error_messages", {}))
        for code, text in _texts(field).items():
            if field.error_messages.get(code) == general.get(code):
                field.error_messages[code] = _Said(text, field)


def _texts(field: forms.Field) -> dict[str, Any]:
    return next(texts for kind, texts in TEXTS if isinstance(field, kind))


class _Said:
    """The text with the field's label, put together when it is shown: labels may come late. What a
    fault is about (how long the text is) is known only then."""

    def __init__(self, text: Any, field: forms.Field) -> None:
        self.text, self.field = text, field

    def __str__(self) -> str:
        return str(self.text) % {"label": self.field.label or ""}

    def __mod__(self, params: Any) -> str:
        return str(self.text) % {**params, "label": self.field.label or ""}


class DayField(forms.DateField):
    """A day that somebody may mean: a year typed as 0001 or 9999 is a slip, and counting days and
    months beyond it would end in an overflow."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not clock.FIRST_DAY <= value <= clock.LAST_DAY:
            text = gettext("%(name)s写成2022-04-15这样的日期，1949年至2199年。")
            raise forms.ValidationError(text % {"name": self.label}, code="out_of_range")


class LimitedText(forms.CharField):
    """A text with a counter, and a fault that says by how much it is too long (ux.md §9.2)."""

    def __init__(self, *, limit: int = LONGEST, rows: int = 3, **kwargs: Any) -> None:
        self.limit = limit
        kwargs.setdefault("widget", forms.Textarea({"rows": rows, "data-limit": limit}))
        super().__init__(**kwargs)

    def validate(self, value: str) -> None:
        super().validate(value)
        over = len(value) - self.limit
        if over > 0:
            facts = {"label": self.label, "over": over, "limit": self.limit}
            message = gettext("“%(label)s”超出上限%(over)s字，压缩到%(limit)s字以内")
            raise forms.ValidationError(message % facts, code="too_long")


class PastDay(DayField):
    """A day up to today: nothing is noted before it happened."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput({"type": "date"}, "%Y-%m-%d"))
        super().__init__(**kwargs)

    def validate(self, value: date | None) -> None:
        super().validate(value)
        if value and value > clock.today():
            facts = {"label": self.label, "day": value}
            raise forms.ValidationError(
                gettext("“%(label)s”%(day)s还没有到") % facts, code="future"
            )


class WordedMixin:
    """Put before forms.Form or forms.ModelForm."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word_errors(self.fields)

    def full_clean(self) -> None:
        """What was typed comes in as it can be seen; a password as it is."""
        for field in self.fields.values():
            is_secret = isinstance(field.widget, forms.PasswordInput)
            if isinstance(field, forms.CharField) and not is_secret:
                field.to_python = _Seen(field)  # type: ignore[method-assign]
        super().full_clean()  # type: ignore[misc]


class _Seen:
    """A text without what nobody sees; in one line where the field has one line: a subject of a mail
    or a row of a list is made of it."""

    def __init__(self, field: forms.CharField) -> None:
        self.then = type(field).to_python
        self.field = field
        self.is_long = isinstance(field.widget, forms.Textarea | forms.HiddenInput)

    def __call__(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value if self.is_long else LINE_ENDS.sub(" ", value)
            value = UNSEEN.sub("", value)
        return self.then(self.field, value)


class Form(WordedMixin, forms.Form):
    """A form with our error texts."""


class ModelForm(WordedMixin, forms.ModelForm):
    """A model form with our error texts."""


def put_errors(form: forms.Form, error: ValidationError) -> None:
    """Say what a service found at each field that the form has, the rest above the form."""
    found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, texts in found.items():
        form.add_error(name if name in form.fields else None, texts)
