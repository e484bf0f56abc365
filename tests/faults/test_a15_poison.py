"""A15: rows that cannot be put into words, among many: the others leave, these are given up after five
tries and say why."""

import time
from datetime import timedelta

import pytest

from cdo_portal.launcher.processes import until
from core import clock
from reminders.models import Delivery
from tests.faults.laying import lay

pytestmark = [pytest.mark.slow]


def deliver_all(fleet, good):
    """Seconds until nothing but poison is left; then the tries that this has yet to come."""
    began = time.monotonic()
    open_ = Delivery.rows.exclude(state__in=["sent", "failed"])
    for _worker in range(2):
        fleet.start("drain")
    assert until(lambda: Delivery.rows.filter(state="sent").count() == good, 1200)
    took = time.monotonic() - began
    fleet.kill_all()
    past = clock.now() - timedelta(seconds=1)
    open_.filter(lease_until__isnull=False).update(lease_until=past)
    for _try in range(6):
        open_.update(next_at=past)
        assert fleet.do("deliver") == 0
    return took


def test_a_bad_row_stops_nobody(fleet, scale, figure):
    many, bad = scale(60, 20_000), scale(3, 20)
    lay(many, fleet.ports["http"], marks="P" * bad, channels=("email",))
    took = deliver_all(fleet, many - bad)
    report = fleet.judge(many)["email"]
    figure("A15", reminders=many, seconds=round(took, 1), **report)
    assert (report["lost"], report["failed"], report["twice"], report["limbo"]) == (0, bad, 0, 0)
    rows = Delivery.rows.filter(state="failed")
    assert set(rows.values_list("tries", "last_error")) == {(5, "ValueError: poison")}


def test_without_looking_at_each_alone_a_bad_row_stops_its_batch(fleet):
    """The control."""
    lay(10, fleet.ports["http"], marks="P", channels=("email",))
    assert fleet.do("deliver", control="no_care") == 1
    assert fleet.judge(10)["email"]["lost"] == 10
