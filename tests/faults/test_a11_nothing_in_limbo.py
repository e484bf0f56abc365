"""A11: nothing stays in limbo, and what went missing is planned anew."""

import random
from datetime import date, timedelta

import pytest
from django.db import connection

from core import clock
from core.models import AuditEntry
from reminders import services, signs
from reminders.models import Delivery, DeliveryLine, Hole, Notice
from reminders.services import claiming, planning
from tests.factories.reminders import DeliveryFactory, NoticeFactory

pytestmark = pytest.mark.django_db
DAY = date(2022, 4, 15)
SENDING = {"state": "sending", "owner": "dead", "tries": 1}


def ago(**span):
    return clock.now() - timedelta(**span)


def test_what_a_dead_worker_left_is_found_and_told_within_the_quarter_of_an_hour(waiting, smtp):
    """Leases run five minutes: after six none is older."""
    rows = waiting(6)
    keys = [row.pk for row in rows]
    Delivery.rows.filter(pk__in=keys[:3]).update(**SENDING, lease_until=ago(seconds=1))
    Delivery.rows.filter(pk__in=keys[3:]).update(owner="dead", lease_until=ago(seconds=1))
    services.deliver()
    clock.shift(clock._offset + timedelta(seconds=1))
    services.deliver()
    assert set(Delivery.rows.values_list("state", flat=True)) == {"sent"}
    assert Delivery.rows.filter(is_uncertain=True).count() == 3


def test_without_the_lease_they_stay_there(waiting, smtp, monkeypatch):
    rows = waiting(3)
    keys = [row.pk for row in rows]
    Delivery.rows.filter(pk__in=keys).update(**SENDING, lease_until=ago(days=1))
    monkeypatch.setattr(claiming, "recover", lambda: 0)
    services.deliver()
    assert set(Delivery.rows.values_list("state", flat=True)) == {"sending"}


@pytest.mark.parametrize(
    ("facts", "is_late"),
    [
        ({"next_at": 11}, True),
        ({"next_at": 9}, False),
        ({"next_at": 11, "lease_until": 6, "state": "sending"}, True),
    ],
)
def test_what_is_due_for_ten_minutes_or_in_hand_beyond_its_lease_raises_an_alarm(facts, is_late):
    moments = {name: ago(minutes=minutes) for name, minutes in facts.items() if name != "state"}
    DeliveryFactory(**facts | moments)
    assert bool(signs.current().late) is is_late


def lose(many):
    """Take out what planning wrote, and lines at random, behind the back of everything: so many holes."""
    planned = list(Notice.rows.filter(type="duties.deadline").values_list("pk", flat=True))
    own = DeliveryLine.objects.filter(notice__in=planned)
    rest = DeliveryLine.objects.exclude(notice__in=planned).values_list("pk", flat=True)
    lines = random.sample(list(rest), many - len(planned) - own.count())
    lines += own.values_list("pk", flat=True)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM reminders_deliveryline WHERE id = ANY (%s)", [lines])
        cursor.execute("DELETE FROM reminders_notice WHERE id = ANY (%s)", [planned])
    assert Hole.objects.count() == many


def counts():
    return Notice.rows.count(), DeliveryLine.objects.count()


@pytest.fixture
def planned(city, data_officer):
    """What is due in the city, and 110 messages besides."""
    services.plan(DAY)
    for _number in range(110):
        NoticeFactory(for_on=DAY)
    planning.bundle_now(DAY)
    return counts()


def test_a_hundred_rows_that_went_missing_come_back_at_the_next_tick(planned, figure):
    lose(100)
    services.plan(DAY)
    restored = AuditEntry.objects.get(verb="reminders.refill").after["count"]
    figure("A11", lost=100, restored=restored)
    assert (restored, counts()) == (100, planned)
    assert not Hole.objects.filter(filled_at=None).exists()


def test_whoever_asks_only_for_what_is_new_today_leaves_the_holes(planned):
    """The control: a plan that looks for what has come since the last run."""
    lose(100)
    planning.refilled()
    assert counts() != planned
    assert Hole.objects.filter(filled_at=None).exists()
