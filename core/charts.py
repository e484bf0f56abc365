"""Charts as SVG written on the server: presentation attributes only (the CSP allows no style).

Every chart carries a Chinese aria-label and its own table (`columns`, `rows`); components/chart.html
shows both. Colours stand in attributes for paper and Word, and in classes for light and dark.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

INK, GREY, DAI, OCHRE = "#1B2430", "#646E7E", "#1F4E79", "#9A6700"
LINE, AXIS, SEAL, AMBER, DONE = "#DAD6CC", "#878F9C", "#B3261E", "#C77700", "#878F9C"


@dataclass(frozen=True)
class Chart:
    """`title` states the finding; `rows` hold the same numbers as the drawing."""

    title: str
    svg: SafeString
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    is_wide: bool = False  # phones get the table only


@dataclass(frozen=True)
class Point:
    """Totals at the end of `day`: `due` of them ought to be done by then, `done` are."""

    day: date
    due: int
    done: int | None  # None after today: not known yet


@dataclass(frozen=True)
class Span:
    """A task on the time line: from `starts_on` to `due_on`, `state` a light of core.words."""

    label: str
    starts_on: date
    due_on: date
    state: str
    url: str = ""


@dataclass
class _Paper:
    """A sheet on which shapes are put; every value is escaped."""

    width: int
    height: int
    label: str
    parts: list[str] = field(default_factory=list)

    def put(self, tag: str, body: str = "", **attributes: Any) -> None:
        written = "".join(
            f' {name.rstrip("_").replace("_", "-")}="{conditional_escape(value)}"'
            for name, value in attributes.items()
        )
        self.parts.append(f"<{tag}{written}>{conditional_escape(body)}</{tag}>")

    def text(self, x: float, y: float, body: Any, *, anchor: str = "start", css: str = "") -> None:
        fill = INK if css else GREY
        size = {"font_size": 13, "text_anchor": anchor, "fill": fill}
        self.put("text", str(body), x=_n(x), y=_n(y), class_=css, **size)

    def line(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        css: str,
        colour: str,
        **more: Any,
    ) -> None:
        ends = dict(zip(("x1", "y1", "x2", "y2"), map(_n, (*start, *end)), strict=True))
        self.put("line", **ends, class_=css, stroke=colour, **more)

    def svg(self) -> SafeString:
        return format_html(
            '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="{1}" '
            'viewBox="0 0 {0} {1}" role="img" aria-label="{2}">{3}</svg>',
            self.width,
            self.height,
            self.label,
            mark_safe("".join(self.parts)),  # noqa: S308 - put() escapes every part
        )


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def burn_up(title: str, points: Sequence[Point], today: date) -> Chart:
    """Done against due, day by day: a full step line and a dashed one, with a rule for today."""
    last = max(
        (point for point in points if point.done is not None), key=lambda p: p.day, default=None
    )
    said = _("应完成%(due)d件，已完成%(done)d件") % {
        "due": last.due if last else 0,
        "done": last.done if last else 0,
    }
    paper = _Paper(600, 240, _("%(title)s。%(said)s") % {"title": title, "said": said})
    if points:
        _draw_burn_up(paper, points, today)
    rows = [(p.day.isoformat(), p.due, "—" if p.done is None else p.done) for p in points]
    return Chart(title, paper.svg(), [_("日期"), _("应完成"), _("已完成")], rows)


def _draw_burn_up(paper: _Paper, points: Sequence[Point], today: date) -> None:
    left, right, top, bottom = 40, 480, 16, 208
    days = max((points[-1].day - points[0].day).days, 1)
    most = max(*(p.due for p in points), *(p.done or 0 for p in points), 1)

    def x(day: date) -> float:
        return left + (right - left) * (day - points[0].day).days / days

    def y(count: int) -> float:
        return bottom - (bottom - top) * count / most

    for share in (0, most // 2, most):
        css, colour = ("axis", AXIS) if share == 0 else ("grid", LINE)
        paper.line((left, y(share)), (right, y(share)), css, colour)
        paper.text(left - 8, y(share) + 4, share, anchor="end")
    for name, css, colour, dash in (("due", "b", OCHRE, "6 4"), ("done", "a", DAI, "none")):
        known = [(p.day, getattr(p, name)) for p in points if getattr(p, name) is not None]
        if known:
            word = _("应完成") if name == "due" else _("已完成")
            _step(paper, [(x(day), y(count)) for day, count in known], css, colour, dash)
            end = known[-1]
            shift = 4 if name == "due" or y(end[1]) > y(points[-1].due) + 14 else 20
            paper.text(x(end[0]) + 6, y(end[1]) + shift, f"{word} {end[1]}", css="strong")
    if points[0].day <= today <= points[-1].day:
        paper.line((x(today), top - 6), (x(today), bottom), "today", INK, stroke_width=1)
        paper.text(x(today), bottom + 18, _("今天"), anchor="middle", css="strong")
    paper.text(left, bottom + 18, points[0].day.isoformat())
    if not right - 110 < x(today) <= right:  # the two labels would lie on each other
        paper.text(right, bottom + 18, points[-1].day.isoformat(), anchor="end")


def _step(
    paper: _Paper, places: list[tuple[float, float]], css: str, colour: str, dash: str
) -> None:
    path = f"M{_n(places[0][0])} {_n(places[0][1])}" + "".join(
        f"H{_n(x)}V{_n(y)}" for x, y in places[1:]
    )
    paper.put(
        "path",
        d=path,
        class_=css,
        fill="none",
        stroke=colour,
        stroke_width=2,
        stroke_dasharray=dash,
    )


def bars(title: str, values: Sequence[tuple[str, float]], unit: str, most: float = 100) -> Chart:
    """Small columns from a zero baseline, each with its number (on-time rates of eight periods)."""
    said = _("，").join(f"{label} {_n(value)}{unit}" for label, value in values)
    width, step = 48 + 68 * len(values), 68
    paper = _Paper(width, 130, _("%(title)s。%(said)s") % {"title": title, "said": said})
    for index, (label, value) in enumerate(values):
        x, height = 24 + index * step, 76 * min(value, most) / most
        css, colour = ("fill-a", DAI) if index == len(values) - 1 else ("fill-done", DONE)
        paper.put(
            "rect", x=x, y=_n(100 - height), width=36, height=_n(height), class_=css, fill=colour
        )
        paper.text(x + 18, 94 - height, f"{_n(value)}{unit}", anchor="middle", css="strong")
        paper.text(x + 18, 120, label, anchor="middle")
    paper.line((12, 100), (width - 12, 100), "axis", AXIS)
    rows = [(label, f"{_n(value)}{unit}") for label, value in values]
    return Chart(title, paper.svg(), [_("报告期"), unit or _("数量")], rows)


_FILLS = {
    "overdue": ("fill-late", SEAL),
    "due_soon": ("fill-due", AMBER),
    "unconfirmed": ("fill-due", AMBER),
    "done": ("fill-done", DONE),
}


def timeline(title: str, spans: Sequence[Span], today: date, words: dict[str, Any]) -> Chart:
    """One bar a task up to its deadline (a diamond), with the rule of today.

    `words` gives the word of each light, as the colour alone must not carry it.
    """
    paper = _Paper(
        920,
        44 + 26 * len(spans),
        _("%(title)s，共%(count)d项") % {"title": title, "count": len(spans)},
    )
    if spans:
        _draw_timeline(paper, spans, today, words)
    rows = [
        (s.label, s.starts_on.isoformat(), s.due_on.isoformat(), str(words[s.state])) for s in spans
    ]
    return Chart(title, paper.svg(), [_("任务"), _("开始"), _("截止"), _("时限灯")], rows, True)


def _draw_timeline(
    paper: _Paper, spans: Sequence[Span], today: date, words: dict[str, Any]
) -> None:
    left, right = 230, 820
    first = min(*(s.starts_on for s in spans), today)
    last = max(*(s.due_on for s in spans), today) + timedelta(days=7)
    days = max((last - first).days, 1)
    foot = 30 + 26 * len(spans)

    def x(day: date) -> float:
        return left + (right - left) * (day - first).days / days

    for month in _months(first, last):
        paper.line((x(month), 24), (x(month), foot), "grid", LINE)
        paper.text(x(month) + 3, 16, f"{month:%Y-%m}")
    for index, span in enumerate(spans):
        y = 44 + 26 * index
        css, colour = _FILLS.get(span.state, ("fill-soft", LINE))
        start, end = x(span.starts_on), x(span.due_on)
        paper.text(left - 12, y + 4, _short(span.label), anchor="end", css="strong")
        paper.put(
            "rect",
            x=_n(start),
            y=y - 4,
            width=_n(max(end - start, 2)),
            height=8,
            class_=css,
            fill=colour,
        )
        diamond = f"M{_n(end)} {y - 7}l7 7-7 7-7-7z"
        paper.put("path", d=diamond, fill=INK, class_="diamond")
        paper.text(end + 12, y + 4, f"{span.due_on:%m-%d} {words[span.state]}")
    paper.line((x(today), 20), (x(today), foot), "today", INK, stroke_width=2)
    paper.text(x(today), foot + 12, _("今天"), anchor="middle", css="strong")


def _months(first: date, last: date) -> list[date]:
    """First days of at most about eight months between the two, evenly spaced."""
    found, day = [], first.replace(day=1)
    while day <= last:
        if day >= first:
            found.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    return found[:: max(1, len(found) // 8)]


def _short(label: str, most: int = 16) -> str:
    return label if len(label) <= most else label[: most - 1] + "…"
