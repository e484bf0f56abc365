"""Deadline rules as data: how a day is found, and why it is that day. Pure: whoever asks brings the
almanac.

A policy deadline is never moved by a holiday (house.md §6.4): month's end is the calendar day, with the
last working day beside it. Only a rule that counts working days lands on one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator
from pydantic import ValidationError as Faults

from .clock import FIRST_DAY, LAST_DAY
from .deadline_words import (
    AFTER,
    ENDS,
    EVERY_END,
    EVERY_FIRST,
    FIRSTS,
    Event,
    Span,
    Unit,
    last_workday_words,
    numeral,
    off_words,
    passed_words,
)
from .words import listed, long_day, month_and_day
from .workdays import DAY, Almanac

MOST_LATER = 4  # whole spans after the one that is meant
MOST_COUNT = 366


MONTHS = {Span.MONTH: 1, Span.QUARTER: 3, Span.HALF_YEAR: 6, Span.YEAR: 12}
# So many working days every span has, whatever its holidays: the day stays inside it.
MOST_FIRST = {Span.MONTH: 15, Span.QUARTER: 50, Span.HALF_YEAR: 100, Span.YEAR: 200}
Day = Annotated[date, Field(ge=FIRST_DAY, le=LAST_DAY)]
Count = Annotated[int, Field(ge=1, le=MOST_COUNT)]


class _Rule(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @property
    def counts_workdays(self) -> bool:
        """Whether the day itself hangs on the calendar."""
        return False

    def anchor(self) -> date | None:
        """The day from which it counts; None while nobody has said it."""
        raise NotImplementedError

    def since(self, day: date) -> "_Rule":
        """The same rule, counted from `day` where it does not name its own."""
        return self

    def _from(self) -> date:
        day = self.anchor()
        if day is None:
            raise ValueError("A rule that counts from an event needs its day.")
        return day

    def first(self) -> date:
        """The day on which counting begins."""
        return self._from()

    def due(self, almanac: Almanac) -> date:
        """The day that the rule means. Raises ValueError while its event has no day."""
        raise NotImplementedError

    def words(self) -> str:
        """「每季度前5个工作日」."""
        raise NotImplementedError

    def why(self, almanac: Almanac, due: date) -> list[str]:
        """What the calendar did to it, in pieces of a sentence."""
        raise NotImplementedError


class FixedDay(_Rule):
    """A day that the document names."""

    kind: Literal["day"] = "day"
    on: Day

    def anchor(self) -> date:
        return self.on

    def due(self, almanac: Almanac) -> date:
        return self.on

    def words(self) -> str:
        return _("写明的日期")

    def why(self, almanac: Almanac, due: date) -> list[str]:
        return last_workday_words(due, almanac)


class LastWorkday(_Rule):
    """The last working day on or before a day."""

    kind: Literal["last_workday"] = "last_workday"
    on: Day

    @property
    def counts_workdays(self) -> bool:
        return True

    def anchor(self) -> date:
        return self.on

    def due(self, almanac: Almanac) -> date:
        return almanac.on_or_before(self.on)

    def words(self) -> str:
        return _("%(day)s前（含当日）最后一个工作日") % {"day": long_day(self.on)}

    def why(self, almanac: Almanac, due: date) -> list[str]:
        return [] if due == self.on else [off_words(self.on, almanac)]


class _OfSpan(_Rule):
    """`of` is any day of the span that the document names; `counted_from` the day whose span is meant
    where the rule comes round again. `later` counts whole spans after that one."""

    span: Span
    later: Annotated[int, Field(ge=0, le=MOST_LATER)] = 0
    of: Day | None = None
    counted_from: Day | None = None

    def anchor(self) -> date | None:
        return self.of or self.counted_from

    def since(self, day: date) -> "_OfSpan":
        return self if self.of else self.model_copy(update={"counted_from": day})

    def first(self) -> date:
        return span_start(self._from(), self.span, self.later)

    def _facts(self) -> dict[str, Any]:
        day = self.first()
        return {
            "year": day.year,
            "month": day.month,
            "quarter": numeral((day.month + 2) // 3),
            "half": _("上半年") if day.month < 7 else _("下半年"),
        }


class EndOf(_OfSpan):
    """The last calendar day of a month, quarter, half-year or year: 「4月底前」."""

    kind: Literal["end_of"] = "end_of"

    def due(self, almanac: Almanac) -> date:
        return span_start(self._from(), self.span, self.later + 1) - DAY

    def words(self) -> str:
        return str(ENDS[self.span]) % self._facts() if self.of else str(EVERY_END[self.span])

    def why(self, almanac: Almanac, due: date) -> list[str]:
        return last_workday_words(due, almanac)


class FirstWorkdays(_OfSpan):
    """The last of the first `count` working days of a span: 「每季度前5个工作日」."""

    kind: Literal["first_workdays"] = "first_workdays"
    count: Count

    @property
    def counts_workdays(self) -> bool:
        return True

    @model_validator(mode="after")
    def _inside(self) -> "FirstWorkdays":
        if self.count > MOST_FIRST[self.span]:
            facts = {"most": MOST_FIRST[self.span]}
            raise ValueError(_("工作日数最多%(most)s，再多就可能超出这段时间。") % facts)
        return self

    def due(self, almanac: Almanac) -> date:
        return almanac.forward(self.first() - DAY, self.count)

    def words(self) -> str:
        if self.of is None:
            return str(EVERY_FIRST[self.span]) % {"count": self.count}
        return str(FIRSTS[self.span]) % {**self._facts(), "count": self.count}

    def why(self, almanac: Almanac, due: date) -> list[str]:
        return passed_words(self.first(), due, almanac)


class After(_Rule):
    """So many working days, or calendar days, after an event; the day of the event is not counted."""

    kind: Literal["after"] = "after"
    count: Count
    unit: Unit = Unit.WORKDAYS
    event: Event
    counted_from: Day | None = None

    @property
    def counts_workdays(self) -> bool:
        return self.unit == Unit.WORKDAYS

    def anchor(self) -> date | None:
        return self.counted_from

    def since(self, day: date) -> "After":
        return self.model_copy(update={"counted_from": day})

    def due(self, almanac: Almanac) -> date:
        if self.unit == Unit.DAYS:
            return self._from() + timedelta(days=self.count)
        return almanac.forward(self._from(), self.count)

    def words(self) -> str:
        return str(AFTER[self.event, self.unit]) % {"count": self.count}

    def why(self, almanac: Almanac, due: date) -> list[str]:
        begun = _("从%(day)s次日算起") % {"day": month_and_day(self._from())}
        if self.unit == Unit.DAYS:
            return [begun, *last_workday_words(due, almanac)]
        return [begun, *passed_words(self._from() + DAY, due, almanac)]


Rule = FixedDay | LastWorkday | EndOf | FirstWorkdays | After
Written = Annotated[Rule, Field(discriminator="kind")]
_ADAPTER: TypeAdapter[Rule] = TypeAdapter(Written)


@dataclass(frozen=True)
class Explained:
    """The day of a rule: `last_workday_on` is the last working day on or before it; `why` holds what
    the calendar did, `is_guess` says that a year counts by the weekday rule."""

    due_on: date
    last_workday_on: date
    rule: str
    why: list[str]
    is_guess: bool

    def __str__(self) -> str:
        """「每季度前5个工作日：2022年4月8日（清明节放假顺延计入，4月2日调休上班）」."""
        facts = {"rule": self.rule, "day": long_day(self.due_on), "why": _("，").join(self.why)}
        return (_("%(rule)s：%(day)s（%(why)s）") if self.why else _("%(rule)s：%(day)s")) % facts


def explain(rule: Any, almanac: Almanac) -> Explained:
    """The day that a rule means and why. Raises ValueError while its event has no day."""
    due = rule.due(almanac)
    last = almanac.on_or_before(due)
    guessed = almanac.guessed_years(min(rule.first(), last), due)
    why = rule.why(almanac, due)
    if guessed:
        years = {"years": listed(guessed)}
        why.append(_("%(years)s年放假通知未录入，按周末推算，录入后再核对") % years)
    return Explained(due, last, rule.words(), why, bool(guessed))


def read(value: Any) -> Any:
    """The rule that a stored value writes; None for none. Raises ValidationError."""
    if not value:
        return None
    try:
        return _ADAPTER.validate_python(value)
    except Faults as faults:
        texts = "；".join(_told(fault) for fault in faults.errors())
        raise ValidationError(_("时限规则写错：%(faults)s") % {"faults": texts}) from faults


def check(value: Any) -> None:
    """Validator of a stored rule; raises ValidationError."""
    read(value)


def write(rule: Any) -> dict[str, Any]:
    """How a rule is stored."""
    found: dict[str, Any] = rule.model_dump(mode="json", exclude_none=True)
    return found


def years_of(rules: Iterable[Any]) -> set[int]:
    """The years of which an almanac must know for these rules."""
    found: set[int] = set()
    for rule in rules:
        if day := rule.anchor():
            found |= set(range(day.year - 1, day.year + getattr(rule, "later", 0) + 3))
    return found


def span_start(day: date, span: Span, later: int = 0) -> date:
    """The first day of the span of `day`, or of the one `later` spans after it."""
    length = MONTHS[span]
    months = day.year * 12 + (day.month - 1) // length * length + later * length
    return date(months // 12, months % 12 + 1, 1)


def _told(fault: Any) -> str:
    """One fault of pydantic: where, and what."""
    where = ".".join(str(step) for step in fault["loc"])
    return f"{where} {fault['msg']}" if where else str(fault["msg"])
