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
    reports = {"nature": Nature.REPORT, "on": rule.on}
    done = {**reports, "light": Light.DONE}
    facts = [
        (_("应报总结"), tally.reports_due, tasks(programme, counted="true", **reports), ""),
        (_("已报"), tally.reports_done, tasks(programme, **done), tally.reports_due),
        (
            _("按时报送"),
            tally.reports_on_time,
            tasks(programme, on_time="true", **done),
            tally.reports_done,
        ),
        (
            _("口径待确认"),
            tally.doubtful,
            tasks(programme, light=Light.UNCONFIRMED, on=rule.on),
            "",
        ),
        (_("逾期"), tally.overdue, tasks(programme, light=Light.OVERDUE, on=rule.on), ""),
    ]
    tones = ("", "", "", "due" if tally.doubtful else "", "late" if tally.overdue else "")
    return [
        {
            "label": label,
            "value": value,
            "url": url if value else "",
            "note": words.percent_of(value, whole) if whole else "",
            "tone": tone,
        }
        for (label, value, url, whole), tone in zip(facts, tones, strict=True)
    ]
