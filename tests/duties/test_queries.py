"""Reads of duties: matrix, to-do list, desk, burn-up, register."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from duties.choices import Light
from duties.models import LightRule
from duties.queries import (
    burn_up,
    doubts,
    exceptions_by_unit,
    matrix,
    own_rows,
    register,
    slots,
    tally,
    todo_of,
    unreachable,
    unreported,
)
from duties.services import fulfil
from pilots.models import Unit
from pilots.queries import taking_part
from pilots.services import rename_unit
from tests.factories.duties import AssignmentFactory
from tests.factories.pilots import EnrolmentFactory, MembershipFactory, UnitFactory

pytestmark = pytest.mark.django_db
APRIL_15 = date(2022, 4, 15)


def rule(on: date = APRIL_15) -> LightRule:
    return LightRule.for_day(on)


def test_the_matrix_takes_at_most_six_queries(city, officer):
    today = rule()
    list(matrix(city.programme, user=officer, rule=today).groups)  # reads the memberships once
    with CaptureQueriesContext(connection) as queries:
        matrix(city.programme, user=officer, rule=today)
    assert len(queries) <= 6


def test_a_row_bears_the_name_of_its_day(city, officer):
    rename_unit(
        city.department, full_name="测试市公安总局", short_name="公安总局", on=APRIL_15, by=officer
    )

    def names(on):
        found = matrix(city.programme, user=officer, rule=rule(on))
        return [row.enrolment.unit.short_name for group in found.groups for row in group.rows]

    assert "公安总局" in names(APRIL_15)
    assert "公安总局" not in names(date(2022, 4, 14))


def test_a_unit_sees_only_its_own_row(city, data_officer):
    found = matrix(city.programme, user=data_officer, rule=rule())
    assert [row.enrolment.unit for group in found.groups for row in group.rows] == [city.department]


def test_the_worst_occurrence_of_a_demand_shows(city, officer):
    AssignmentFactory(
        obligation=city.obligations["report"],
        enrolment=city.enrolment(city.department),
        occurrence="2022Q1",
        due_on=date(2022, 4, 1),
        latest_on=date(2022, 4, 1),
    )
    found = matrix(city.programme, user=officer, rule=rule())
    row = next(
        row for group in found.groups for row in group.rows if row.enrolment.unit == city.department
    )
    assert row.worst == Light.OVERDUE
    assert [row.enrolment.unit for group in _exceptions(city, officer) for row in group.rows]


def _exceptions(city, officer):
    found = matrix(city.programme, user=officer, rule=rule(), only_exceptions=True)
    return found.groups


def test_nobody_else_to_tell_where_somebody_may_log_in(city, officer, data_officer):
    def present():
        return taking_part(city.programme, user=officer, on=APRIL_15)

    assert [row.unit for row in unreachable(present())] == [
        city.government,
        city.district,
    ]
    slot = UnitFactory(is_slot=True)
    EnrolmentFactory(programme=city.programme, unit=slot, certainty="slot")
    assert slot not in [row.unit for row in unreachable(present())]
    assert slots(present()) == 1


def test_late_units_come_first(city, officer):
    late = date(2022, 5, 10)
    done = city.assignment(city.government, "training")
    for key in ("a", "b"):
        fulfil(done, source_key=key, happened_on=APRIL_15, by=officer)
    units, more = exceptions_by_unit(city.programme, user=officer, rule=rule(late), most=1)
    assert [entry.unit for entry in units] == [city.department]
    assert more == 1
    assert {task.light(rule(late)) for task in units[0].tasks} == {Light.OVERDUE}


def test_a_doubt_is_asked_until_it_is_decided(city, officer):
    from duties.services import decide_reading

    asked = doubts(city.programme, user=officer)
    assert [(row.obligation, row.waiting) for row in asked] == [(city.obligations["training"], 3)]
    decide_reading(asked[0].obligation, due_on=date(2022, 4, 30), by=officer, basis="已核对")
    assert doubts(city.programme, user=officer) == []


def test_what_is_not_reported_is_due_minus_done(city, officer):
    counts = tally(city.programme, user=officer, rule=rule())
    missing = unreported(city.programme, user=officer, rule=rule())
    assert len(missing) == counts.reports_due - counts.reports_done == 2


def test_the_to_do_list_of_two_units_is_one_list(city, data_officer):
    assert todo_of(data_officer, rule()).total == 3
    MembershipFactory(user=data_officer, unit=city.district)
    assert todo_of(data_officer, rule()).total == 6


def test_a_bureau_officer_has_no_to_do_list_of_units(city, officer):
    assert todo_of(officer, rule()).total == 0
    assert own_rows(city.programme, user=officer, rule=rule()) == []


def test_the_burn_up_counts_dated_work_and_knows_no_future(city, officer):
    fulfil(city.assignment(city.district), source_key="r", happened_on=date(2022, 4, 1), by=officer)
    city.programme.refresh_from_db()
    points = burn_up(city.programme, user=officer, on=APRIL_15)
    assert [(point.day.isoformat(), point.due, point.done) for point in points] == [
        ("2021-08-03", 0, 0),
        ("2022-04-01", 0, 1),
        ("2022-04-15", 0, 1),
        ("2022-04-30", 5, None),
    ]


def test_the_register_names_people_and_counts_tasks(city, officer, data_officer, unit_cdo):
    units = Unit.rows.filter(pk=city.department.pk)
    entry = register(city.programme, units, user=officer, rule=rule())[city.department.pk]
    assert {person.user for person in entry.people} == {data_officer, unit_cdo}
    assert (entry.done, entry.total) == (0, 3)
    assert len(entry.areas) == 2
    assert entry.changed_at is not None


def test_the_register_takes_the_same_queries_for_fifty_units(city, officer):
    def cost():
        units = list(Unit.rows.all())
        today = rule()
        with CaptureQueriesContext(connection) as queries:
            register(city.programme, units, user=officer, rule=today)
        return len(queries)

    cost()
    first = cost()
    for _number in range(47):
        EnrolmentFactory(programme=city.programme)
    assert cost() == first
