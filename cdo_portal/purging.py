"""What is cleared away, and after how long: sessions when over, idempotency keys after a day, trial
mails after 30 days, bytes of uploads that were cut off after a day, previews after 90 days, deliveries
after three years. The audit record never."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session

from core import clock, files, idempotency
from core.documents import previews
from reminders.choices import FINAL
from reminders.models import Delivery

MAILS_KEPT = timedelta(days=30)
DELIVERIES_KEPT = timedelta(days=3 * 365)


def purge() -> dict[str, int]:
    """Clear what is over; returns how many of each kind went."""
    now = clock.now()
    old = Delivery.rows.filter(state__in=FINAL, created_at__lt=now - DELIVERIES_KEPT)
    return {
        "sessions": Session.objects.filter(expire_date__lt=now).delete()[0],
        "idempotency_keys": idempotency.purge(),
        "deliveries": old.delete()[1].get("reminders.Delivery", 0),
        "files": files.sweep(),
        "previews": previews.purge(),
        "mails": _purge_mails(now.timestamp() - MAILS_KEPT.total_seconds()),
    }


def _purge_mails(before: float) -> int:
    """Delete .eml files of the trial that are older than the moment."""
    folder = Path(getattr(settings, "EMAIL_FILE_PATH", None) or "/nonexistent")
    old = [path for path in folder.glob("*.eml") if path.stat().st_mtime < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
