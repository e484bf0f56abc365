"""Signs of life: beat asked and a worker answered."""

from celery import shared_task

from . import heartbeats
from .documents import previews


@shared_task(name="core.beat_heartbeat")
def beat_heartbeat() -> None:
    # A task that beat sent and a worker runs proves both.
    heartbeats.beat("beat")
    heartbeats.beat("worker")


@shared_task(name="core.make_previews")
def make_previews() -> None:
    previews.make_asked()
