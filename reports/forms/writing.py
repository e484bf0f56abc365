"""The form of one section. A draft may be as long and as incomplete as it likes: what is wrong with it
is said when it is put up, and nothing typed is refused but a figure that is no number."""

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import Form
from duties.models import DutyItem

from ..choices import CHAPTER_LIMIT, LIMITS, OVERALL_LIMIT, Completion, Field, Kind
from ..models import PeriodFigure, Section
from ..queries import content_of

ROWS = {Field.BODY: 6, Field.PROBLEMS: 5, Field.NEXT_STEPS: 5}
CHAPTER_ROWS = 16
THOUSANDS = str.maketrans("", "", ",， \u3000")


def prefix_of(section: Section) -> str:
    """Stands before the names and ids of the section's fields: `s12-body`, `#id_s12-body`."""
    return f"s{section.pk}"


def anchor_of(section: Section, name: str = "") -> str:
    """The id on the edit page of a field of `Field`, or of the section."""
    if not name:
        return prefix_of(section)
    if name in {Field.FIGURES, Field.EVIDENCE}:
        return f"{prefix_of(section)}-{name}"
    return f"id_{prefix_of(section)}-{name}"


def fingerprint(content: Mapping[str, Any]) -> str:
    """A short word for the content of a section, the same for what was saved and what was typed."""
    texts = [
        str(content.get(name.value) or "").replace("\r\n", "\n").replace("\r", "\n").rstrip()
        for name in LIMITS
    ]
    figures = sorted(
        (key, f"{Decimal(value).normalize():f}")
        for key, value in (content.get("figures") or {}).items()
        if value is not None
    )
    held = [texts, content.get("completion") or "", sorted(content.get("items") or ()), figures]
    return hashlib.sha256(json.dumps(held).encode()).hexdigest()[:16]


class FigureField(forms.DecimalField):
    """A key figure as people type it: full-width digits and thousands separators are understood."""

    def __init__(self, figure: PeriodFigure) -> None:
        self.figure = figure
        widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(
            label=figure.label, required=False, max_digits=16, decimal_places=2, widget=widget
        )
        number = _("“%(name)s”只写数字，最多两位小数") % {"name": figure.name}
        long = _("“%(name)s”最多14位整数、两位小数") % {"name": figure.name}
        self.error_messages["invalid"] = number
        for validator in self.validators:
            if hasattr(validator, "messages"):
                validator.messages = dict.fromkeys(validator.messages, long)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        plain = unicodedata.normalize("NFKC", str(value or "")).translate(THOUSANDS)
        return super().to_python(plain)


class SectionForm(Form):
    """One section as it is typed. `content` is what `save_section` takes."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    base = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        section: Section,
        figures: Iterable[PeriodFigure] = (),
        items: Iterable[DutyItem] = (),
    ) -> None:
        self.section, self.figures = section, list(figures)
        super().__init__(data, prefix=prefix_of(section), initial=self._initial(section))
        for name, label, limit, rows in self._texts(section):
            attrs = {"rows": rows, "data-limit": limit}
            self.fields[name] = forms.CharField(
                label=label, required=False, strip=False, widget=forms.Textarea(attrs)
            )
        if not section.is_chapter:
            self._add_choices(list(items))

    def _texts(self, section: Section) -> list[tuple[str, str, int, int]]:
        """(name, label, limit, rows) of the text boxes."""
        if section.is_chapter:
            is_overall = section.report.kind == Kind.OVERALL
            limit = OVERALL_LIMIT if is_overall else CHAPTER_LIMIT
            return [(Field.BODY.value, section.heading, limit, CHAPTER_ROWS)]
        return [(name.value, str(name.label), limit, ROWS[name]) for name, limit in LIMITS.items()]

    def _add_choices(self, items: list[DutyItem]) -> None:
        self.fields["completion"] = forms.ChoiceField(
            label=gettext_lazy("完成情况"),
            required=False,
            choices=Completion.choices,
            widget=forms.RadioSelect,
        )
        self.fields["items"] = forms.MultipleChoiceField(
            label=gettext_lazy("本期有进展的事项"),
            required=False,
            choices=[(item.code, item.name) for item in items],
            widget=forms.CheckboxSelectMultiple,
        )
        for figure in self.figures:
            self.fields[f"figure-{figure.pk}"] = FigureField(figure)

    @staticmethod
    def _initial(section: Section) -> dict[str, Any]:
        held = content_of(section)
        base = fingerprint(held)
        figures = held.pop("figures")
        return {
            **held,
            "version": section.version,
            "base": base,
            **{f"figure-{key}": value for key, value in figures.items()},
        }

    @property
    def content(self) -> dict[str, Any]:
        """What was typed and could be read; a figure that is no number is left as it was."""
        facts = self.cleaned_data
        found = {
            name: facts[name]
            for name in (*(each.value for each in LIMITS), "completion", "items")
            if name in facts
        }
        figures = {
            str(figure.pk): facts[f"figure-{figure.pk}"]
            for figure in self.figures
            if f"figure-{figure.pk}" in facts
        }
        return found | ({"figures": figures} if figures else {})

    @property
    def is_untouched(self) -> bool:
        """Whether what was sent is what the page showed at first: of a section in which nobody typed,
        an old window has nothing to say."""
        base = self.cleaned_data.get("base")
        return bool(base) and base == fingerprint(content_of(self.section) | self.content)

    @property
    def posted_version(self) -> int:
        """The version on which was typed; one that is missing is as stale as any."""
        version = self.cleaned_data.get("version")
        return -1 if version is None else version
