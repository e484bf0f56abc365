"""Mails to a sink on loopback: the engine's, beside the same letters sent over one kept connection by Django.

The aims are 300 a second and 0.75 of the bare rate in the same run (docs/bench.md). Every round starts
with addresses and messages that the planner has no statistics of, as a morning does."""

import multiprocessing
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import connection

from accounts.models import User
from core import clock
from reminders import services
from reminders.models import Delivery, DeliveryLine, Endpoint, Notice

MAILS = 3000
# What a letter of ours says, for the bare side.
TITLE = "【首席数据官履职管理平台】意见已答复"
TEXT = """mail0-0：
1条消息。

1. 意见已答复
   意见：字太小
   答复：可在外观里调大
   打开：http://127.0.0.1:8000/feedback/

全部消息：http://127.0.0.1:8000/inbox/
本消息由系统自动发送。不再接收：http://127.0.0.1:8000/me/notify/
"""
HEADERS = {
    "Auto-Submitted": "auto-generated",
    "List-Unsubscribe": "<http://127.0.0.1:8000/me/notify/>",
}
SINK = """
import sys
from aiosmtpd.controller import Controller

class Sink:
    async def handle_DATA(self, server, session, envelope):
        return "250 OK"

server = Controller(Sink(), hostname="127.0.0.1", port=int(sys.argv[1]))
server.start()
print("ready", flush=True)
sys.stdin.read()
"""


def measure() -> dict[str, Any]:
    """Mails a second of Django alone, of one of our processes and of two, in turn; `grown_mb` is how much
    this process grew from the end of the first round to that of the last."""
    found: dict[str, list[float]] = {"bare": [], "one": [], "two": []}
    with _sink() as port:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        resident = []
        for round_ in range(3):
            found["bare"].append(_rate(_send_bare))
            _lay(2 * round_)
            found["one"].append(_rate(_deliver))
            _lay(2 * round_ + 1)
            found["two"].append(_rate(_deliver_by_two))
            resident.append(_resident())
    ratios = {
        name: statistics.median(a / b for a, b in zip(found[name], found["bare"], strict=True))
        for name in ("one", "two")
    }
    rates = {name: statistics.median(rates) for name, rates in found.items()}
    return {"rps": rates, "ratio": ratios, "grown_mb": resident[-1] - resident[0]}


@contextmanager
def _sink() -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = [sys.executable, "-c", SINK, str(port)]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdin=pipe, stdout=pipe) as process:
        process.stdout.readline()  # type: ignore[union-attr]
        yield port
        process.stdin.close()  # type: ignore[union-attr]


def _rate(work: Callable[[], None]) -> float:
    began = time.monotonic()
    work()
    return MAILS / (time.monotonic() - began)


def _send_bare() -> None:
    """The same letter to as many addresses over one line, by Django alone."""
    with get_connection() as line:
        for number in range(MAILS):
            mail = EmailMessage(TITLE, TEXT, to=[f"mail{number}@example.org"], connection=line)
            mail.extra_headers = {**HEADERS, "Message-ID": f"<{number}@example.org>"}
            mail.send()


def _deliver() -> None:
    while services.deliver().settled:
        pass


def _deliver_by_two() -> None:
    """As many as are at work in production: the loop, and the task that the bell starts."""
    connection.close()  # not to be shared
    workers = [multiprocessing.get_context("fork").Process(target=_deliver) for _place in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def _lay(round_: int) -> None:
    """So many messages that are due, a person each."""
    now = clock.now()
    names = [f"mail{round_}-{number}" for number in range(MAILS)]
    people = User.objects.bulk_create(
        User(username=name, display_name=name, email=f"{name}@example.org", created_at=now)
        for name in names
    )
    notices = Notice.rows.bulk_create(
        Notice(
            key=f"bench:{person.username}",
            type="feedback.answered",
            subject=person.username,
            recipient=person,
            for_on=date(2022, 4, 15),
            facts={"text": "字太小", "answer": "可在外观里调大"},
            created_at=now,
        )
        for person in people
    )
    addresses = Endpoint.rows.bulk_create(
        Endpoint(channel="email", address=person.email, user=person) for person in people
    )
    rows = Delivery.rows.bulk_create(
        Delivery(
            key=f"bench:{at.address}", endpoint=at, is_urgent=True, next_at=now, created_at=now
        )
        for at in addresses
    )
    DeliveryLine.objects.bulk_create(
        DeliveryLine(delivery=row, notice=notice, channel="email")
        for row, notice in zip(rows, notices, strict=True)
    )


def _resident() -> float:
    """Megabytes of this process in memory."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024
