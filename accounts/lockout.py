"""What five wrong passwords lead to."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def locked_out(
    request: HttpRequest, _response: HttpResponse | None, _credentials: Any = None, **_other: Any
) -> HttpResponse:
    """429 with the waiting time and whom to call; the lock is in PostgreSQL and survives restarts."""
    minutes = int(settings.AXES_COOLOFF_TIME * 60)
    context = {"minutes": minutes, "help_phone": settings.HELP_PHONE}
    response = render(request, "accounts/locked.html", context, status=429)
    response["Retry-After"] = str(minutes * 60)
    return response
