"""`?on=`: names, enrolments, lights and counts of that day; the status stays today's and says so."""

from datetime import date

import pytest

from core import workdays
from duties import services as duties
from pilots import services as pilots
from tests.factories.pilots import EnrolmentFactory, ProgrammeFactory, UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def renamed(city, officer):
    """The department becomes 市数据局 on 2022-03-01."""
    pilots.rename_unit(
        city.department,
        full_name="测试市数据局",
        short_name="市数据局",
        on=date(2022, 3, 1),
        by=officer,
    )
    return city


@pytest.mark.parametrize(
    ("on", "name"),
    [
        ("2022-02-28", "测试市公安局"),
        ("2022-03-01", "市数据局"),
        ("2022-04-15", "市数据局"),
        (None, "市数据局"),
    ],
)
def test_units_answer_with_the_name_of_the_day(on, name, renamed, officer, read):
    query = {"on": on} if on else {}
    code = renamed.department.code
    row = read(officer, "units", code, **query)
    assert (row["short_name"], row["on"]) == (name, on or "2022-04-15")
    rows = read(officer, "units", **query)["results"]
    assert {each["id"]: each["short_name"] for each in rows}[code] == name
    assignment = read(officer, "assignments", unit=code, **query)["results"][0]
    assert assignment["unit_name"] == name


def test_units_answer_with_the_enrolments_of_the_day(city, officer, read, ids):
    row = city.enrolment(city.district)
    row.starts_on, row.ends_on = date(2021, 8, 3), date(2022, 3, 31)
    row.save()
    code = city.programme.code
    for on, enrolled in (
        ("2021-08-02", False),
        ("2021-08-03", True),
        ("2022-03-31", True),
        ("2022-04-01", False),
    ):
        assert (city.district.code in ids(officer, "units", programme=code, on=on)) is enrolled
        parts = read(officer, "units", city.district.code, on=on)["enrolments"]
        assert [part["programme"] for part in parts] == ([code] if enrolled else [])


def test_enrolments_in_programmes_that_the_reader_does_not_see_are_left_out(city, officer, read):
    elsewhere = EnrolmentFactory(programme=ProgrammeFactory(), unit=city.department)
    parts = read(officer, "units", city.department.code)["enrolments"]
    assert elsewhere.programme.code not in {part["programme"] for part in parts}


def test_an_enrolment_with_unknown_start_holds_and_says_so(city, officer, read):
    (part,) = read(officer, "units", city.department.code, on="2000-01-01")["enrolments"]
    assert (part["part"], part["starts_on"], part["certainty"]) == ("pilot", None, "stated")


@pytest.mark.parametrize(
    ("on", "light"),
    [
        ("2022-04-17", "normal"),
        ("2022-04-18", "due_soon"),
        ("2022-04-30", "due_soon"),
        ("2022-05-01", "overdue"),
    ],
)
def test_lights_are_those_of_the_day_in_row_filter_and_reason(on, light, city, officer, read):
    workdays.seed([2022])
    number = city.assignment(city.department).number
    row = read(officer, "assignments", number, on=on)
    assert (row["light"], row["on"], row["status_as_of"]) == (light, on, "2022-04-15")
    found = read(officer, "assignments", light=light, on=on)["results"]
    assert number in {each["id"] for each in found}
    assert {each["light"] for each in found} == {light}


def test_every_row_shows_the_light_it_was_filtered_by_on_any_day(city, officer, read):
    for on in ("2022-03-01", "2022-03-31", "2022-04-01", "2022-04-30", "2022-05-10"):
        everything = read(officer, "assignments", on=on)["results"]
        for light in {row["light"] for row in everything}:
            found = read(officer, "assignments", on=on, light=light)["results"]
            assert found == [row for row in everything if row["light"] == light]


def test_the_count_is_of_the_day_and_the_status_of_today(city, officer, read):
    assignment = city.assignment(city.department, "training")
    for place, day in enumerate((date(2022, 3, 1), date(2022, 4, 10))):
        duties.fulfil(assignment, source_key=f"t:{place}", happened_on=day, by=officer)
    then = read(officer, "assignments", assignment.number, on="2022-03-31")
    now = read(officer, "assignments", assignment.number)
    assert (then["done"], then["light"]) == (1, "due_soon")
    assert (now["done"], now["light"]) == (2, "done")
    assert (then["status"], then["status_as_of"], then["done_on"]) == (
        "done",
        "2022-04-15",
        "2022-04-10",
    )


def test_memberships_of_the_day(city, officer, data_officer, read, ids):
    row = data_officer.memberships.get()
    row.starts_on, row.ends_on = date(2022, 1, 1), date(2022, 3, 31)
    row.save()
    assert row.pk in ids(officer, "memberships", on="2022-02-01")
    assert row.pk not in ids(officer, "memberships", on="2021-12-31")
    assert row.pk not in ids(officer, "memberships", on="2022-04-01")
    assert read(officer, "memberships", row.pk, on="2022-02-01")["is_live"] is True
    assert read(officer, "memberships", row.pk)["is_live"] is False


def test_a_slot_that_became_a_body_counts_once_on_every_day(city, officer, ids):
    slot = UnitFactory(is_slot=True, name="待补名一")
    EnrolmentFactory(programme=city.programme, unit=slot, certainty="slot")
    body = UnitFactory(name="市新设局")
    pilots.identify_slot(slot, body, on=date(2022, 4, 1), by=officer)
    for on in ("2022-01-01", "2022-04-15"):
        found = ids(officer, "units", programme=city.programme.code, on=on)
        assert (len(found), body.code in found, slot.code in found) == (4, True, False)
