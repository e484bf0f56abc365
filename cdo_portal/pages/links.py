"""Addresses of pages over several apps, and of the filtered lists behind their numbers."""

from datetime import date
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from core import clock
from pilots.models import Programme


def link(name: str, *args: Any, **query: Any) -> str:
    """The address of a named page with its parameters, or '' while there is no such page.

    Parameters that are None are left out; a list repeats its parameter.
    """
    try:
        path = reverse(name, args=args)
    except NoReverseMatch:
        return ""
    given = {key: value for key, value in query.items() if value is not None}
    return f"{path}?{urlencode(given, doseq=True)}" if given else path


def tasks(programme: Programme | None = None, *, on: date | None = None, **filters: Any) -> str:
    """The list of assignments that a number counts, of one programme or of all that the reader
    sees; `on` only where it is not today."""
    day = on if on and on != clock.today() else None
    return link(
        "duties:assignment-list", programme=programme.code if programme else "", **filters, on=day
    )


def pattern(name: str) -> str:
    """Address of a page with one argument as `before{}after`, for the many cells of a matrix:
    resolving each of a thousand addresses would cost more than the database. '' without the page."""
    mark = "0-0"
    return link(name, mark).replace("{", "{{").replace("}", "}}").replace(mark, "{}")
