"""Planning a day on which every task of the world is due: what a national deadline would ask for.

The aim is two seconds for 20,000 notices (docs/bench.md), one statement a type."""

import time
from datetime import date

from django.db import connection

from accounts.models import User
from cdo_portal.bench import world
from core import clock
from pilots.models import Enrolment, Membership
from reminders import services

PLANNED_ON = date(2022, 5, 10)
# Three days later: the stage of every programme that has no rules of its own.
DUE = """
UPDATE duties_assignment SET due_on = date '2022-05-13', original_due_on = date '2022-05-13',
       latest_on = date '2022-05-13', last_workday_on = date '2022-05-13',
       latest_workday_on = date '2022-05-13'
"""


def measure() -> dict[str, float]:
    """Seconds to plan that day, and again when all is told."""
    _clerks()
    with connection.cursor() as cursor:
        cursor.execute(DUE)
    world.analyse()
    began = time.monotonic()
    planned = sum(services.plan(PLANNED_ON).values())
    first = time.monotonic() - began
    began = time.monotonic()
    services.plan(PLANNED_ON)
    return {"notices": planned, "seconds": first, "again_seconds": time.monotonic() - began}


def _clerks() -> None:
    """One in each unit, with an address for mail."""
    now = clock.now()
    units = Enrolment.rows.pilots().values_list("unit_id", flat=True)
    people = User.objects.bulk_create(
        User(username=name, display_name=name, email=f"{name}@example.org", created_at=now)
        for name in (f"clerk{unit}" for unit in units)
    )
    Membership.rows.bulk_create(
        Membership(user=person, unit_id=unit, role="data_officer")
        for person, unit in zip(people, units, strict=True)
    )
