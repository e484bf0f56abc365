"""The small city with people in office, and events of its department."""

from datetime import date

import pytest

from core import files
from duties.services import sync_assignments
from tests.factories.duties import ObligationFactory
from tests.officers.cast import ruled
from trainings import services

MARCH = date(2022, 3, 2)
PDF = b"%PDF-1.4 sign-in"


@pytest.fixture
def register(city):
    return ruled(city)


@pytest.fixture
def exchange(city):
    """「市和试点区需组织2次首席数据官业务交流会」: the government and the district owe two."""
    row = ObligationFactory(
        programme=city.programme,
        clause=city.obligations["plan"].clause,
        nature="exchange",
        title="组织首席数据官业务交流会",
        short_title="交流会",
        kinds=["city_government", "district_government"],
        quantity=2,
        due_on=date(2022, 3, 31),
        latest_on=date(2022, 4, 30),
        wording="在2022年4月前",
    )
    sync_assignments(city.programme, by=None)
    return row


@pytest.fixture
def department(city):
    return city.enrolment(city.department)


@pytest.fixture
def plan(city, officer):
    """`plan(unit, …)`: an event of those units, entered by the bureau."""

    def planned(*units, by=None, **facts):
        given = {"kind": "training", "title": "数据目录业务培训", "starts_on": MARCH, **facts}
        hosts = [city.enrolment(unit) for unit in units]
        return services.plan_event(city.programme, hosts, by=by or officer, **given)

    return planned


@pytest.fixture
def hold(plan, officer):
    """`hold(unit, …)`: the same, held, with a sign-in sheet unless `proof` is False."""

    def held(*units, proof=True, by=None, **facts):
        row = services.hold_event(plan(*units, by=by, **facts), by=by or officer)
        if proof:
            prove(row, by or officer)
        row.refresh_from_db()
        return row

    return held


def prove(row, by, kind="sign_in", content=PDF):
    stored = files.store([content], media_type="application/pdf")
    return services.add_file(row, kind, stored=stored, name="签到表.pdf", by=by)


@pytest.fixture
def count(city):
    """`count(unit)`: what stands in the task of that nature, counted by SQL of its own."""
    from django.db import connection

    def counted(unit, nature="training"):
        task = city.assignment(unit, nature)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM duties_fulfilment"
                " WHERE assignment_id = %s AND voided_at IS NULL",
                [task.pk],
            )
            return cursor.fetchone()[0]

    return counted
