"""Appointments that should be on record at a desk and are not yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from duties.choices import Light
from pilots.models import Programme

from ..choices import FilingKind, FilingState, FilingStatus
from ..models import Appointment, Filing
from ..models.appointments import AppointmentQuerySet
from ..models.filings import FilingQuerySet
from .reckoning import Reckoning, limit_words, reckoning
from .rules import Ruling
from .seats import governing, rulings_on


@dataclass(frozen=True)
class Unfiled:
    """A substantive holder whose appointment is not on record although the rule asks for it.

    `days` are full days since the document was signed (since the first day in office where it has no
    date); `allowed` as in `Seat`; `filing` the one that waits at the desk or was returned.
    """

    appointment: Appointment
    ruling: Ruling
    days: int
    allowed: int | None
    is_own_days: bool
    light: Light
    filing: Filing | None = None

    @property
    def state(self) -> FilingState:
        if self.filing is None:
            return FilingState.NOT_REPORTED
        is_back = self.filing.status == FilingStatus.RETURNED
        return FilingState.RETURNED if is_back else FilingState.AT_DESK

    @property
    def word(self) -> str:
        """「未报备32天」「待备案32天」「退回补正32天」."""
        facts = {"state": self.state.label, "days": self.days}
        return _("%(state)s%(days)s天") % facts

    @property
    def limit(self) -> str:
        """「文件规定30天内」「市政数局期望30天内」「文件未定时限」."""
        return limit_words(self.allowed, is_own=self.is_own_days)


def unfiled(programme: Programme, *, user: Any, on: date) -> list[Unfiled]:
    """Appointments in office on the day, or over since the programme is followed, that were not on
    record by then; in the document's order, the earliest of a body first.

    Four queries, five where a limit is set, however many they are.
    """
    return unfiled_in(rulings_on(programme, user=user, on=on), on=on)


def unfiled_in(found: Iterable[Ruling], *, on: date) -> list[Unfiled]:
    """The same of rulings that were read already, whatever their programmes. Two queries, three
    where a limit is set."""
    asked = {key: row for key, row in governing(found).items() if row.rule.needs_filing}
    rows = _off_record(asked, on)
    waiting = filings_of(rows, on)
    lights = reckoning(on, (row.rule.days_for_filing()[0] for row in asked.values()))
    place = {key: number for number, key in enumerate(asked)}
    rows.sort(key=lambda row: (place[row.unit_id, row.post_id], row.since, row.number))
    return [
        _unfiled(row, asked[row.unit_id, row.post_id], waiting.get(row.pk), lights) for row in rows
    ]


def off_record(rows: AppointmentQuerySet, on: date) -> AppointmentQuerySet:
    """Those of the rows whose appointment no desk had accepted by the day."""
    accepted = Filing.rows.filter(
        appointment=OuterRef("pk"), kind=FilingKind.APPOINTMENT, accepted_on__lte=on
    )
    return rows.filter(~Exists(accepted))


def filings_of(appointments: Iterable[Appointment], on: date) -> dict[int, Filing]:
    """{appointment: its live filing}, of those reported by the day. One query."""
    rows = reported(on).filter(appointment__in=[row.pk for row in appointments])
    return {row.appointment_id: row for row in rows if row.appointment_id is not None}


def reported(on: date) -> FilingQuerySet:
    """Live filings of appointments that had been reported by the day."""
    return Filing.rows.live().filter(kind=FilingKind.APPOINTMENT, reported_on__lte=on)


def _off_record(asked: dict[tuple[int, int], Ruling], on: date) -> list[Appointment]:
    rows = Appointment.rows.standing().substantive().filter(
        unit__in={unit for unit, _post in asked},
        post__in={post for _unit, post in asked},
        since__lte=on,
    )  # fmt: skip
    found = []
    for row in off_record(rows, on).for_lists():
        ruling = asked.get((row.unit_id, row.post_id))
        if ruling is not None and _matters(row, ruling, on):
            row.unit = ruling.unit
            found.append(row)
    return found


def _matters(row: Appointment, ruling: Ruling, on: date) -> bool:
    """What was over before the programme was followed is nobody's business any more."""
    started_on = ruling.enrolment.programme.started_on or on
    return row.ends_on is None or row.ends_on >= started_on


def _unfiled(row: Appointment, ruling: Ruling, filing: Filing | None, lights: Reckoning) -> Unfiled:
    begun = row.signed_on or row.since or lights.on
    allowed, is_own = ruling.rule.days_for_filing()
    return Unfiled(
        row,
        ruling,
        days=max((lights.on - begun).days, 0),
        allowed=allowed,
        is_own_days=is_own,
        light=lights.light(begun, allowed),
        filing=filing,
    )
