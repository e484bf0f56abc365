"""The one clock."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from core import clock


@pytest.fixture
def moving(settings, db):
    settings.TODAY = ""
    yield clock.shift
    clock.shift(timedelta())


@time_machine.travel(datetime(2022, 4, 14, 16, 30, tzinfo=UTC), tick=False)
def test_half_past_midnight_in_shanghai_is_already_the_new_day(settings):
    settings.TODAY = ""
    assert clock.today() == date(2022, 4, 15)


def test_the_trial_world_may_stand_still(settings):
    settings.TODAY = "2022-05-10"
    assert clock.today() == date(2022, 5, 10)
    assert clock.now().year >= 2026


def test_tests_move_the_clock_of_python_and_of_the_database_together(moving):
    moving(timedelta(days=3))
    with connection.cursor() as cursor:
        cursor.execute("SELECT portal_now()")
        assert abs(cursor.fetchone()[0] - clock.now()) < timedelta(seconds=5)


def test_nobody_else_moves_it(settings):
    settings.TEST_CLOCK_OFFSET = False
    with pytest.raises(RuntimeError, match="tests"):
        clock.shift(timedelta(days=1))
