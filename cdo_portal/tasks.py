"""Nightly clearing of what need not be kept; nothing of business is ever deleted (house.md §4.14)."""

from celery import shared_task

from . import purging


@shared_task(name="cdo_portal.purge")
def purge() -> None:
    purging.purge()
