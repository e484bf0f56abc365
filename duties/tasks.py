"""Background work of duties; each task only calls its service."""

from celery import shared_task

from . import services


@shared_task(name="duties.refresh_workdays")
def refresh_workdays() -> None:
    services.refresh_workdays()


@shared_task(name="duties.sync_assignments")
def sync_assignments() -> None:
    services.sync_all()
