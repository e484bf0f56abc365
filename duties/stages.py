"""Stages of a deadline, turned round: from a day to the deadlines that have reached a stage by it.

A stage N is the day N working days before the last working day on or before the deadline; after
the deadline come the first working day and then every seventh day, moved to a working day
(house.md §6.4). The bounds below are days computed once, so that rows need no calendar.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.workdays import Calendar

STAGES = (14, 7, 3, 1, 0)  # where a programme has no rule of its own
DEADLINE_NOTICE = "duties.deadline"  # the type of notice that tells of stages


@dataclass(frozen=True)
class Bound:
    """`stage` has been reached by the day asked about exactly by deadlines whose last working day
    is on or before `reached_on`, and after the start of the programme by those past `before_on`.
    `missed` is what `reached_on` was on the days on which nobody looked."""

    stage: int
    reached_on: date
    before_on: date
    missed: tuple[date, ...] = ()


@dataclass(frozen=True)
class Bounds:
    """Bounds of one day for one programme. `workday` is the last working day up to the day asked
    about, `before_start` the last one before the programme was followed."""

    workday: date
    before_start: date
    stages: tuple[Bound, ...]


def bounds(
    calendar: Calendar,
    *,
    on: date,
    started_on: date,
    stages: Iterable[int] = STAGES,
    silence: Sequence[date] = (),
) -> Bounds:
    """Bounds of the day `on`; `silence` are the working days before it on which nobody looked."""
    workday = calendar.on_or_before(on)
    before_start = calendar.on_or_before(started_on - timedelta(days=1))
    return Bounds(
        workday,
        before_start,
        tuple(
            Bound(
                stage,
                calendar.forward(workday, stage),
                calendar.forward(before_start, stage),
                tuple(calendar.forward(day, stage) for day in silence),
            )
            for stage in stages
        ),
    )


def stage_label(stage: str) -> tuple[str, int]:
    """(kind, number) of a stored stage: ("before", 7), ("overdue", 0), ("overdue", 3) for week 3."""
    if stage.startswith("overdue"):
        return "overdue", int(stage.removeprefix("overdue").lstrip("+") or 0)
    return "before", int(stage)


def told_stage(stage: str, facts: Mapping[str, Any]) -> str:
    """The stage of a notice in words. A task that came after the stage says what was left in truth."""
    return stage_words(str(facts.get("days_left", stage)))


def stage_words(stage: str) -> str:
    """A stored stage as people say it: 「提前14个工作日」「截止前最后一个工作日」「逾期」「逾期3周」."""
    kind, number = stage_label(stage)
    if kind == "overdue":
        return _("逾期%(weeks)s周") % {"weeks": number} if number else _("逾期")
    if number == 0:
        return _("截止前最后一个工作日")
    words = ngettext("提前%(days)s个工作日", "提前%(days)s个工作日", number)
    return words % {"days": number}
