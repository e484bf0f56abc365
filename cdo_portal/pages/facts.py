"""The five facts of a programme, each with the list that it counts."""

from typing import Any

from django.utils.translation import gettext as _

from core import words
from duties.choices import Light, Nature
from duties.models import LightRule
from duties.queries import Tally
from pilots.models import Programme

from .links import tasks


def programme_facts(programme: Programme, tally: Tally, rule: LightRule) -> list[dict[str, Any]]:
    """应报、已报、按时、口径待确认、逾期 as components/facts.html shows them."""
    reports: dict[str, Any] = {"nature": Nature.REPORT, "on": rule.on}
    done = {**reports, "light": Light.DONE}
    in_time = tasks(programme, on_time="true", **done)
    due, handed_in = tally.reports_due, tally.reports_done
    return [
        _fact(_("应报总结"), due, tasks(programme, counted="true", **reports)),
        _fact(_("已报"), handed_in, tasks(programme, **done), whole=due),
        _fact(_("按时报送"), tally.reports_on_time, in_time, whole=handed_in),
        _doubtful(programme, tally, rule),
        _overdue(_("逾期"), programme, tally, rule),
    ]


def task_facts(programme: Programme, tally: Tally, rule: LightRule) -> list[dict[str, Any]]:
    """口径待确认 where there is some, and 逾期任务: beside the five facts of a period."""
    late = _overdue(_("逾期任务"), programme, tally, rule)
    return [*([_doubtful(programme, tally, rule)] if tally.doubtful else []), late]


def _doubtful(programme: Programme, tally: Tally, rule: LightRule) -> dict[str, Any]:
    url = tasks(programme, light=Light.UNCONFIRMED, on=rule.on)
    return _fact(_("口径待确认"), tally.doubtful, url, tone="due")


def _overdue(label: str, programme: Programme, tally: Tally, rule: LightRule) -> dict[str, Any]:
    url = tasks(programme, light=Light.OVERDUE, on=rule.on)
    return _fact(label, tally.overdue, url, tone="late")


def _fact(label: str, value: int, url: str, *, whole: int = 0, tone: str = "") -> dict[str, Any]:
    return {
        "label": label,
        "value": value,
        "url": url if value else "",
        "note": words.percent_of(value, whole) if whole else "",
        "tone": tone if value else "",
    }
