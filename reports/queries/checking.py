"""What still stands between a draft and its signature: every fault at once, each at its field."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from ..choices import (
    CHAPTER_LIMIT,
    LIMITS,
    OVERALL_LIMIT,
    Chapter,
    Completion,
    Field,
    Kind,
    Part,
)
from ..models import FigureValue, PeriodFigure, Report, Section

NEEDED = (Chapter.PROGRESS.value, Part.INTRO.value)


@dataclass(frozen=True)
class Fault:
    """`section` is the section's key, `field` one of `Field`; `message` says how to mend it."""

    section: str
    field: str
    message: str


def count(text: str) -> int:
    """Characters as people count them: without white space."""
    return len("".join(text.split()))


def length_of(report: Report) -> int:
    """Characters of the whole report."""
    rows = report.sections.standing()
    return sum(count(row.body) + count(row.problems) + count(row.next_steps) for row in rows)


def faults_of(report: Report) -> list[Fault]:
    """Everything that must be mended before the report may be put up for signing."""
    rows = report.sections.standing().select_related("area").prefetch_related("figures")
    found: list[Fault] = []
    ordered = list(rows.order_by("position", "id"))
    if report.kind == Kind.OVERALL and not ordered:
        return [Fault("", Field.BODY, _("先选材料并起草，再提交审定"))]
    for row in ordered:
        row.report = report
        found += _chapter(row) if row.is_chapter else _section(row)
    return found


def _chapter(row: Section) -> list[Fault]:
    faults = []
    # Nothing to complain of is an answer too; progress is what the report is for.
    if not row.body.strip() and row.key in NEEDED:
        faults.append(Fault(row.key, Field.BODY, _fill(row.heading)))
    limit = OVERALL_LIMIT if row.report.kind == Kind.OVERALL else CHAPTER_LIMIT
    return faults + _too_long(row, Field.BODY, row.heading, limit)


def _section(row: Section) -> list[Fault]:
    faults = []
    if not row.body.strip():
        faults.append(Fault(row.key, Field.BODY, _fill(str(Field.BODY.label))))
    if not row.completion:
        faults.append(Fault(row.key, Field.COMPLETION, _("选择“完成情况”")))
    for name, limit in LIMITS.items():
        faults += _too_long(row, name, str(Field(name).label), limit)
    return faults + _figures(row)


def _fill(label: str) -> str:
    return _("填写“%(label)s”") % {"label": label}


def _too_long(row: Section, name: Field, label: str, limit: int) -> list[Fault]:
    over = count(getattr(row, name.value)) - limit
    if over <= 0:
        return []
    words = {"label": label, "over": over, "limit": limit}
    message = _("“%(label)s”超出上限%(over)s字，压缩到%(limit)s字以内") % words
    return [Fault(row.key, name, message)]


def _figures(row: Section) -> list[Fault]:
    if row.report.kind != Kind.PROGRESS or row.completion == Completion.UNCHANGED:
        return []
    values = {value.figure_id: value for value in row.figures.all()}
    asked = PeriodFigure.objects.filter(
        period=row.report.period_id, area=row.area_id, withdrawn_on=None
    )
    return [
        fault
        for figure in asked.order_by("position", "id")
        for fault in _figure(row, figure, values.get(figure.pk))
    ]


def _figure(row: Section, figure: PeriodFigure, value: FigureValue | None) -> list[Fault]:
    number = value.value if value else None
    if number is None:
        return [Fault(row.key, Field.FIGURES, _fill(figure.name))]
    low, high = figure.minimum, figure.maximum
    if (low is None or number >= low) and (high is None or number <= high):
        return []
    words: dict[str, Any] = {"name": figure.name, "now": _plain(number)}
    if low is not None and high is not None:
        words |= {"low": _plain(low), "high": _plain(high)}
        text = _("“%(name)s”要在%(low)s到%(high)s之间，现在是%(now)s")
    elif low is not None:
        words["low"] = _plain(low)
        text = _("“%(name)s”不能小于%(low)s，现在是%(now)s")
    else:
        words["high"] = _plain(high)
        text = _("“%(name)s”不能大于%(high)s，现在是%(now)s")
    return [Fault(row.key, Field.FIGURES, text % words)]


def _plain(number: Decimal | None) -> str:
    return "" if number is None else f"{number.normalize():f}"
