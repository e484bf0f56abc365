"""Bodies that are named, merged or enrolled later get what they owe, once."""

from datetime import date
from threading import Thread

import pytest
from django.db import connection

from duties import tasks
from duties.models import Assignment, LightRule
from duties.queries import matrix
from duties.services import sync_all, sync_assignments
from tests.conftest import make_city
from tests.factories.duties import DutyItemFactory
from tests.factories.pilots import EnrolmentFactory, UnitFactory


def test_a_body_enrolled_later_gets_its_assignments_at_the_next_sync(city):
    EnrolmentFactory(programme=city.programme, unit=UnitFactory(name="市气象局"))
    assert sync_all() == 3  # summary, training, plan
    assert sync_all() == 0


def test_a_body_whose_part_has_ended_gets_nothing_new(city):
    EnrolmentFactory(programme=city.programme, ends_on=date(2022, 4, 14))
    assert sync_assignments(city.programme, by=None)["created"] == 0
    assert sync_assignments(city.programme, by=None, on=date(2022, 4, 14))["created"] == 3


def test_a_closed_programme_is_left_alone(city):
    city.programme.phase, city.programme.closed_on = "closed", date(2022, 4, 1)
    city.programme.save()
    EnrolmentFactory(programme=city.programme)
    tasks.sync_assignments()
    assert not Assignment.rows.filter(
        enrolment__unit__names__short_name__startswith="测试单位"
    ).exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_create_each_assignment_once():
    city = make_city()
    EnrolmentFactory(programme=city.programme)
    errors = []

    def sync():
        try:
            sync_assignments(city.programme, by=None)
        except Exception as error:  # noqa: BLE001 - whatever it is, the test must hear of it
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=sync) for _place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    numbers = list(Assignment.rows.values_list("number", flat=True))
    assert len(numbers) == len(set(numbers)) == 11


def test_an_item_that_names_its_units_counts_for_them_alone(city, officer):
    item = DutyItemFactory(area=city.programme.areas.first(), kinds=[])
    item.units.add(city.district)
    found = matrix(city.programme, user=officer, rule=LightRule.for_day(date(2022, 4, 15)))
    totals = {
        row.enrolment.unit.short_name: row.areas[0].total
        for group in found.groups
        for row in group.rows
    }
    assert totals[city.district.short_name] == totals[city.government.short_name] + 1
