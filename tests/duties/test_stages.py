"""The stages of house.md §6.4 against a model that walks the calendar day by day, and knows no SQL."""

import random
from datetime import date, timedelta
from functools import cache

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.workdays import Calendar
from duties.models import Assignment
from duties.services import sync_assignments
from duties.stages import STAGES, bounds, stage_label, stage_words
from reminders.models import Notice
from tests.factories.duties import ObligationFactory
from tests.factories.pilots import (
    EnrolmentFactory,
    MembershipFactory,
    ProgrammeFactory,
    UnitFactory,
)
from tests.reminders.part import plan_only

DAY = timedelta(days=1)
FIRST, LAST = date(2021, 6, 1), date(2023, 3, 1)


def days(first, last):
    return [first + DAY * step for step in range((last - first).days + 1)]


WORKDAYS = [day for day in days(FIRST, LAST) if chinese_calendar.is_workday(day)]
CALENDAR = Calendar({day: chinese_calendar.is_workday(day) for day in days(FIRST, LAST)})

# (due, latest): month's end in the May holiday, both readings of 4月前, days inside the National
# Day, the Spring Festival and the May holiday, a Sunday that is worked, plain days.
DEADLINES = [
    (date(2022, 4, 30), date(2022, 4, 30)),
    (date(2022, 3, 31), date(2022, 4, 30)),
    (date(2021, 10, 3), date(2021, 10, 3)),
    (date(2022, 2, 4), date(2022, 2, 4)),
    (date(2022, 5, 3), date(2022, 5, 12)),
    (date(2022, 4, 24), date(2022, 4, 24)),
    (date(2021, 12, 31), date(2022, 1, 1)),
    (date(2021, 9, 16), date(2021, 9, 16)),
    (date(2021, 8, 10), date(2021, 8, 10)),
    (date(2022, 7, 13), date(2022, 7, 31)),
]
STARTED = date(2021, 9, 6)


@cache
def events(due, latest):
    """Every stage of a deadline as (reading, stage, day), by counting working days one by one."""
    found = []
    for reading, day in (("due", due), ("latest", latest)):
        if reading == "latest" and latest == due:
            continue
        last = max(work for work in WORKDAYS if work <= day)
        place = WORKDAYS.index(last)
        found += [(reading, str(stage), WORKDAYS[place - stage]) for stage in STAGES]
    after = "latest" if latest > due else "due"
    found.append((after, "overdue", min(work for work in WORKDAYS if work > latest)))
    week = 1
    while latest + 7 * week * DAY < LAST - 30 * DAY:
        moved = min(work for work in WORKDAYS if work >= latest + 7 * week * DAY)
        found.append((after, f"overdue+{week}", moved))
        week += 1
    return found


def newest(due, latest, on):
    """The one stage that stands on the day, or None: of the reading that counts then."""
    counts = "latest" if latest > due and due < on else "due"
    come = [event for event in events(due, latest) if event[0] == counts and event[2] <= on]
    return max(come, key=lambda event: (event[2], _rank(event[1])), default=None)


def _rank(stage):
    kind, number = stage_label(stage)
    return 100 + number if kind == "overdue" else -number


@pytest.fixture
def follow(db):
    """One unit with a clerk and a CDO, and an assignment for each deadline."""
    programme = ProgrammeFactory(phase="running", started_on=STARTED)
    unit = UnitFactory()
    EnrolmentFactory(programme=programme, unit=unit)
    clerk = MembershipFactory(unit=unit, role="data_officer").user
    cdo = MembershipFactory(unit=unit, role="unit_cdo").user
    for due, latest in DEADLINES:
        ObligationFactory(programme=programme, due_on=due, latest_on=latest)
    sync_assignments(programme, by=None)
    numbers = {
        number: (due, latest)
        for number, due, latest in Assignment.rows.values_list("number", "due_on", "latest_on")
    }
    return numbers, clerk, cdo


def expected(numbers, clerk, cdo, on, told):
    found = set()
    for number, (due, latest) in numbers.items():
        event = newest(due, latest, on)
        if event is None or event[2] < STARTED:
            continue
        reading, stage, _day = event
        people = [clerk, cdo] if _rank(stage) >= -3 else [clerk]
        found |= {(number, reading, stage, person.pk) for person in people}
    return found - told


@pytest.mark.parametrize("seed", [None, 1, 2])
def test_every_day_of_a_year_tells_what_the_calendar_says(follow, seed):
    """Without a seed every day is planned; with one, days are missed and caught up."""
    chance, told = random.Random(seed), set()
    for on in days(date(2021, 9, 1), date(2022, 8, 31)):
        if seed is not None and chance.random() < 0.7:
            continue
        plan_only("duties.", on)
        rows = Notice.rows.filter(for_on=on).values_list(
            "facts__number", "reading", "stage", "recipient_id"
        )
        wanted = expected(*follow, on, told)
        assert set(rows) == wanted, on
        told |= wanted
    assert len(told) > 300 if seed is None else len(told) > 100


@settings(max_examples=300, deadline=None)
@given(
    on=st.dates(date(2021, 9, 1), date(2022, 11, 1)),
    started=st.dates(date(2021, 8, 1), date(2022, 11, 1)),
    last=st.sampled_from([day for day in WORKDAYS if date(2021, 9, 1) < day < date(2022, 12, 1)]),
)
def test_bounds_turn_the_calendar_round(on, started, last):
    """`reached_on` and `before_on` say of a deadline's last working day what walking back from it says."""
    found = bounds(CALENDAR, on=on, started_on=started)
    place = WORKDAYS.index(last)
    for bound in found.stages:
        day = WORKDAYS[place - bound.stage]
        assert (last <= bound.reached_on) == (day <= on)
        assert (last > bound.before_on) == (day >= started)


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        ("14", "提前14个工作日"),
        ("0", "截止前最后一个工作日"),
        ("overdue", "逾期"),
        ("overdue+3", "逾期3周"),
    ],
)
def test_a_stage_in_words(stage, words):
    assert stage_words(stage) == words
