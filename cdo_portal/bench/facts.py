"""Automatic facts of one round over all bodies of the world: what a national evaluation would ask for.

The aim is 60 seconds for 20,000 units (docs/bench.md); twice the units are to take twice the time."""

import time
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from core import clock
from evaluations.models import FactValue, Round, Scheme, SchemeVersion, Scorecard
from evaluations.queries.facts import read_facts
from officers.models import Appointment, Person, Post
from pilots.models import Enrolment, Programme

ON = date(2022, 12, 31)
STARTS_ON = date(2022, 1, 1)
# Half of the tasks are done, every seventh of them late.
DONE = """
UPDATE duties_assignment SET status = 'done', closed_at = now(),
       done_on = coalesce(due_on, date '2022-03-01') + CASE WHEN id % 7 = 0 THEN 5 ELSE -3 END
WHERE id % 2 = 0 AND status = 'assigned'
"""
FULFIL = """
INSERT INTO duties_fulfilment (assignment_id, source_key, happened_on, created_at, note, void_reason)
SELECT id, 'bench:' || id, done_on, now(), '', '' FROM duties_assignment WHERE status = 'done'
ON CONFLICT DO NOTHING
"""
NATURES = """
UPDATE duties_obligation SET nature = CASE position % 5
    WHEN 1 THEN 'training' WHEN 2 THEN 'exchange' WHEN 3 THEN 'plan' ELSE nature END
WHERE code LIKE 'bench-%'
"""


def measure() -> dict[str, Any]:
    """Seconds to read every fact of every body, and again when all is there."""
    round_ = _round()
    found: dict[str, Any] = {"units": Scorecard.rows.filter(round=round_).count()}
    for name in ("seconds", "again_seconds"):
        began = time.monotonic()
        found["values"] = read_facts(round_, ON)
        found[name] = time.monotonic() - began
    found["applicable"] = FactValue.objects.filter(value__isnull=False).count()
    return found


def _round() -> Round:
    """One round of all pilots of the world, with something to count."""
    with connection.cursor() as cursor:
        for statement in (NATURES, DONE, FULFIL):
            cursor.execute(statement)
    _appoint()
    now, programme = clock.now(), Programme.rows.filter(code__startswith="bench-").first()
    scheme = Scheme.rows.create(code="bench", programme=programme, title="测算", created_at=now)
    version = SchemeVersion.rows.create(
        scheme=scheme, created_at=now, updated_at=now, full=Decimal(100)
    )
    days = dict.fromkeys(("self_by", "unit_by", "review_by", "moved_on"), ON)
    made = Round.rows.create(
        number="PJ-2022-9999",
        programme=programme,
        scheme_version=version,
        title="测算",
        starts_on=STARTS_ON,
        ends_on=ON,
        created_at=now,
        updated_at=now,
        **days,
    )
    pilots = Enrolment.rows.pilots().filter(programme__code__startswith="bench-")
    Scorecard.rows.bulk_create(
        (Scorecard(round=made, enrolment_id=pk, updated_at=now)
         for pk in pilots.values_list("pk", flat=True)),
        batch_size=5000,
    )  # fmt: skip
    return made  # not analysed: the facts of a new round are read at once


def _appoint() -> None:
    """A CDO in every unit, since a day of its own."""
    now = clock.now()
    post, _new = Post.objects.get_or_create(
        code="cdo",
        defaults={"name": "首席数据官", "name_en": "Chief Data Officer", "source": "bench"},
    )
    pilots = Enrolment.rows.pilots().filter(programme__code__startswith="bench-")
    units = list(pilots.values_list("unit_id", flat=True))
    people = Person.rows.bulk_create(
        (Person(name=f"测算{place}", unit_id=unit, created_at=now, updated_at=now)
         for place, unit in enumerate(units)),
        batch_size=5000,
    )  # fmt: skip
    Appointment.rows.bulk_create(
        (Appointment(number=f"RM-2022-{place:05d}", person=person, unit_id=person.unit_id, post=post,
                     status="appointed", starts_on=date(2022, 1 + place % 12, 1), created_at=now,
                     appointed_at=now, updated_at=now)
         for place, person in enumerate(people, start=1)),
        batch_size=5000,
    )  # fmt: skip
