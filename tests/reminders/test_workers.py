"""Several workers, dying workers, and workers without a database (reliability.md §2, A1, A2, A6).

Each race has its negative control: the same run without the mechanism must go wrong, or the run
proves nothing.
"""

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import psycopg2
import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError, connection

from cdo_portal.launcher.processes import until
from core import clock, faults
from core.models import Heartbeat
from reminders import services
from reminders.channels.mail import MailAdapter
from reminders.management.commands import deliver_notices
from reminders.models import Delivery
from reminders.services import claiming, delivering
from tests.at_once import at_once
from tests.reminders.conftest import message_id
from tests.second_process import offset

pytestmark = [pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]


def in_threads(count, work):
    """Run `work` in so many threads at once; none of them may raise."""
    found = at_once(*[work] * count)
    assert not [one for one in found if isinstance(one, Exception)]


def command(*words):
    """At the hour of the test: at night nothing leaves."""
    return [sys.executable, "-m", "tests.second_process", str(offset()), *words]


def drain():
    while services.deliver(limit=7).settled:
        pass


def test_four_workers_at_once_send_each_message_once(waiting, smtp):
    made = waiting(40)
    smtp.delay = 0.005
    in_threads(4, drain)
    assert Counter(smtp.ids) == Counter(message_id(delivery) for delivery in made)
    assert set(Delivery.rows.values_list("state", "tries")) == {("sent", 1)}


def test_without_lease_and_fence_the_same_run_sends_twice(waiting, smtp, monkeypatch):
    waiting(8)
    smtp.delay = 0.02
    monkeypatch.setattr(
        claiming,
        "CLAIM",
        "UPDATE reminders_delivery SET owner = %(owner)s, lease_until = portal_now() + %(lease)s "
        "WHERE state <> 'sent' AND %(limit)s > 0 RETURNING id",
    )
    monkeypatch.setattr(
        claiming,
        "BEGIN",
        "UPDATE reminders_delivery SET state = 'sending', lease_until = portal_now() + %(lease)s "
        "WHERE id = ANY (%(ids)s) AND %(owner)s <> '' RETURNING id",
    )
    in_threads(2, services.deliver)
    assert max(Counter(smtp.ids).values()) > 1


def test_two_planners_at_once_write_each_notice_once(city, data_officer, unit_cdo):
    counts = []
    day = date(2022, 4, 26)
    in_threads(3, lambda: counts.append(services.plan(day)["duties.deadline"]))
    assert sorted(counts) == [0, 0, 4]
    assert Delivery.rows.count() == 2


def test_no_transaction_is_open_while_the_mail_server_is_spoken_to(waiting, smtp):
    waiting(2)
    seen, settings = [], connection.settings_dict
    spy = psycopg2.connect(
        dbname=settings["NAME"],
        user=settings["USER"],
        password=settings["PASSWORD"] or None,
        host=settings["HOST"],
        port=settings["PORT"] or None,
    )
    spy.autocommit = True
    pid = backend()

    def look():
        with spy.cursor() as cursor:
            cursor.execute("SELECT state, xact_start FROM pg_stat_activity WHERE pid = %s", [pid])
            seen.append(cursor.fetchone())

    smtp.on_data = look
    services.deliver()
    spy.close()
    assert seen == [("idle", None)] * 2


def backend():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def test_a_worker_that_died_before_sending_leaves_no_doubt(waiting, smtp):
    (delivery,) = waiting()
    claiming.claim("dead", MailAdapter, 20)
    assert services.deliver() == delivering.Outcome(), "the lease still runs"
    expire(delivery)
    assert services.deliver().sent == 1
    row = Delivery.rows.get()
    assert (row.state, row.is_uncertain, len(smtp.mails)) == ("sent", False, 1)


def expire(delivery):
    past = clock.now() - timedelta(seconds=1)
    Delivery.rows.filter(pk=delivery.pk).update(lease_until=past)


def sending():
    return Delivery.rows.filter(state="sending").count()


def expire_all():
    Delivery.rows.update(lease_until=clock.now() - timedelta(seconds=1))


def test_a_worker_that_died_while_sending_is_taken_over_and_flagged(waiting, smtp):
    (delivery,) = waiting()
    claiming.claim("dead", MailAdapter, 20)
    assert claiming.begin([delivery.pk], "dead")
    assert services.deliver() == delivering.Outcome()
    expire(delivery)
    outcome = services.deliver()
    assert (outcome.recovered, outcome.sent) == (1, 1)
    assert Delivery.rows.get().is_uncertain


def test_a_message_that_keeps_killing_its_worker_is_given_up(waiting):
    (delivery,) = waiting()
    past = clock.now() - timedelta(seconds=1)
    tries = len(delivering.RETRY_AFTER) + 1
    Delivery.rows.update(state="sending", lease_until=past, owner="dead", tries=tries)
    assert services.deliver().recovered == 1
    assert Delivery.rows.get(pk=delivery.pk).state == "failed"


