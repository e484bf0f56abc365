"""A day by rule: the fields that orders and periods offer, and the explanation beside the day."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock, deadlines
from core.deadlines import Explained
from core.forms import DayField, Form

from .queries.due_rules import explained, settled

LAST = "last_workday"
COUNTING = ("workdays", "days", "first_month", "first_quarter")
FROM_ISSUE = (
    ("", gettext_lazy("直接写日期")),
    ("workdays", gettext_lazy("发出后第几个工作日")),
    ("days", gettext_lazy("发出后第几日")),
    ("end_month", gettext_lazy("本月底")),
    ("end_quarter", gettext_lazy("本季度末")),
    ("end_half_year", gettext_lazy("本半年末")),
    ("end_year", gettext_lazy("本年底")),
    ("first_month", gettext_lazy("下月前几个工作日")),
    ("first_quarter", gettext_lazy("下季度前几个工作日")),
    (LAST, gettext_lazy("所填日期前（含当日）最后一个工作日")),
)
FROM_OPENING = (
    ("", gettext_lazy("直接写日期")),
    ("workdays", gettext_lazy("开始报送后第几个工作日")),
    ("days", gettext_lazy("开始报送后第几日")),
    ("end_month", gettext_lazy("开始报送的当月底")),
    ("end_quarter", gettext_lazy("开始报送的当季度末")),
    ("end_half_year", gettext_lazy("开始报送的当半年末")),
    ("end_year", gettext_lazy("开始报送的当年底")),
    ("first_month", gettext_lazy("开始报送当月的前几个工作日")),
    ("first_quarter", gettext_lazy("开始报送当季度的前几个工作日")),
    (LAST, gettext_lazy("所填日期前（含当日）最后一个工作日")),
)


class DueRuleForm(Form):
    """Put before the form that has `due_on`; a valid one has `due_on` by the rule, and `due_rule` as
    services take it (None for a day written by hand)."""

    event = "issued"
    rules: tuple[tuple[str, Any], ...] = FROM_ISSUE

    rule = forms.ChoiceField(label=gettext_lazy("截止日期怎么定"), required=False)
    count = forms.IntegerField(
        label=gettext_lazy("几个工作日（几日）"),
        required=False,
        min_value=1,
        max_value=deadlines.MOST_COUNT,
        help_text=gettext_lazy("选“第几个”“前几个”的才填，如10。"),
        widget=forms.NumberInput({"inputmode": "numeric"}),
        error_messages=dict.fromkeys(
            ("min_value", "max_value"), gettext_lazy("“几个工作日（几日）”要在1到366之间")
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = self.rules  # type: ignore[attr-defined]
        for name in ("rule", "count"):
            self.fields[name].is_conditional = True  # type: ignore[attr-defined]
        self.explained: Explained | None = None

    def full_clean(self) -> None:
        chosen = self.data.get(self.add_prefix("rule"), "")
        if chosen not in {"", LAST}:
            self.fields["due_on"].required = False
        super().full_clean()

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        found["due_rule"] = None
        try:
            written = self._written(found)
        except ValidationError as error:
            self.add_error("count", error)
            return found
        since = self._since(found)
        if written is None or since is None:
            return found
        found["due_on"], found["due_rule"] = settled(written, since)
        self.explained = explained(deadlines.read(found["due_rule"]))
        if written["kind"] == "day":
            found["due_rule"] = None
        return found

    @property
    def preview(self) -> str:
        """The day and its explanation, of a form that was filled in."""
        if not self.is_bound or self.explained is None:
            return ""
        is_open = self.event == "issued" and self.cleaned_data.get("rule") in {"workdays", "days"}
        more = _("按今天发出推算，发出当天重新计算。") if is_open else ""
        return _("%(rule)s。%(more)s") % {"rule": self.explained, "more": more}

    def forget_others(self) -> None:
        """看日期: only what is wrong with the day itself is said yet."""
        for name in set(self.errors) - {"rule", "count", "due_on", "opens_on"}:
            del self.errors[name]

    def _since(self, found: dict[str, Any]) -> date | None:
        """The day from which a rule counts."""
        return clock.today()

    def _written(self, found: dict[str, Any]) -> dict[str, Any] | None:
        """The chosen rule as it is stored; None while something is missing. Raises ValidationError
        for a number that is missing or too great."""
        chosen, count, day = found.get("rule") or "", found.get("count"), found.get("due_on")
        if chosen in {"", LAST}:
            return {"kind": chosen or "day", "on": day.isoformat()} if day else None
        if chosen in COUNTING and count is None:
            if self.has_error("count"):
                return None
            raise ValidationError(_("填写“几个工作日（几日）”"), code="required")
        since = self._since(found)
        return self._make(chosen, count, since) if since else None

    def _make(self, chosen: str, count: int | None, since: date) -> dict[str, Any]:
        if chosen in {"workdays", "days"}:
            return {"kind": "after", "unit": chosen, "event": self.event, "count": count}
        kind, _dash, span = chosen.partition("_")
        if kind == "end":
            return {"kind": "end_of", "span": span, "of": since.isoformat()}
        most = deadlines.MOST_FIRST[deadlines.Span(span)]
        if count and count > most:
            raise ValidationError(_("这样的规则最多前%(most)s个工作日") % {"most": most})
        return {"kind": "first_workdays", "span": span, "count": count} | self._which(since)

    def _which(self, since: date) -> dict[str, Any]:
        """Which span: an order names the next one."""
        return {"later": 1, "of": since.isoformat()}


class PeriodRuleForm(DueRuleForm):
    """The same for a period, counted from the day on which reporting opens."""

    event = "opened"
    rules = FROM_OPENING

    def _since(self, found: dict[str, Any]) -> date | None:
        return found.get("opens_on")

    def _which(self, since: date) -> dict[str, Any]:
        return {"counted_from": since.isoformat()}


class OrderDay(DueRuleForm):
    """Only the fields of the day, for the preview."""

    due_on = DayField(label=gettext_lazy("截止日期"), required=False)


class PeriodDay(PeriodRuleForm):
    opens_on = DayField(label=gettext_lazy("开始报送"), required=False)
    due_on = DayField(label=gettext_lazy("截止日期"), required=False)


def words(stored: Any) -> str:
    """What a stored rule says, whatever day its event has."""
    return str(deadlines.read(stored).words())


def chosen_of(stored: Any, due_on: date | None) -> dict[str, Any]:
    """Initial values of the fields for an order's stored rule: the choice that means it today, else
    the day by hand."""
    data = {"due_on": due_on.isoformat() if due_on else ""}
    for choice, _label in FROM_ISSUE[1:] if stored else ():
        day = stored.get("on") or data["due_on"]
        given = {"rule": choice, "count": stored.get("count") or "", "due_on": day}
        form = OrderDay(given)
        if form.is_valid() and words(form.cleaned_data["due_rule"]) == words(stored):
            return given
    return data
