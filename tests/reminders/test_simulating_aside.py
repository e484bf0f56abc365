"""The simulator plans on tables of its own: who reads, sends or plans meanwhile goes on at once."""

from datetime import date

import pytest
from django.db import InternalError, connection, transaction

from pilots.models import Programme
from reminders import registry, services
from reminders.models import Delivery, Notice
from reminders.services.shadowing import shadows
from tests.at_once import at_once
from tests.factories.pilots import ProgrammeFactory
from tests.factories.reminders import EngineFactory

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2022, 4, 15)
LOCKS = """
SELECT relation::regclass::text, mode FROM pg_locks
JOIN pg_class ON pg_class.oid = relation AND relnamespace = 'public'::regnamespace
WHERE pid = pg_backend_pid() AND mode <> 'AccessShareLock'
"""


@pytest.fixture
def in_the_middle(monkeypatch):
    """`in_the_middle(work)`: the next time that all types are asked what is due, `work` comes last."""

    def declare(work):
        works, like = [work], registry.get("feedback.answered")

        def select(_on):
            return works.pop()() if works else None

        last = registry.NoticeType("test.last", "", select, like.render, like.still_holds)
        monkeypatch.setitem(registry._types, "test.last", last)

    return declare


@pytest.fixture
def told(waiting):
    """A notice of a draft, in a message that is due."""
    (delivery,) = waiting()
    notice = delivery.notices.get()
    notice.programme = ProgrammeFactory()
    notice.save()
    EngineFactory()
    return notice


def test_in_the_middle_of_a_simulation_nobody_waits(told, in_the_middle, smtp):
    locks, found = [], []

    def meanwhile():
        Programme.rows.select_for_update(nowait=True).get(pk=told.programme_id)
        sent = services.deliver().sent
        services.mark_opened(told, by=told.recipient)
        services.mark_all_opened(by=told.recipient)
        services.tick()
        return sent

    def look():
        with connection.cursor() as cursor:
            cursor.execute(LOCKS)
            locks.extend(cursor.fetchall())
        found.extend(at_once(transaction.atomic(meanwhile)))

    in_the_middle(look)
    services.simulate(told.programme, DAY, DAY)
    assert (found, locks) == ([1], [])
    told.refresh_from_db()
    assert told.opened_at


def test_the_database_refuses_what_would_touch_a_real_row(told):
    """So nothing that is ever added to planning can hold up who sends."""
    for work in (
        "UPDATE public.reminders_notice SET opened_at = NULL",
        "DELETE FROM public.reminders_deliveryline",
        "SELECT FROM public.reminders_delivery FOR UPDATE",
        "UPDATE reminders_engine SET held_note = ''",
    ):
        with (
            pytest.raises(InternalError, match="read-only"),
            shadows(told.programme, DAY),
            connection.cursor() as cursor,
        ):
            cursor.execute(work)
    assert Notice.rows.count() == Delivery.rows.count() == 1
