"""Every change to accounts and site roles."""

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from core import audit, clock
from core.errors import Refused

from . import passwords
from .models import SiteRole, User


@transaction.atomic
def create_account(
    *,
    username: str,
    display_name: str,
    by: User | None,
    email: str = "",
    password: str | None = None,
    must_change_password: bool = True,
) -> User:
    """Open an account. Without `password` nobody can log in until `reset_password` gives one.

    Raises ValidationError when the name is taken or malformed.
    """
    user = User(
        username=username,
        display_name=display_name,
        email=email,
        must_change_password=must_change_password,
        created_at=clock.now(),
    )
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(password)
    user.full_clean()
    user.save()
    audit.record("account.open", by=by, subject=user, after={"display_name": display_name})
    return user


@transaction.atomic
def reset_password(user: User, *, by: User | None) -> str:
    """Give a one-time password, to be changed at the next login; ends every session of the person."""
    user = User.objects.select_for_update().get(pk=user.pk)
    password = passwords.one_time()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    audit.record("account.reset_password", by=by, subject=user)
    return password


@transaction.atomic
def change_own_password(user: User, password: str) -> User:
    """The person chose a new password; it has passed the rules in the form."""
    user = User.objects.select_for_update().get(pk=user.pk)
    user.set_password(password)
    user.must_change_password = False
    user.password_changed_at = clock.now()
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
    audit.record("account.change_password", by=user, subject=user)
    return user


@transaction.atomic
def set_active(user: User, *, is_active: bool, by: User | None) -> User:
    """Close an account (its sessions and tokens are refused at the next request) or open it again."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.is_active != is_active:
        user.is_active = is_active
        user.save(update_fields=["is_active"])
        verb = "account.reopen" if is_active else "account.close"
        audit.record(verb, by=by, subject=user, after={"is_active": is_active})
    return user


@transaction.atomic
def set_preferences(user: User, *, language: str, theme: str, density: str) -> User:
    """Language, colours and row height of one person."""
    user.language, user.theme, user.density = language, theme, density
    user.full_clean(exclude=["password"])
    user.save(update_fields=["language", "theme", "density"])
    return user


@transaction.atomic
def grant_site_role(user: User, kind: str, *, by: User | None) -> SiteRole:
    """Make somebody one of the three administrators; raises Refused when the person is one already."""
    held = SiteRole.objects.filter(user=user).first()
    if held is not None:
        raise Refused(f"{user}已是{held.get_kind_display()}，一人只能担任一种站点角色。")
    row = SiteRole(user=user, kind=kind, granted_at=clock.now(), granted_by=by)
    row.full_clean()
    row.save()
    audit.record("site_role.grant", by=by, subject=user, after={"kind": kind})
    return row


@transaction.atomic
def revoke_site_role(user: User, *, by: User | None) -> None:
    """Take the site role away; the next request already runs without it."""
    row = SiteRole.objects.select_for_update().filter(user=user).first()
    if row is not None:
        audit.record("site_role.revoke", by=by, subject=user, before={"kind": row.kind})
        row.delete()


def one_time_path(user: User) -> str:
    """`<uid>/<token>/` of the page where the person sets a first password; void once used."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return f"{uid}/{default_token_generator.make_token(user)}/"
