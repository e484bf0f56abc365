"""One cell of a sheet: what is put in follows from the rule of its leaf."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import Form, LimitedText
from core.listing import whole_number

from ..choices import Hand, Rule
from ..criteria import number, said
from ..models import Indicator, Score
from ..models.scores import REASON
from ..services import Entry
from .schemes import PointsField

NOTHING = "none"  # of the elements, none is there: that is an answer, unlike an untouched cell
UNREAD = -1  # no cell has this version


class CellForm(Form):
    """`prefix` is the key of the leaf, so that a page holds one a leaf. `entry()` after `is_valid()`;
    nothing put in gives an empty entry, which clears the cell."""

    reason = LimitedText(label=gettext_lazy("说明"), limit=REASON, required=False, rows=2)

    def __init__(
        self, *args: Any, leaf: Indicator, hand: str, score: Score | None = None, **kwargs: Any
    ) -> None:
        self.leaf, self.hand, self.score = leaf, hand, score
        super().__init__(*args, prefix=leaf.key, **kwargs)
        self.by_points = leaf.rule == Rule.RANGE or hand == Hand.SETTLED
        name = "points" if self.by_points else "answer"
        self.fields[name] = self._box()
        self.order_fields([name, "reason"])
        if score is not None:
            self.initial |= {"reason": score.reason, name: self._shown(score)}

    @property
    def name(self) -> str:
        return "points" if self.by_points else "answer"

    @property
    def box(self) -> Any:
        return self[self.name]

    @property
    def version(self) -> int:
        """That of the cell as the page read it; 0 for one that was empty."""
        return self.score.version if self.score else 0

    @property
    def posted_version(self) -> int:
        found = whole_number(self.data.get(f"{self.prefix}-version", ""))
        return UNREAD if found is None else found

    def _box(self) -> forms.Field:
        leaf = self.leaf
        if self.by_points:
            return PointsField(label=leaf.name, required=False)
        if leaf.rule == Rule.STATES:
            options = [
                (str(place), _("%(points)s分　%(text)s") % state)
                for place, state in enumerate(leaf.criteria["states"])
            ]
            return forms.ChoiceField(
                label=leaf.name, required=False, choices=[("", _("选择")), *options]
            )
        if leaf.rule == Rule.ELEMENTS:
            named = [(str(place), text) for place, text in enumerate(leaf.criteria["elements"])]
            return forms.MultipleChoiceField(
                label=leaf.name,
                required=False,
                choices=[*named, (NOTHING, _("都没有"))],
                widget=forms.CheckboxSelectMultiple,
            )
        return forms.CharField(
            label=leaf.name,
            required=False,
            max_length=20,
            widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "size": 8}),
        )

    def _shown(self, score: Score) -> Any:
        """What stands in the cell, as its box writes it."""
        if self.by_points:
            return score.points
        if self.leaf.rule == Rule.ELEMENTS:
            return (
                [str(place) for place in score.answer or [NOTHING]]
                if score.points is not None
                else []
            )
        return "" if score.answer is None else str(score.answer)

    def clean_answer(self) -> Any:
        """As the arithmetic takes it; None for nothing."""
        given = self.cleaned_data["answer"]
        if given in ("", []):
            return None
        if self.leaf.rule == Rule.STATES:
            return int(given)
        if self.leaf.rule == Rule.ELEMENTS:
            if NOTHING in given and len(given) > 1:
                text = _("“%(name)s”勾了要素又勾了“都没有”，去掉一个")
                raise ValidationError(text % {"name": self.leaf.name})
            return [int(place) for place in given if place != NOTHING]
        if number(given) is None:
            raise ValidationError(_("“%(name)s”写成数字") % {"name": self.leaf.name})
        return given

    def entry(self) -> Entry:
        given = self.cleaned_data
        return Entry(given.get("points"), given.get("answer"), given.get("reason", ""))

    def is_touched(self) -> bool:
        """Whether what came differs from what stands: a page that is sent as a whole changes only those."""
        entry = self.entry()
        was = self.score
        if was is None:
            return entry != Entry()
        return (entry.answer, entry.reason.strip()) != (was.answer, was.reason) or (
            self.by_points and entry.points != was.points
        )


def standing(score: Score | None) -> str:
    """What stands in a cell, in words: 「12分，材料不全」"""
    if score is None or score.points is None:
        return _("空")
    words = _("%(points)s分") % {"points": said(score.points)}
    return (
        _("%(points)s，%(reason)s") % {"points": words, "reason": score.reason}
        if score.reason
        else words
    )


class SettleForm(Form):
    """A third entry where two reviewers differ too much; or a correction."""

    points = PointsField(label=gettext_lazy("得分"))
    reason = LimitedText(label=gettext_lazy("理由"), limit=REASON)