def test_what_a_dead_worker_left_is_sent_one_by_one_and_waits_longer_each_time(waiting, smtp):
    """One of them may be what kills: no other dies, or is given up, with it."""
    *mates, killer = waiting(4)
    claiming.claim("dead", MailAdapter, 20)
    assert len(claiming.begin([row.pk for row in (*mates, killer)], "dead")) == 4
    expire_all()
    in_hand = []
    faults.arm("after_connect", act=lambda: in_hand.append(sending()))
    Delivery.rows.filter(pk=killer.pk).update(tries=2)
    outcome = services.deliver()
    assert (outcome.recovered, outcome.sent, in_hand) == (4, 3, [1])
    killer.refresh_from_db()
    assert killer.next_at > clock.now() + timedelta(seconds=2)
    assert "发送中断" in killer.last_error
    assert set(Delivery.rows.exclude(pk=killer.pk).values_list("tries", flat=True)) == {2}


def test_a_worker_that_is_told_to_stop_gives_back_what_it_has_not_sent(waiting, smtp):
    """As Celery tells it, in the middle of whatever it does."""
    waiting(3)

    def stop():
        raise SoftTimeLimitExceeded

    faults.arm("after_connect", act=stop)
    with pytest.raises(SoftTimeLimitExceeded):
        services.deliver()
    states = sorted(Delivery.rows.values_list("state", "tries", "owner"))
    assert states[:2] == [("planned", 0, "")] * 2
    assert states[2][0] == "sending"


@pytest.mark.slow
def test_killed_between_sending_and_recording(waiting, smtp, worker_environment):
    """The peer has it, we do not know: sent once more with the same Message-ID, and flagged."""
    (delivery,) = waiting()
    worker = subprocess.Popen(command("deliver_notices"), cwd=ROOT, env=worker_environment)
    smtp.on_data = lambda: os.kill(worker.pid, signal.SIGKILL)
    assert worker.wait(timeout=60) == -signal.SIGKILL
    row = Delivery.rows.get(pk=delivery.pk)
    assert (row.state, row.tries, len(smtp.mails)) == ("sending", 1, 1)

    smtp.on_data = None
    expire(delivery)
    services.deliver()
    row.refresh_from_db()
    assert (row.state, row.is_uncertain) == ("sent", True)
    assert smtp.ids == [message_id(delivery)] * 2
    assert services.deliver() == delivering.Outcome(), "twice at most"


@pytest.mark.slow
def test_the_loop_delivers_survives_its_database_and_stops_on_sigterm(
    waiting, smtp, worker_environment
):
    waiting()
    loop = subprocess.Popen(
        command("deliver_notices", "--loop", "--pause", "0.2"),
        cwd=ROOT,
        env=worker_environment,
    )
    try:
        assert until(lambda: len(smtp.mails) == 1, 60)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid() "
                "AND application_name = 'portal-local'"
            )
            assert cursor.fetchall()
        waiting()
        assert until(lambda: len(smtp.mails) == 2, 60)
        assert Heartbeat.objects.filter(name__startswith="deliver:").exists()
        loop.send_signal(signal.SIGTERM)
        assert loop.wait(timeout=10) == 0
    finally:
        loop.kill()
        loop.wait()


def run_loop(pause):
    """In this process, which gets its own signals back."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        deliver_notices.Command().handle(loop=True, pause=pause)
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)


def test_the_loop_goes_on_when_planning_fails_and_sends_meanwhile(waiting, smtp, monkeypatch):
    """In this process: an outage, a mistake, a good round, then SIGTERM."""
    waiting()
    rounds, errors = [], [OperationalError("server closed the connection"), KeyError("facts")]

    def tick():
        rounds.append(len(smtp.mails))
        if errors:
            raise errors.pop(0)
        if len(rounds) > 3:
            os.kill(os.getpid(), signal.SIGTERM)
        return {}

    monkeypatch.setattr(deliver_notices.services, "tick", tick)
    run_loop(pause=0.01)
    assert rounds == [0, 1, 1, 1]


def test_the_loop_plans_anew_while_a_long_queue_is_sent(waiting, smtp, monkeypatch):
    """A message at a time, and no patience: each is followed by a plan, which may bring another."""
    waiting()
    rounds = []

    def tick():
        rounds.append(len(smtp.mails))
        if len(rounds) < 3:
            waiting()
        else:
            os.kill(os.getpid(), signal.SIGTERM)
        return {}

    monkeypatch.setattr(deliver_notices.services, "tick", tick)
    monkeypatch.setattr(deliver_notices.services, "deliver", partial(services.deliver, 1))
    run_loop(pause=0)
    assert rounds == [0, 1, 2]
