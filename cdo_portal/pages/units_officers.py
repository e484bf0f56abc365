"""The CDOs of many bodies at once: the column of P3, the tile and the columns of P2."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core import clock
from core.words import listed
from duties.choices import Light
from officers.filters import IN_OFFICE
from officers.models import Appointment
from officers.models.posts import CDO
from officers.queries.filings import unfiled_in
from officers.queries.register import held, holders_of
from officers.queries.rules import rulings
from officers.queries.seats import Seat, rulings_on, seats_in
from pilots.choices import Part
from pilots.models import Enrolment, Programme, Unit

from .links import link


@dataclass(frozen=True)
class Standing:
    """How one body stands with its CDOs on a day: holders and stand-ins, its empty seats, and for
    programmes without areas where its filing is (state of a light and its word)."""

    holders: list[Appointment] = field(default_factory=list)
    vacant: list[Seat] = field(default_factory=list)
    filing: Light = Light.NOT_APPLICABLE
    filing_word: str = ""

    @property
    def missing(self) -> str:
        """「未任命（空缺32天）」; '' where nobody is missing."""
        seat = next((seat for seat in self.vacant if seat.stand_in is None), None)
        return _("未任命（%(word)s）") % {"word": seat.word} if seat else ""

    @property
    def who(self) -> str:
        """The names of those in office, or that nobody is."""
        return listed(holder.person for holder in self.holders) or self.missing

    @property
    def light(self) -> Light:
        """That of the seat which is empty."""
        return self.vacant[0].light if self.vacant else Light.NORMAL


NOBODY = Standing()


def standings(
    programme: Programme | None,
    units: Iterable[Unit],
    enrolments: Iterable[Enrolment],
    *,
    user: Any,
    on: date,
    with_filings: bool = False,
) -> dict[int, Standing]:
    """{unit: how it stands}; `enrolments` are the units' parts in the programme, each with its unit.
    Three queries, five with filings, one or two more where limits are set."""
    holders = holders_of(units, on, [CDO], user=user)
    rows = [row for row in enrolments if not row.unit.is_slot and row.unit.exists_on(on)]
    for row in rows if programme else ():
        row.programme = programme  # type: ignore[assignment]
    found = rulings(rows) if rows else []
    seats: dict[int, list[Seat]] = {}
    for seat in seats_in(found, on=on):
        seats.setdefault(seat.unit.pk, []).append(seat)
    filed = _filings(found, on) if with_filings else {}
    return {
        pk: Standing(
            holders.get(pk, []),
            [seat for seat in seats.get(pk, []) if seat.is_vacant],
            *filed.get(pk, ()),
        )
        for pk in {*holders, *seats, *filed}
    }


def _filings(found: list[Any], on: date) -> dict[int, tuple[Light, str]]:
    """Bodies whose CDO is to be filed: on record, or the light and word of what is not."""
    asked = [row for row in found if row.rule.needs_filing and row.rule.post.code == CDO]
    answer = {row.unit.pk: (Light.NOT_APPLICABLE, "") for row in asked}
    present = seats_in(asked, on=on)
    answer |= {seat.unit.pk: (Light.DONE, _("已备案")) for seat in present if seat.holder}
    answer |= {row.ruling.unit.pk: (row.light, row.word) for row in unfiled_in(asked, on=on)}
    return answer


def tile(
    programme: Programme, *, user: Any, on: date, among: list[Enrolment] | None = None
) -> list[dict[str, Any]]:
    """The fact 「首席数据官在任 12」 with 「应设13」 beside it, opening the register's rows; nothing where no
    rule asks for a CDO and none is known. Four queries, five where a limit is set; one fewer with
    `among`, those with a part on the day."""
    found = rulings_on(programme, user=user, on=on, among=among)
    seats = seats_in(found, on=on, parts=[Part.PILOT])
    count = held(programme, user=user, on=on).count()
    asked = sum(1 for seat in seats if seat.is_vacant or seat.holder)
    if not asked and not count:
        return []
    query = {"post": CDO, "status": IN_OFFICE, "kind": "substantive"}
    day = on if on != clock.today() else None
    url = link("officers:appointment-list", programme=programme.code, **query, on=day)
    return [
        {
            "label": _("首席数据官在任"),
            "value": count,
            "url": url if count else "",
            "note": _("应设%(count)s") % {"count": asked} if asked else "",
            "tone": "",
        }
    ]
