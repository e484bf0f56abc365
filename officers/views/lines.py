"""How a row of the register is told: state, tone, filing."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from ..choices import FilingState, Status
from ..models import Appointment
from ..queries.register import confirmed_since

TONES = {FilingState.NOT_REPORTED: "mine", FilingState.RETURNED: "back"}


@dataclass(frozen=True)
class Line:
    """One appointment as it stands on the page's day. The row comes from `with_unit_name` and
    `with_filing`."""

    row: Any
    status: str
    tone: str
    is_stale: bool

    @property
    def unit(self) -> str:
        return self.row.unit_label or self.row.unit_code

    @property
    def filing(self) -> str:
        return str(FilingState(self.row.filing_state).label)

    @property
    def is_filing_asked(self) -> bool:
        return self.row.filing_state != FilingState.NOT_ASKED

    @property
    def filing_tone(self) -> str:
        return TONES.get(FilingState(self.row.filing_state), "")


def line_of(row: Appointment, on: date) -> Line:
    """The row as it is told on that day."""
    ceased_on = row.unit_ceased_on  # type: ignore[attr-defined]
    is_gone = ceased_on is not None and ceased_on < on
    status, tone = (_("单位已撤销"), "over") if is_gone else state_of(row, on)
    return Line(row, status, tone, row.needs_confirmation(on, confirmed_since(on)))


def state_of(row: Appointment, on: date) -> tuple[str, str]:
    """「在任」「拟任」「待到任」「已卸任」「已作废」 and the tone of its tag."""
    if row.status in {Status.PROPOSED, Status.VOIDED}:
        return str(Status(row.status).label), "mine" if row.status == Status.PROPOSED else "over"
    if row.in_office_on(on):
        return _("在任"), ""
    if row.since is not None and row.since > on:
        return _("待到任"), ""
    return _("已卸任"), "over"
