"""Background work of reports; each task only calls its service."""

from celery import shared_task

from . import services


@shared_task(name="reports.sync_periods")
def sync_periods() -> None:
    services.sync_periods()
