"""What a unit can still earn while a round is going on, from the portal's records of that day."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from .. import scoring
from ..choices import RUNNING, Fact
from ..criteria import said
from ..models import FactValue, Scorecard
from .facts import behind
from .results import NEXT_COUNTS, NEXT_FILED, Earnable, still_to_earn
from .trees import leaves_of

NUMERALS = "零一二三四五六七八九十"


def earnable(card: Scorecard, on: date) -> list[dict[str, Any]]:
    """「完成第二次培训」 and the points it brings, most first: {"text", "points"}. Nothing once the
    round is over, or the period: what is done after its last day does not count in this round, and
    points that cannot be had any more are not promised."""
    if card.round.state not in RUNNING or on > card.round.ends_on:
        return []
    asked = {row.fact for row in leaves_of(card.round.scheme_version) if row.fact}
    known = {fact: _value(card, fact, on) for fact in sorted(asked & (NEXT_COUNTS | NEXT_FILED))}
    return [{"text": _told(row), "points": said(row.points)} for row in still_to_earn(card, known)]


def _value(card: Scorecard, fact: str, on: date) -> FactValue:
    rows = behind(card, fact, on)
    part = sum((row.part for row in rows), scoring.ZERO)
    whole = sum((row.whole for row in rows), scoring.ZERO)
    value = part if fact in NEXT_COUNTS else part / whole if whole else None
    return FactValue(fact=fact, part=part, whole=whole, value=value)


def _told(row: Earnable) -> str:
    nth = NUMERALS[row.nth] if row.nth < len(NUMERALS) else str(row.nth)
    if row.fact == Fact.TRAININGS:
        return _("完成第%(nth)s次培训") % {"nth": nth}
    if row.fact == Fact.MEETINGS:
        return _("完成第%(nth)s次交流会") % {"nth": nth}
    return _("实施方案完成备案")
