"""Mails to a sink on loopback: the engine's, beside as many sent over one kept connection by smtplib.

The aims are 300 a second and 0.75 of the bare rate in the same run (docs/bench.md)."""

import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from django.conf import settings

from accounts.models import User
from core import clock
from reminders import services
from reminders.models import Delivery, DeliveryLine, Endpoint, Notice

MAILS = 3000
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
    """Mails a second of both sides, in turn; `grown_mb` is how much this process grew meanwhile."""
    with _sink() as port:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        bare, ours, before = [], [], _resident()
        for round_ in range(3):
            bare.append(_rate(_send_bare, port))
            _lay(round_)
            ours.append(_rate(_deliver))
        grown = _resident() - before
    pairs = sorted(one / other for one, other in zip(ours, bare, strict=True))
    return {"rps": max(ours), "bare_rps": max(bare), "ratio": pairs[1], "grown_mb": grown}


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


def _rate(work: Any, *words: Any) -> float:
    began = time.monotonic()
    work(*words)
    return MAILS / (time.monotonic() - began)


def _send_bare(port: int) -> None:
    """One line, and a text as long as ours."""
    with smtplib.SMTP("127.0.0.1", port) as line:
        for number in range(MAILS):
            mail = EmailMessage()
            mail["From"], mail["To"] = "portal@example.org", f"mail{number}@example.org"
            mail["Subject"], mail["Message-ID"] = "意见已答复", f"<{number}@example.org>"
            mail.set_content("意见：字太小\n答复：可在外观里调大\n" * 6)
            line.send_message(mail)


def _deliver() -> None:
    while services.deliver().settled:
        pass


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
        Delivery(key=f"bench:{at.address}", endpoint=at, next_at=now, created_at=now)
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
