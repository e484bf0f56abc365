"""Charts of one body among others: aligned bars against the median, a radar, a strip of dots.

As in `charts`: SVG written on the server, presentation attributes only, each with its own table.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import cos, pi, sin

from django.utils.translation import gettext as _

from .charts import AXIS, DAI, INK, LINE, OCHRE, Chart, _n, _Paper, _short

ROOM = 10  # dots above one another
CENTRE = (350, 200)  # of the radar
LEFT = 190  # where the bars begin


@dataclass(frozen=True)
class Measure:
    """One thing that is measured: `value` of at most `most`, and where known the quartiles and the
    median of all."""

    label: str
    value: Decimal
    most: Decimal
    low: Decimal | None = None
    median: Decimal | None = None
    high: Decimal | None = None

    def share(self, value: Decimal) -> float:
        """Between 0 and 1."""
        return float(min(max(value / self.most, Decimal(0)), Decimal(1))) if self.most else 0.0


def profile(title: str, measures: Sequence[Measure]) -> Chart:
    """Horizontal bars from a common zero line, each to its own full mark, with a rule for the median."""
    paper = _Paper(760, 30 + 40 * len(measures), f"{title}。{_said(measures)}")
    left, right = LEFT, 520
    for index, each in enumerate(measures):
        y = 16 + 40 * index
        paper.text(left - 12, y + 15, _short(each.label, 12), anchor="end", css="strong")
        _bar(paper, y, right - left, ("fill-soft", LINE))
        _bar(paper, y, (right - left) * each.share(each.value), ("fill-a", DAI))
        words = f"{_d(each.value)}/{_d(each.most)}"
        if each.median is not None:
            x = left + (right - left) * each.share(each.median)
            paper.line((x, y - 4), (x, y + 24), "today", INK, stroke_width=2)
            words = _("%(value)s，中位数%(median)s") % {"value": words, "median": _d(each.median)}
        paper.text(right + 12, y + 15, words)
    foot = 8 + 40 * len(measures)
    paper.line((left, 8), (left, foot), "axis", AXIS)
    return Chart(title, paper.svg(), _heads(measures), _rows(measures))


def _bar(paper: _Paper, y: float, width: float, look: tuple[str, str]) -> None:
    size = {"x": LEFT, "y": _n(y), "width": _n(width), "height": 20}
    paper.put("rect", **size, class_=look[0], fill=look[1])


def radar(title: str, measures: Sequence[Measure]) -> Chart:
    """At most two polygons on fixed axes from 0 to the full mark: the body, and the median dashed. The
    values stand at the vertices. Fewer than three axes have no polygon: bars then."""
    if len(measures) < 3:
        return profile(title, measures)
    paper = _Paper(700, 410, f"{title}。{_said(measures)}")
    count = len(measures)
    for ring in (0.25, 0.5, 0.75, 1.0):
        _polygon(paper, [ring] * count, ("grid", LINE, "none"))
    for index, each in enumerate(measures):
        paper.line(CENTRE, _spoke(index, count, 1.0), "axis", AXIS)
        x, y = _spoke(index, count, 1.14)
        anchor = "middle" if abs(x - CENTRE[0]) < 20 else "start" if x > CENTRE[0] else "end"
        paper.text(x, y, _short(each.label, 8), anchor=anchor, css="strong")
        paper.text(x, y + 20, f"{_d(each.value)}/{_d(each.most)}", anchor=anchor)
    _polygon(paper, [each.share(each.value) for each in measures], ("a", DAI, "none"), 2)
    medians = [each.median for each in measures]
    known = [median for median in medians if median is not None]
    if len(known) == count:
        shares = [each.share(median) for each, median in zip(measures, known, strict=True)]
        _polygon(paper, shares, ("b", OCHRE, "6 4"), 2)
    return Chart(title, paper.svg(), _heads(measures), _rows(measures))


def _spoke(index: int, count: int, share: float) -> tuple[float, float]:
    angle = 2 * pi * index / count - pi / 2
    return CENTRE[0] + 140 * share * cos(angle), CENTRE[1] + 140 * share * sin(angle)


def _polygon(
    paper: _Paper, shares: Sequence[float], look: tuple[str, str, str], width: int = 1
) -> None:
    css, colour, dash = look
    places = [_spoke(index, len(shares), share) for index, share in enumerate(shares)]
    points = " ".join(f"{_n(x)},{_n(y)}" for x, y in places)
    line = {"fill": "none", "stroke": colour, "stroke_width": width, "stroke_dasharray": dash}
    paper.put("polygon", points=points, class_=css, **line)


def dots(title: str, values: Sequence[Decimal], most: Decimal, column: str) -> Chart:
    """How values lie between 0 and `most`: one dot each, equal ones above one another. The scale begins
    where the values do, so that those that lie close together are told apart."""
    low = Decimal(int(min(values, default=Decimal(0)) // 10) * 10)
    high = max(most, *values, low + 10)
    said = _("最低%(low)s，最高%(high)s，共%(count)s个") % {
        "low": _d(min(values, default=Decimal(0))),
        "high": _d(max(values, default=Decimal(0))),
        "count": len(values),
    }
    paper = _Paper(760, 130, f"{title}。{said}")
    left, right, foot = 30, 730, 92

    def x(value: Decimal) -> float:
        return left + (right - left) * float((value - low) / (high - low))

    step = (high - low) / 5
    for place in range(6):
        mark = low + step * place
        paper.line((x(mark), foot), (x(mark), foot + 6), "axis", AXIS)
        paper.text(x(mark), foot + 24, _d(mark), anchor="middle")
    paper.line((left, foot), (right, foot), "axis", AXIS)
    stacked: Counter[int] = Counter()
    for value in sorted(values):
        spot = round(x(value) / 10)
        height = min(stacked[spot], ROOM - 1)
        stacked[spot] += 1
        paper.put(
            "circle", cx=_n(x(value)), cy=_n(foot - 8 - height * 8), r=4, class_="fill-a", fill=DAI
        )
    counted = Counter(values)
    rows = [(_d(value), counted[value]) for value in sorted(counted, reverse=True)]
    return Chart(title, paper.svg(), [column, _("个数")], rows)


def _said(measures: Sequence[Measure]) -> str:
    return _("，").join(f"{each.label}{_d(each.value)}/{_d(each.most)}" for each in measures)


def _heads(measures: Sequence[Measure]) -> list[str]:
    heads = [_("指标"), _("得分"), _("满分")]
    if any(each.median is not None for each in measures):
        heads += [_("四分之一位"), _("中位数"), _("四分之三位")]
    return heads


def _rows(measures: Sequence[Measure]) -> list[tuple[str, ...]]:
    wide = any(each.median is not None for each in measures)
    found = []
    for each in measures:
        row = [each.label, _d(each.value), _d(each.most)]
        if wide:
            quarters = (each.low, each.median, each.high)
            row += ["—" if value is None else _d(value) for value in quarters]
        found.append(tuple(row))
    return found


def _d(value: Decimal) -> str:
    """A number without idle zeros."""
    return f"{value.normalize():f}" if value else "0"
