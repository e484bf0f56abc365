"""A14: twenty thousand at once: planned in one go, out of the door in minutes, with a worker that does not
grow. The rates are measured by `./portal bench`; here nothing may be lost on the way."""

import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from cdo_portal.launcher.processes import until
from reminders.models import Delivery, Notice
from reminders.services import claiming
from tests.faults.judging import all_sent, assert_clean
from tests.faults.laying import lay, people_to_tell
from tests.plans import nodes, rows

pytestmark = [pytest.mark.slow]
WORKERS = 4


def megabytes(pid):
    """Of a process, in memory of its own: what it shares with the nursery is not counted."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    return sum(int(line.split()[1]) for line in rollup.splitlines() if "Private" in line) / 1024


def test_all_are_planned_in_one_go_and_leave(fleet, scale, figure):
    many = scale(60, 20_000)
    people_to_tell(many, fleet.ports["http"])
    began = time.monotonic()
    assert fleet.do("plan") == 0
    planned = time.monotonic() - began
    assert (Notice.rows.count(), Delivery.rows.count()) == (many, 3 * many)
    began = time.monotonic()
    workers = [fleet.start("drain") for _number in range(WORKERS)]
    half = 3 * many // 2
    assert until(lambda: Delivery.rows.filter(state="sent").count() > half, 1200)
    middle = max(map(megabytes, workers))
    assert until(all_sent, 1200)
    took, end = time.monotonic() - began, max(map(megabytes, workers))
    report = fleet.judge(many)
    figure("A14", many=many, planned_s=round(planned, 2), sent_s=round(took, 1),
           own_mb=[round(middle), round(end)], **report)  # fmt: skip
    assert_clean(report)
    assert end <= middle * 1.2 + 10, "a worker does not grow with what it sends"


def rows_read(settings):
    """Rows that one claim of sixty handles, those of addresses too."""
    facts = {"owner": "x", "lease": timedelta(minutes=5), "limit": 60, "channel": "email"}
    found = nodes(claiming.CLAIM, facts, settings)
    return sum(map(rows, found))


@pytest.mark.django_db
def test_a_claim_reads_what_it_takes_though_thousands_came_since_the_tables_were_analysed():
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE reminders_delivery, reminders_endpoint")  # next to nothing in them
    lay(1500, 1, channels=("email",))
    sorts = "SET LOCAL enable_indexscan TO off; SET LOCAL enable_indexonlyscan TO off;"
    assert rows_read(sorts) >= 1500, "the control: what such tables may lead the planner to"
    reset = sorts.replace("off", "DEFAULT")
    assert rows_read(reset + claiming.IN_ORDER) <= 60 * 20
