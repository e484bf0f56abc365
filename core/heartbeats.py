"""Signs of life of background processes."""

from datetime import timedelta
from typing import Any

from django.conf import settings

from . import clock
from .models import Heartbeat

FRESH = timedelta(minutes=3)


def beat(name: str, **detail: Any) -> None:
    """Write that the process `name` of this instance lives now."""
    full = f"{name}:{settings.INSTANCE}"
    Heartbeat.objects.update_or_create(name=full, defaults={"at": clock.now(), "detail": detail})


def state(kind: str) -> dict[str, Any]:
    """`{"ok", "last"}` of the freshest process of a kind (`beat`, `worker`, `deliver`)."""
    last = Heartbeat.objects.filter(name__startswith=f"{kind}:").order_by("-at").first()
    fresh = last is not None and clock.now() - last.at < FRESH
    return {"ok": fresh, "last": last.at if last else None}
