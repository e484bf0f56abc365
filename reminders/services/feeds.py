"""The secret address of a person's calendar: making, renewing and taking it back, and who it is."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction

from accounts.models import User
from core import audit, clock

from ..models import CalendarFeed

MOST_FETCHES = 12  # a minute; calendars ask every quarter of an hour or less often
MINUTE = timedelta(minutes=1)


class TooManyFetches(Exception):
    """This calendar was asked for too often; a minute later it is there again."""


@transaction.atomic
def renew_feed(*, user: Any) -> str:
    """A new secret for the person's calendar, shown this once; an address given out before is void
    from this moment on."""
    secret = secrets.token_urlsafe(32)
    facts = {"digest": _digest(secret), "made_at": clock.now(), "fetched_at": None, "fetches": 0}
    row, is_new = CalendarFeed.objects.update_or_create(user=user, defaults=facts)
    audit.record("feed.renew", by=user, subject=row, after={"is_new": is_new})
    return secret


@transaction.atomic
def revoke_feed(*, user: Any) -> bool:
    """Void the address; False when there was none."""
    row = CalendarFeed.objects.select_for_update(of=("self",)).filter(user=user).first()
    if row is None:
        return False
    audit.record("feed.revoke", by=user, subject=row)
    row.delete()
    return True


@transaction.atomic
def reader_of_feed(secret: str) -> User | None:
    """Whose calendar it is, None for a wrong secret and for a closed account, which look the same.

    Raises TooManyFetches beyond twelve a minute.
    """
    rows = CalendarFeed.objects.select_for_update(of=("self",)).select_related("user")
    row = rows.filter(digest=_digest(secret), user__is_active=True).first()
    if row is None:
        return None
    now = clock.now()
    if row.fetched_at is None or now - row.fetched_at >= MINUTE:
        row.fetched_at, row.fetches = now, 0
    if row.fetches >= MOST_FETCHES:
        raise TooManyFetches
    row.fetches += 1
    row.save(update_fields=["fetched_at", "fetches"])
    return row.user


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
