"""What goes on when planning fails, and that it is seen (reliability.md §2 A16)."""

from dataclasses import replace
from datetime import date
from functools import partial

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError, connection, transaction

from reminders import registry, services, signs, tasks

pytestmark = pytest.mark.django_db
DAY = date(2022, 4, 15)


@pytest.fixture
def broken(monkeypatch):
    """One type asks what no database can answer."""
    name = "duties.remark"
    columns = "1/0 AS subject, 1 AS deadline_version, '' AS stage, '' AS reading, "
    columns += "1 AS recipient_id, 1 AS programme_id, 1 AS unit_id, '{}'::jsonb AS facts"
    bad = replace(registry.get(name), select=lambda _on: registry.Select(f"SELECT {columns}", {}))
    monkeypatch.setitem(registry._types, name, bad)
    return bad


def test_a_type_that_fails_stops_no_other_and_is_remembered(
    city, data_officer, broken, mailoutbox, monkeypatch
):
    planned = services.tick()
    assert planned["duties.deadline"]
    assert broken.name not in planned
    assert signs.current().broken == (broken.name,)
    assert services.deliver().sent == 1
    monkeypatch.undo()
    services.tick()
    assert signs.current().broken == ()


def outage(error):
    def select(_on=None):
        raise error

    return select


def test_what_ends_the_whole_run_is_no_fault_of_a_type(broken, monkeypatch):
    late = replace(broken, select=outage(SoftTimeLimitExceeded()))
    monkeypatch.setitem(registry._types, broken.name, late)
    with pytest.raises(SoftTimeLimitExceeded):
        services.plan(DAY)

    gone = outage(OperationalError("server closed the connection unexpectedly"))
    monkeypatch.setitem(registry._types, broken.name, replace(broken, select=gone))
    monkeypatch.setattr(connection, "savepoint_rollback", gone)
    with pytest.raises(OperationalError):
        services.plan(DAY)
    transaction.set_rollback(False)  # the line was never gone


def test_a_long_queue_is_left_to_the_next_bell(waiting, mailoutbox, monkeypatch):
    """A message at a time, and no patience."""
    waiting(2)
    monkeypatch.setattr(services, "deliver", partial(services.deliver, 1))
    monkeypatch.setattr(tasks, "LONGEST", 0)
    for sent in (1, 2):
        tasks.plan_and_deliver()
        assert len(mailoutbox) == sent


def test_what_waits_leaves_also_when_planning_fails(waiting, mailoutbox, monkeypatch):
    (delivery,) = waiting()
    monkeypatch.setattr(services, "tick", outage(KeyError("facts")))
    with pytest.raises(KeyError):
        tasks.plan_and_deliver()
    assert [mail.to for mail in mailoutbox] == [[delivery.endpoint.address]]
    monkeypatch.setattr(services, "tick", outage(SoftTimeLimitExceeded()))
    waiting()
    with pytest.raises(SoftTimeLimitExceeded):
        tasks.plan_and_deliver()
    assert len(mailoutbox) == 1, "the time is up for all of it"
