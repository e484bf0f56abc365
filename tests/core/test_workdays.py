"""Working days by the State Council's notices; vectors of domain.md D.7."""

from datetime import date

import pytest

from core import workdays
from core.models import WorkingDay
from core.workdays import Calendar

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2022-04-02", True),
        ("2022-04-04", False),
        ("2022-04-24", True),
        ("2022-04-30", False),
        ("2022-05-07", True),
        ("2021-09-18", True),
    ],
)
def test_make_up_days_work_and_holidays_do_not(day, works):
    on = date.fromisoformat(day)
    assert Calendar.around(on).is_working(on) is works


@pytest.mark.parametrize(
    ("deadline", "count", "expected"),
    [
        ("2022-04-30", 0, "2022-04-29"),
        ("2022-04-29", 1, "2022-04-28"),
        ("2022-04-29", 3, "2022-04-26"),
        ("2022-04-29", 5, "2022-04-24"),
        ("2022-04-29", 10, "2022-04-18"),
        ("2022-03-31", 3, "2022-03-28"),
        ("2022-03-31", 10, "2022-03-17"),
    ],
)
def test_counting_back_from_a_deadline(deadline, count, expected):
    day = date.fromisoformat(deadline)
    assert Calendar.around(day).back(day, count) == date.fromisoformat(expected)


def test_forward_is_the_inverse_of_back():
    day = date(2022, 4, 29)
    calendar = Calendar.around(day)
    assert all(calendar.forward(calendar.back(day, n), n) == day for n in range(30))


def test_april_2022_has_21_working_days():
    calendar = Calendar.around(date(2022, 4, 15))
    assert calendar.between(date(2022, 3, 31), date(2022, 4, 30)) == 21
    assert calendar.between(date(2022, 4, 30), date(2022, 3, 31)) == -21


def test_an_unknown_year_counts_weekdays_and_is_named():
    saturday = date(2031, 5, 3)
    assert not Calendar.around(saturday).is_working(saturday)
    assert workdays.unknown_years(date(2031, 5, 3)) == [2031]
    assert workdays.unknown_years(date(2022, 5, 3)) == []


def test_a_year_that_the_library_does_not_know_is_entered_as_provisional():
    workdays.seed([2031])
    row = WorkingDay.objects.get(day=date(2031, 5, 3))
    assert (row.is_working, row.is_provisional) == (False, True)
    assert workdays.unknown_years(date(2031, 5, 3)) == [2031]


def test_seeding_again_keeps_what_a_clerk_mended():
    WorkingDay.objects.filter(day=date(2022, 4, 15)).update(is_working=False, name="试点停工")
    assert workdays.seed([2022]) == 0
    day = date(2022, 4, 15)
    assert Calendar.around(day).on_or_after(day) == date(2022, 4, 18)


def test_the_row_says_its_day_and_state():
    assert str(WorkingDay.objects.get(day=date(2022, 4, 24))) == "2022-04-24 上班"
