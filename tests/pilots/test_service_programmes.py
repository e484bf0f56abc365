"""Following a programme begins and ends; the product of states and moves."""

from datetime import date

import pytest

from core.errors import MoveNotAllowed, Refused, StaleVersion
from core.models import AuditEntry
from pilots import services
from pilots.choices import PHASE_MOVES, Phase
from pilots.models import Programme
from tests.factories.pilots import ProgrammeFactory

DAY = date(2022, 4, 15)
MOVES = {"start": services.start_programme, "close": services.close_programme}


def programme_in(phase):
    dates = {
        Phase.DRAFT: {},
        Phase.RUNNING: {"started_on": "2021-08-03"},
        Phase.CLOSED: {"started_on": "2021-08-03", "closed_on": "2022-01-01"},
    }
    return ProgrammeFactory(phase=phase, **dates[phase])


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("move", list(MOVES))
def test_every_state_times_every_move(db, phase, move):
    row = programme_in(phase)
    sources, target = PHASE_MOVES[move]
    if phase not in sources:
        with pytest.raises(MoveNotAllowed):
            MOVES[move](row, on=DAY, by=None)
        return
    moved = MOVES[move](row, on=DAY, by=None, version=1)
    assert (moved.phase, moved.version) == (target, 2)


def test_the_start_is_dated_and_on_record(officer):
    row = services.start_programme(ProgrammeFactory(), on=DAY, by=officer)
    assert row.is_running(DAY)
    assert not row.is_running(date(2022, 4, 14))
    entry = AuditEntry.objects.get(verb="programme.start")
    assert entry.programme_code == row.code
    assert ("started_on", None, "2022-04-15") in entry.changes


def test_the_end_is_not_before_the_start(officer):
    row = programme_in(Phase.RUNNING)
    with pytest.raises(Refused, match="从2021-08-03开始跟踪，结束日期不能早于这一天"):
        services.close_programme(row, on=date(2021, 8, 2), by=officer)
    services.close_programme(row, on=DAY, by=officer)
    assert Programme.rows.get(pk=row.pk).closed_on == DAY


def test_an_old_version_is_refused(officer):
    with pytest.raises(StaleVersion):
        services.start_programme(ProgrammeFactory(), on=DAY, by=officer, version=5)
