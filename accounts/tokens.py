"""Tokens of other systems: making, reading and revoking them."""

import hashlib
import secrets
from datetime import date, timedelta

from django.db import transaction

from core import audit, clock

from .models import Token, User

PREFIX = "cdo_"


def digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


@transaction.atomic
def create_token(
    *, user: User, name: str, scope: str, days: int, by: User | None
) -> tuple[Token, str]:
    """Make a token that lives for `days` days; returns its row and the secret, shown this once."""
    secret = PREFIX + secrets.token_urlsafe(32)
    token = Token(
        user=user,
        name=name,
        digest=digest(secret),
        scope=scope,
        created_at=clock.now(),
        expires_on=real_today() + timedelta(days=days),
    )
    token.full_clean()
    token.save()
    audit.record(
        "token.create",
        by=by,
        subject=token,
        after={"user": user, "scope": scope, "expires_on": token.expires_on},
    )
    return token, secret


@transaction.atomic
def revoke_token(token: Token, *, by: User | None) -> Token:
    """Refuse the token from the next request on."""
    token = Token.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        audit.record("token.revoke", by=by, subject=token)
    return token


@transaction.atomic
def revoke_tokens(user: User, *, by: User | None) -> list[Token]:
    """Refuse every token of the person from the next request on; returns those that were not yet."""
    rows = Token.objects.filter(user=user, revoked_at=None).order_by("pk")
    return [revoke_token(token, by=by) for token in rows]


def authenticate(secret: str) -> tuple[User, Token] | None:
    """The user and token of `secret`, when it is live. One query, the site role included."""
    rows = Token.objects.live(real_today()).select_related("user__site_role")
    token = rows.filter(digest=digest(secret)).first()
    return None if token is None else (token.user, token)


def real_today() -> date:
    """Security terms run by the real calendar, also where the trial's date stands still."""
    return clock.now().astimezone(clock.SHANGHAI).date()
