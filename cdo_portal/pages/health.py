"""/healthz: is the database there and migrated, and what else is ailing.

503 takes an instance out of the proxy's rotation, so it is said only of what makes every answer
fail. Redis, the background processes or a late calendar make it `degraded`, with 200.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache as redis
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.views.generic import View

from accounts.roles import PUBLIC
from core import clock, heartbeats, workdays
from reminders import signs
from reminders.queries import count_waiting_since

LATE = timedelta(minutes=10)
log = structlog.get_logger("portal.health")


@method_decorator(login_not_required, name="dispatch")
class HealthView(View):
    """`{"status": "ok" | "degraded" | "unavailable"}`; what was looked at, only to who is logged
    in."""

    required_permission = PUBLIC
    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        fault = essential_fault()
        if fault:
            log.error("unhealthy", fault=fault)
            return JsonResponse(
                {"status": "unavailable"}, status=503, headers={"Retry-After": "30"}
            )
        found = {name: look() for name, look in CHECKS.items()}
        ailing = sorted(name for name, fact in found.items() if not fact["ok"])
        body: dict[str, Any] = {"status": "degraded" if ailing else "ok"}
        if request.user.is_authenticated:
            body |= {"ailing": ailing, "checks": found}
        return JsonResponse(body)


def essential_fault() -> str:
    """What makes every answer fail: the database away, or migrations pending; '' when all is well."""
    try:
        pending = pending_migrations()
    except (DatabaseError, InterfaceError) as error:
        return f"database: {str(error).strip()}"
    return f"pending migrations: {', '.join(pending)}" if pending else ""


@cache
def known_migrations() -> frozenset[tuple[str, str]]:
    """The migrations of this code, read from disk once a process."""
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def pending_migrations() -> list[str]:
    """Migrations of this code that the database has not had. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        applied = set(cursor.fetchall())
    return sorted(f"{app}.{name}" for app, name in known_migrations() - applied)


def bell() -> dict[str, Any]:
    """Redis answers; without REDIS_URL there is no bell, which is no fault."""
    if not settings.REDIS_URL:
        return {"ok": True, "used": False}
    try:
        redis.get("health")
    except Exception as error:  # noqa: BLE001 - whatever the client raises, the bell does not ring
        return {"ok": False, "used": True, "error": str(error)}
    return {"ok": True, "used": True}


def processes() -> dict[str, Any]:
    """Somebody delivers: beat with a worker, or `deliver_notices --loop`."""
    found = {kind: heartbeats.state(kind) for kind in ("beat", "worker", "deliver")}
    ringing = found["beat"]["ok"] and found["worker"]["ok"]
    return {"ok": ringing or found["deliver"]["ok"], **found}


def deliveries() -> dict[str, Any]:
    """Nothing has been waiting for more than ten minutes."""
    late = count_waiting_since(clock.now() - LATE)
    return {"ok": not late, "late": late}


def calendar() -> dict[str, Any]:
    """The holidays of the coming weeks are known."""
    years = workdays.unknown_years(clock.today())
    return {"ok": not years, "unknown_years": years}


def reminders() -> dict[str, Any]:
    """Nothing is on hold, everything is planned, and every channel gets through: the same that the
    strips above pages say."""
    found = signs.current()
    planner = {"is_silent": found.unplanned, "failed_types": sorted(found.broken)}
    return {
        "ok": not (found.held_by or found.held or found.failing or any(planner.values())),
        "planner": planner,
        "held_by": found.held_by,
        "channels_held": sorted(found.held),
        "channels_failing": sorted(found.failing),
    }


CHECKS: dict[str, Callable[[], dict[str, Any]]] = {
    "redis": bell,
    "processes": processes,
    "deliveries": deliveries,
    "reminders": reminders,
    "calendar": calendar,
}
