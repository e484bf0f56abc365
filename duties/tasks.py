"""Nightly work of duties."""

from celery import shared_task

from . import services


@shared_task(name="duties.refresh_workdays")
def refresh_workdays() -> None:
    services.refresh_workdays()
