"""How days, rates and lights are said on screen. Pure functions: the day of reckoning is given."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

NEAR_DAYS = 7  # nearer than this a date carries its weekday


@dataclass(frozen=True)
class Sign:
    """One light: class in the stylesheet, its letter in the matrix, glyph and word."""

    css: str
    letter: str
    glyph: str
    word: Any


LIGHTS = {
    "normal": Sign("ok", "o", "○", gettext_lazy("正常")),
    "due_soon": Sign("due", "w", "▲", gettext_lazy("临期")),
    "unconfirmed": Sign("ask", "q", "▲", gettext_lazy("口径待确认")),
    "overdue": Sign("late", "l", "■", gettext_lazy("逾期")),
    "done": Sign("done", "x", "✓", gettext_lazy("已完成")),
    "not_applicable": Sign("na", "n", "–", gettext_lazy("不适用")),
    "undated": Sign("undated", "u", "·", gettext_lazy("文件未定时限")),
}


def sign(state: Any) -> Sign:
    """The sign of a light's value. Raises KeyError for a state that has none: a fault, not a case."""
    return LIGHTS[str(getattr(state, "value", state))]


def weekday(value: date) -> str:
    """周一 to 周日."""
    names = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
    return names[value.weekday()]


def relation(value: date, today: date) -> str:
    """「还剩2天」「今天截止」「逾期3天」, in calendar days."""
    days = (value - today).days
    if days > 0:
        return ngettext("还剩%(days)d天", "还剩%(days)d天", days) % {"days": days}
    if days == 0:
        return _("今天截止")
    return ngettext("逾期%(days)d天", "逾期%(days)d天", -days) % {"days": -days}


def day_with_weekday(value: date, today: date) -> str:
    """2026-10-11, and （周日） when it is within a week of `today`."""
    text = value.strftime("%Y-%m-%d")
    if abs((value - today).days) <= NEAR_DAYS:
        return _("%(day)s（%(weekday)s）") % {"day": text, "weekday": weekday(value)}
    return text


def month_and_day(day: date) -> str:
    """4月30日; the whole date where months and days change places from reader to reader."""
    if get_language() == "en":
        return day.isoformat()
    return _("%(month)s月%(day)s日") % {"month": day.month, "day": day.day}


def long_day(day: date) -> str:
    """2022年4月30日, as documents write it; 2022-04-30 in English."""
    if get_language() == "en":
        return day.isoformat()
    return _("%(year)s年%(month)s月%(day)s日") % {
        "year": day.year,
        "month": day.month,
        "day": day.day,
    }


def percent_of(part: int | None, whole: int | None) -> str:
    """95.3% of `whole`; an em rule where there is nothing to divide by."""
    return f"{part / whole:.1%}" if whole and part is not None else "—"


def masked_phone(number: str | None) -> str:
    """138****2201 for a mobile; an office telephone stays as it is (ux.md, Decided since)."""
    digits = "".join(char for char in number or "" if char.isdigit())
    local = digits[2:] if digits.startswith("86") and len(digits) == 13 else digits
    is_mobile = len(local) == 11 and local.startswith("1")
    return f"{local[:3]}****{local[-4:]}" if is_mobile else number or ""


def listed(values: Iterable[Any]) -> str:
    """甲、乙、丙; A, B, C in English."""
    return _("、").join(str(value) for value in values)


def html_lang(code: str) -> str:
    """The lang attribute of a Django language code: zh-hans is zh-CN to screen readers."""
    return "zh-CN" if code.startswith("zh") else code
