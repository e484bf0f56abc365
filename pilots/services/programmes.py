"""Whether a programme is followed."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, moves
from core.errors import Refused

from ..choices import PHASE_MOVES, PhaseMove
from ..models import Programme


@transaction.atomic
def start_programme(
    programme: Programme, *, on: date, by: Any, version: int | None = None
) -> Programme:
    """开始跟踪: from `on` the programme is followed; no reminder stage dated before it is planned.

    Raises MoveNotAllowed, StaleVersion.
    """
    row = _lock(programme, version)
    before = audit.facts(row, ("phase", "started_on"))
    row.phase = moves.target(PHASE_MOVES, row.phase, PhaseMove.START)
    row.started_on = on
    return _save(row, "start", by=by, before=before)


@transaction.atomic
def close_programme(
    programme: Programme, *, on: date, by: Any, version: int | None = None
) -> Programme:
    """结束跟踪: nothing is reminded from then on; everything stays readable.

    Raises MoveNotAllowed, StaleVersion, and Refused for a day before the start.
    """
    row = _lock(programme, version)
    before = audit.facts(row, ("phase", "closed_on"))
    row.phase = moves.target(PHASE_MOVES, row.phase, PhaseMove.CLOSE)
    if row.started_on and on < row.started_on:
        raise Refused(
            _("%(programme)s从%(day)s开始跟踪，结束日期不能早于这一天。")
            % {"programme": row, "day": row.started_on}
        )
    row.closed_on = on
    return _save(row, "close", by=by, before=before)


def _lock(programme: Programme, version: int | None) -> Programme:
    row = Programme.rows.select_for_update().get(pk=programme.pk)
    row.require_version(version)
    return row


def _save(row: Programme, verb: str, *, by: Any, before: dict) -> Programme:
    row.version += 1
    row.full_clean()
    row.save()
    after = audit.facts(row, before)
    audit.record(f"programme.{verb}", by=by, subject=row, programme=row, before=before, after=after)
    return row
