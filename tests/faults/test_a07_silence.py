"""A7: nobody ticked for 72 hours, across stages. On return there is one catch-up for each recipient and
task: the newest stage, saying how late it is."""

from collections import Counter
from datetime import date, time, timedelta

import pytest

from core import clock
from reminders import services
from reminders.models import Delivery, Engine, Notice
from reminders.registry import render
from reminders.services import planning
from tests.factories.reminders import ReminderRuleFactory
from tests.reminders.conftest import set_clock

pytestmark = pytest.mark.django_db
BEFORE, AFTER = date(2022, 4, 18), date(2022, 4, 21)


@pytest.fixture
def silent(city, data_officer, unit_cdo, officer, settings):
    """Ticked last on the 18th at noon; three stages would have come until the 21st at noon."""
    settings.TODAY = ""
    set_clock(BEFORE, time(12, 0))
    ReminderRuleFactory(stages=[9, 8, 7], cdo_from=9)
    services.tick()
    set_clock(AFTER, time(12, 0))
    assert services.tick() == {}, "72 hours hold the engine until a person has looked"
    assert Engine.current().held_by == "clock"
    services.release(by=officer)
    return city


def stages():
    rows = Notice.rows.filter(type="duties.deadline", for_on__gt=BEFORE)
    return Counter(rows.values_list("subject", "recipient"))


def test_on_return_there_is_one_catch_up_each(silent, figure):
    services.tick()
    found = stages()
    figure("A7", told=len(found), stacked=sum(found.values()) - len(found))
    assert set(found.values()) == {1}
    rows = Notice.rows.filter(type="duties.deadline", for_on=AFTER)
    assert {row.stage for row in rows} == {"7"}
    assert not any(services.tick().values())


def test_the_catch_up_leaves_on_the_day_of_return_not_on_the_next(silent, figure):
    """The morning was missed, whenever a person said that the clock is right."""
    set_clock(AFTER, time(12, 1))
    services.tick()
    rows = Delivery.rows.filter(lines__notice__for_on=AFTER, manner="digest").distinct()
    found = [(row.for_on, row.next_at - clock.now() <= timedelta(minutes=14)) for row in rows]
    figure("A7", leaving=len(found), next_day=sum(day != AFTER for day, _soon in found))
    assert found
    assert set(found) == {(AFTER, True)}
    set_clock(AFTER, time(12, 30))
    assert services.deliver().sent == len(found)


def test_it_says_how_late_it_is(silent, settings):
    set_clock(date(2022, 4, 22), time(9, 0))
    Engine.objects.update(last_tick_at=clock.now())
    services.tick()
    (text,) = {render(row).lines[0] for row in Notice.rows.filter(stage="7")}
    assert text == "补发：晚了1个工作日"


def test_whoever_makes_up_for_each_day_stacks_them(silent):
    """The control: the days one by one, as if each had been ticked."""
    for day in (19, 20, 21):
        planning.plan(date(2022, 4, day))
    assert max(stages().values()) == 3
