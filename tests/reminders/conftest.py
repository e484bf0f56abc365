"""A real SMTP server on loopback, and waiting messages to send through it."""

import datetime
import os
import socket
import time
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller

from core import clock
from reminders.channels import mail
from reminders.services import composing
from tests.factories.reminders import DeliveryFactory, DeliveryLineFactory, NoticeFactory
from tests.second_process import database_url


class Sink:
    """Keeps what it takes. `answers` are given to DATA in order, `refusals` to RCPT by address;
    `on_data` is called while the sender waits; `delay` is how long it lets it wait."""

    def __init__(self):
        self.mails, self.answers, self.refusals = [], [], {}
        self.on_data, self.delay, self.port = None, 0, 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            mail = message_from_bytes(envelope.content, policy=policy.default)
            self.mails.append((envelope.rcpt_tos[0], mail))
        if self.on_data:
            self.on_data()
        time.sleep(self.delay)
        return answer

    @property
    def ids(self):
        return [mail["Message-ID"] for _to, mail in self.mails]


@pytest.fixture(autouse=True)
def ten_o_clock(request):
    """Ten in the morning: the day is open. Never later than now, so that other processes agree."""
    if not {"db", "transactional_db"} & set(request.fixturenames) and not (
        request.node.get_closest_marker("django_db")
    ):
        yield
        return
    request.getfixturevalue("_calendar")
    set_clock(time=datetime.time(10, 0))
    yield
    clock.shift(datetime.timedelta())


def set_clock(day=None, time=datetime.time(10, 0)):
    """Let it be that time in Shanghai, of the day (default: the last one on which it was so early)."""
    clock.shift(datetime.timedelta())
    real = clock.now().astimezone(clock.SHANGHAI)
    wanted = datetime.datetime.combine(day or real.date(), time, clock.SHANGHAI)
    if day is None and wanted > real:
        wanted -= datetime.timedelta(days=1)
    clock.shift(wanted - real)


def message_id(delivery):
    return mail.message_id(composing.digest_of(delivery))


@pytest.fixture
def smtp(settings):
    sink = Sink()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        sink.port = probe.getsockname()[1]
    server = Controller(sink, hostname="127.0.0.1", port=sink.port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", sink.port, 5
    yield sink
    server.stop()


@pytest.fixture
def waiting():
    """`waiting(3)` makes three messages that are due, to three people."""

    def make(count=1):
        made = [DeliveryFactory() for _number in range(count)]
        for delivery in made:
            notice = NoticeFactory(recipient=delivery.endpoint.user)
            DeliveryLineFactory(delivery=delivery, notice=notice)
        return made

    return make


@pytest.fixture
def worker_environment(smtp):
    """The environment of a second process on the same database and the same mail server."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "cdo_portal.settings.base",
        "DATABASE_URL": database_url(),
        "EMAIL_URL": f"smtp://127.0.0.1:{smtp.port}",
        "PORTAL_TRIAL": "1",
        "PORTAL_TODAY": "2022-04-15",
        "REDIS_URL": "",
    }
