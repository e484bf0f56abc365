"""The block 「首席数据官与团队」 of a unit's page: who holds which post on the day, who did before,
where is nobody, which teams there are."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.roles import Permission
from core import clock
from officers.choices import FilingState, FilingStatus
from officers.models import Appointment, Filing, Team
from officers.queries.allowed import REPORTING
from officers.queries.filings import filings_of
from officers.queries.register import confirmed_since, history_of, holders_of
from officers.queries.rules import Ruling, rulings
from officers.queries.seats import Seat, governing, seats_in
from officers.queries.teams import with_counts
from pilots.models import Enrolment, Unit

from .links import link

STATES = {
    FilingStatus.SUBMITTED: FilingState.AT_DESK,
    FilingStatus.RETURNED: FilingState.RETURNED,
    FilingStatus.ACCEPTED: FilingState.ACCEPTED,
}
TONES = {FilingState.NOT_REPORTED: "mine", FilingState.RETURNED: "back"}


@dataclass(frozen=True)
class Line:
    """One holder: `filing_url` leads to the filing, or for who may to the report that is missing."""

    row: Appointment
    url: str
    state: FilingState
    filing: Filing | None = None
    filing_url: str = ""
    is_old: bool = False

    @property
    def tone(self) -> str:
        return TONES.get(self.state, "")


def block(
    unit: Unit, parts: Iterable[Enrolment], *, user: Any, on: date, held: Set[Permission]
) -> dict[str, Any]:
    """Context of pages/unit/officers.html; `parts` are what the unit takes part in, of what the
    reader sees, `held` what the reader may do there. Six queries, seven where a limit is set."""
    standing = [row for row in parts if row.holds_on(on)]
    for part in standing:
        part.unit = unit
    found = rulings(standing)
    holders = holders_of([unit], on, user=user).get(unit.pk, [])
    may = on == clock.today() and not REPORTING.isdisjoint(held)
    is_there = unit.exists_on(on) and not unit.is_slot
    seats = [seat for seat in seats_in(found, on=on) if seat.is_vacant and is_there]
    lines = _lines(holders, found, on=on, may=may)
    return {
        "lines": lines,
        "vacant": [_vacant(seat, may=may) for seat in seats],
        "history": history_of(unit, on, user=user),
        "teams": with_counts(Team.objects.visible_to(user).filter(unit=unit).standing(on), on),
        "acts": _acts(unit) if may and not unit.is_slot else [],
        "confirm_url": link("officers:confirm-unchanged", unit.code) if may and lines else "",
        "list_url": link("officers:appointment-list", programme="", post="", unit=unit.code),
    }


def _lines(holders: list[Appointment], found: list[Ruling], *, on: date, may: bool) -> list[Line]:
    asked = {key for key, ruling in governing(found).items() if ruling.rule.needs_filing}
    filings = filings_of(holders, on)
    return [
        _line(
            row,
            filings.get(row.pk),
            is_asked=(row.unit_id, row.post_id) in asked and not row.is_stand_in,
            on=on,
            may=may,
        )
        for row in holders
    ]


def _line(row: Appointment, filing: Filing | None, *, is_asked: bool, on: date, may: bool) -> Line:
    if filing is not None:
        accepted_later = filing.accepted_on is not None and filing.accepted_on > on
        state = FilingState.AT_DESK if accepted_later else STATES[FilingStatus(filing.status)]
        url = link("officers:filing", filing.number)
    else:
        state = FilingState.NOT_REPORTED if is_asked else FilingState.NOT_ASKED
        url = link("officers:filing-new", appointment=row.number) if is_asked and may else ""
    return Line(
        row,
        link("officers:appointment", row.number),
        state,
        filing,
        url,
        is_old=row.needs_confirmation(on, confirmed_since(on)),
    )


def _vacant(seat: Seat, *, may: bool) -> dict[str, Any]:
    """「尚未任命首席数据官」 with days and limit, or who stands in."""
    post = seat.post.display_name
    new = link("officers:appointment-new", unit=seat.unit.code, post=seat.post.code) if may else ""
    return {
        "say": _("%(post)s由他人%(kind)s") % {"post": post, "kind": seat.word}
        if seat.stand_in
        else _("尚未任命%(post)s") % {"post": post},
        "word": "" if seat.stand_in else seat.word,
        "since": seat.vacant_since,
        "limit": seat.limit,
        "url": "" if seat.stand_in else new,
    }


def _acts(unit: Unit) -> list[dict[str, str]]:
    found = [
        {"url": link("officers:appointment-new", unit=unit.code), "label": _("登记任命或变更")},
        {"url": link("officers:team-new", unit=unit.code), "label": _("登记团队")},
    ]
    return [act for act in found if act["url"]]
