"""提醒记录 of a task: all that was told about it, whatever it was told of."""

import pytest
from django.db import connection

from core import audit, clock
from duties.queries.dossier import told
from tests.factories.duties import (
    ExtensionFactory,
    OrderFactory,
    RemarkFactory,
    SlipFactory,
)
from tests.factories.reminders import NoticeFactory

pytestmark = pytest.mark.django_db


def test_slips_extensions_remarks_and_the_order_belong_to_the_task(
    city, officer, data_officer, stranger
):
    task = city.assignment(city.department)
    order = OrderFactory(
        programme=city.programme,
        obligation=task.obligation,
        state="issued",
        issued_at=clock.now(),
        issued_on=clock.today(),
    )
    hanging = [make(assignment=task) for make in (SlipFactory, ExtensionFactory, RemarkFactory)]
    facts = {"programme": city.programme, "unit": city.department}
    expected = {
        NoticeFactory(subject=audit.label(row), recipient=data_officer, **facts).pk
        for row in (task, order, *hanging)
    }
    others = SlipFactory(assignment=city.assignment(city.district))
    facts["unit"] = city.district
    for row in (others, order, city.assignment(city.district)):
        NoticeFactory(subject=audit.label(row), recipient=stranger, **facts)
    assert {row.pk for row in told(task, user=officer)} == expected
    assert {row.pk for row in told(task, user=data_officer)} == expected
    assert not told(task, user=stranger), "of the own task alone"


def test_it_is_found_through_the_index_of_subjects(city, officer):
    task = city.assignment(city.department)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan TO off")
    plan = told(task, user=officer).explain()
    assert "notice_by_subject" in plan
    assert "subject)::text = ANY" in plan
