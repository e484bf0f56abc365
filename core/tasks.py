"""Signs of life: beat asked and a worker answered."""

from typing import Any

from celery import shared_task, signals
from django.db import connection

from . import heartbeats
from .documents import previews


# The first bell rings a minute after the start; until then pages would say that nobody is there.
@signals.worker_ready.connect
def worker_lives(**_signal: Any) -> None:
    _live("worker")


@signals.beat_init.connect
def beat_lives(**_signal: Any) -> None:
    _live("beat")


def _live(kind: str) -> None:
    heartbeats.beat(kind)
    connection.close()  # processes forked from this one must not share it


@shared_task(name="core.beat_heartbeat")
def beat_heartbeat() -> None:
    # A task that beat sent and a worker runs proves both.
    heartbeats.beat("beat")
    heartbeats.beat("worker")


@shared_task(name="core.make_previews")
def make_previews() -> None:
    previews.make_asked()
