"""A12: nothing stale leaves. A task is done, moved or given to somebody else while its reminder is due,
queued or claimed; no send begins a minute after that."""

import threading
from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import transaction

from core import clock, faults
from duties import services as duties
from duties.models import Assignment
from duties.services.assignments import _move_deadlines
from pilots import services as pilots
from reminders import services
from reminders.models import Delivery, DeliveryLine, Notice
from reminders.services import composing
from tests.at_once import at_once

DAY = date(2022, 4, 15)
MINUTE = timedelta(minutes=1)
SEAMS = ("before_plan", "after_plan", "after_claim", "before_sending", "after_sending")


def done(city, person, officer):
    for nature, keys in (("report", "a"), ("training", "bc")):
        for key in keys:
            row = city.assignment(city.department, nature)
            duties.fulfil(row, source_key=key, happened_on=DAY, by=officer)


def moved(city, person, officer):
    obligation = city.obligations["training"]
    duties.decide_reading(obligation, due_on=date(2022, 4, 18), by=officer, basis="电话记录")


def left(city, person, officer):
    pilots.revoke_membership(person.memberships.get(), by=officer)


def tell_all(acts):
    """Plan and deliver; each act happens at its seam. Returns when they were over."""
    over = []

    def happen(act):
        act()
        over.append(clock.now())

    for point, act in acts.items():
        faults.arm(point, act=lambda act=act: happen(act))
    services.plan(DAY)
    services.deliver()
    faults.disarm()
    return over


def stale(since, task):
    """Lines about the task in messages whose sending began a minute after that."""
    return DeliveryLine.objects.filter(
        delivery__state="sent",
        delivery__started_at__gt=since + MINUTE,
        cancelled_at=None,
        notice__type="duties.deadline",
        notice__deadline_version=1,
        notice__subject=f"assignment:{task.number}",
    )


@pytest.mark.django_db
@pytest.mark.parametrize("point", SEAMS)
@pytest.mark.parametrize("act", [done, moved, left])
def test_what_is_over_is_not_told(city, data_officer, officer, smtp, act, point):
    (over,) = tell_all({point: lambda: act(city, data_officer, officer)})
    clock.shift(clock._offset + 2 * MINUTE)
    services.plan(DAY)
    Delivery.rows.exclude(state="sent").update(next_at=clock.now())
    services.deliver()
    task = city.assignment(city.department, "training")
    assert not stale(over, task).exists()
    told = Notice.rows.filter(recipient=data_officer, type="duties.deadline", deadline_version=2)
    assert Counter(told.values_list("subject", flat=True)) == (
        {f"assignment:{task.number}": 1} if act is moved else {}
    ), "a new day is told of once more, and nothing else"


@pytest.mark.django_db
def test_without_asking_again_what_is_over_is_told(city, data_officer, officer, smtp, monkeypatch):
    """The control."""
    monkeypatch.setattr(composing, "holding", lambda rows: {row.pk for row in rows})
    services.plan(DAY)
    done(city, data_officer, officer)
    over = clock.now()
    clock.shift(clock._offset + 2 * MINUTE)
    services.deliver()
    assert stale(over, city.assignment(city.department, "training")).exists()


@pytest.mark.django_db(transaction=True)
def test_each_new_day_has_one_set_however_the_two_race(
    city, data_officer, officer, smtp, scale, figure
):
    """A worker delivers what is due while the bureau moves the day again and again."""
    races, obligation = scale(12, 1000), city.obligations["training"]
    over = threading.Event()

    def move():
        try:
            for number in range(races):
                day = date(2022, 4, 28 if number % 2 else 29)
                with transaction.atomic():
                    rows = Assignment.rows.filter(obligation=obligation).select_for_update()
                    obligation.due_on = obligation.latest_on = day
                    _move_deadlines(obligation, list(rows.order_by("pk")))
        finally:
            over.set()

    def tell():
        while not over.is_set():
            services.plan(DAY)
            Delivery.rows.filter(state="planned").update(next_at=clock.now())
            services.deliver()

    assert at_once(move, tell) == [None, None]
    services.plan(DAY)
    task = city.assignment(city.department, "training")
    told = Counter(
        Notice.rows.filter(subject=f"assignment:{task.number}", type="duties.deadline").values_list(
            "deadline_version", "stage", "recipient"
        )
    )
    lines = DeliveryLine.objects.filter(notice__subject=f"assignment:{task.number}")
    old = lines.exclude(notice__deadline_version=task.deadline_version)
    figure("A12", races=races, sets=len(told), most=max(told.values()))
    assert set(told.values()) == {1}
    assert not old.filter(cancelled_at=None, delivery__state__in=["planned", "retry"]).exists()
