"""A6: three beats tick through a day at once. Nobody is told twice, and no stage is missed."""

import threading
from collections import Counter
from datetime import date, time, timedelta

import pytest
from django.db import connection, transaction

from core import clock
from reminders import services
from reminders.models import Notice
from reminders.services import planning
from tests.at_once import at_once
from tests.reminders.conftest import set_clock

pytestmark = [pytest.mark.django_db(transaction=True)]
BEATS = 3
FIRST = date(2022, 4, 20)  # stage 7 of what is due on the 29th comes with the 21st


@pytest.fixture
def a_day(city, data_officer, unit_cdo, settings):
    settings.TODAY = ""
    set_clock(FIRST, time(12, 0))
    return clock._offset


def tick_through(start, ticks):
    """Each beat ticks at each step of the 24 hours, all in the same moment."""
    step, together = timedelta(days=1) / ticks, threading.Barrier(BEATS)

    def beat():
        for number in range(ticks + 1):
            together.wait()
            clock.shift(start + number * step)
            services.tick()

    assert at_once(*[beat] * BEATS) == [None] * BEATS


def told():
    rows = Notice.rows.values_list(
        "type", "subject", "stage", "reading", "deadline_version", "recipient"
    )
    return Counter(rows)


def test_three_beats_are_as_good_as_one(a_day, smtp, scale, figure):
    ticks = scale(8, 1440)
    tick_through(a_day, ticks)
    found = told()
    while services.deliver().settled:
        pass
    figure("A6", ticks=BEATS * (ticks + 1), told=len(found), most=max(found.values()))
    assert set(found.values()) == {1}
    assert {row[2] for row in found} >= {"14", "7"}
    assert max(Counter(smtp.ids).values(), default=0) <= 1
    with transaction.atomic():
        assert not any(services.plan(FIRST + timedelta(days=1)).values()), "none was missed"


def test_without_one_key_for_one_thing_they_tell_it_thrice(a_day, monkeypatch):
    own = planning.NOTICES.replace("%(type)s::text,", "%(type)s::text, pg_backend_pid(),")
    monkeypatch.setattr(planning, "NOTICES", own)
    tick_through(a_day, 1)
    assert max(told().values()) == BEATS
    assert connection.is_usable()
