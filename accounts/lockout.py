"""What five wrong passwords lead to."""

import math
from datetime import timedelta
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

WAIT = timedelta(hours=settings.AXES_COOLOFF_TIME)


def locked_out(
    request: HttpRequest, _response: HttpResponse | None, credentials: Any = None, **_other: Any
) -> HttpResponse:
    """429 with the waiting time and whom to call; the lock is in PostgreSQL and survives restarts."""
    left = remaining((credentials or {}).get("username") or request.POST.get("username", ""))
    context = {
        "minutes": math.ceil(left.total_seconds() / 60),
        "failures": settings.AXES_FAILURE_LIMIT,
        "help_phone": settings.HELP_PHONE,
        "help_hours": settings.HELP_HOURS,
    }
    response = render(request, "accounts/locked.html", context, status=429)
    response["Retry-After"] = str(math.ceil(left.total_seconds()))
    return response


def remaining(username: str) -> timedelta:
    """How long the account stays locked: counted from the failure that locked it."""
    last = AccessAttempt.objects.filter(username=username).order_by("-attempt_time").first()
    if last is None:
        return WAIT
    # The lock runs by the real clock of django-axes, not by the trial's date.
    return min(max(last.attempt_time + WAIT - timezone.now(), timedelta(minutes=1)), WAIT)
