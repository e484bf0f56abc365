"""A8: the database's clock is the only one, and one that jumps lets nothing leave."""

from datetime import date, datetime, time, timedelta

import pytest
import time_machine

from core import clock
from reminders import services
from reminders.models import Delivery, Engine, Notice
from reminders.services import ticking
from tests.reminders.conftest import set_clock

pytestmark = pytest.mark.django_db
HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=366)


@pytest.fixture
def moving(city, data_officer, unit_cdo, settings, smtp):
    settings.TODAY = ""
    set_clock(date(2022, 4, 15), time(8, 0))
    services.tick()
    return smtp


def sent():
    return Delivery.rows.filter(state="sent").count()


@pytest.mark.parametrize("skew", [timedelta(minutes=-10), timedelta(minutes=10)])
def test_a_host_whose_clock_is_wrong_sends_neither_early_nor_twice(moving, skew):
    """Digests leave between 8:31 and 8:45 of the database's clock."""
    for shown, is_sent in ((time(8, 28), False), (time(8, 46), True), (time(8, 50), True)):
        set_clock(date(2022, 4, 15), shown)
        with time_machine.travel(datetime.now().astimezone() + skew):
            services.tick()
            services.deliver()
        assert bool(sent()) is is_sent
    assert len(set(moving.ids)) == len(moving.ids) == sent()


@pytest.mark.parametrize("jump", [-YEAR, -DAY, -HOUR, timedelta(hours=49), YEAR])
def test_a_clock_that_jumps_holds_everything(moving, jump, figure):
    before = Notice.rows.count()
    clock.shift(clock._offset + jump)
    assert services.tick() == {}
    assert services.deliver().sent == 0
    assert (Engine.current().held_by, Notice.rows.count(), moving.mails) == ("clock", before, [])
    figure("A8", jump=str(jump), sent=0)


def test_without_the_watch_on_the_clock_a_jump_plans_what_is_not_due(moving, monkeypatch):
    """The control: a year ahead everything is late."""
    monkeypatch.setattr(ticking, "_fault", lambda *_facts: ("", ""))
    clock.shift(clock._offset + YEAR)
    assert any(services.tick().values())


def test_a_day_ahead_is_a_missed_day_and_tells_nothing_twice(moving):
    clock.shift(clock._offset + DAY)
    services.tick()
    keys = Notice.rows.values_list("subject", "stage", "recipient", "deadline_version")
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("evening", "is_held"),
    [(date(2022, 4, 20), False), (date(2022, 12, 31), False), (date(2024, 2, 28), False)],
)
def test_at_midnight_a_day_begins_once(moving, evening, is_held):
    """Also at the end of a year whose successor no calendar knows, and before a leap day."""
    Engine.objects.update(last_tick_at=None)
    set_clock(evening, time(23, 59, 59))
    services.tick()
    assert Engine.current().last_day_on == evening
    set_clock(evening + DAY, time(0, 0, 0))
    services.tick()
    assert not any(services.tick().values())
    assert Engine.current().last_day_on == evening + DAY
    assert bool(Engine.current().held_by) is is_held


def test_a_year_that_no_calendar_knows_is_said_above_every_page(city, officer, browse, settings):
    settings.TODAY = "2022-12-31"
    assert "2023" in browse(officer).get("/inbox/").content.decode()
