"""Every change to accounts and site roles."""

from axes.utils import reset as unlock
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext as _

from core import audit, clock
from core.errors import Refused

from . import passwords
from .models import SiteRole, User

# --- opening, closing, passwords -----------------------------------------------------------------


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
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        # Somebody else took the name this very moment; it is said as full_clean() says it.
        taken = user.unique_error_message(User, ("username",))
        raise ValidationError({"username": taken}) from error
    after = {"display_name": display_name, "email": email}
    audit.record("account.open", by=by, subject=user, after=after)
    return user


@transaction.atomic
def open_account(
    *, username: str, display_name: str, by: User | None, email: str = ""
) -> tuple[User, str]:
    """Open an account with a one-time password, which is returned and kept nowhere."""
    password = passwords.one_time()
    user = create_account(
        username=username, display_name=display_name, email=email, by=by, password=password
    )
    return user, password


@transaction.atomic
def edit_account(user: User, *, display_name: str, email: str, by: User | None) -> User:
    """Correct the name or the mail address; the account's name never changes."""
    user = User.objects.select_for_update().get(pk=user.pk)
    before = audit.facts(user, ("display_name", "email"))
    user.display_name, user.email = display_name, email
    user.full_clean()
    if before != (after := audit.facts(user, before)):
        user.save(update_fields=["display_name", "email"])
        audit.record("account.edit", by=by, subject=user, before=before, after=after)
    return user


@transaction.atomic
def reset_password(user: User, *, by: User | None) -> str:
    """Give a one-time password, to be changed at the next login; ends every session of the person
    and lifts a lock-out. Raises Refused for a closed account."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        raise Refused(_("账号“%(user)s”已停用，先重新启用再重置密码。") % {"user": user.username})
    password = passwords.one_time()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    unlock(username=user.username)
    audit.record("account.reset_password", by=by, subject=user)
    return password


@transaction.atomic
def change_own_password(user: User, password: str) -> User:
    """The person chose a new password; it has passed the rules in the form. Other sessions end."""
    user = User.objects.select_for_update().get(pk=user.pk)
    user.set_password(password)
    user.must_change_password = False
    user.password_changed_at = clock.now()
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
    unlock(username=user.username)
    audit.record("account.change_password", by=user, subject=user)
    return user


@transaction.atomic
def set_active(user: User, *, is_active: bool, by: User | None) -> User:
    """Close an account (its sessions and tokens are refused at the next request) or open it again.

    Raises Refused when somebody closes the own account.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if not is_active and by is not None and by.pk == user.pk:
        raise Refused(_("不能停用自己的账号，由另一名管理员办理。"))
    if user.is_active != is_active:
        user.is_active = is_active
        user.save(update_fields=["is_active"])
        verb = "account.reopen" if is_active else "account.close"
        audit.record(verb, by=by, subject=user, after={"is_active": is_active})
    return user


@transaction.atomic
def set_preferences(user: User, *, language: str, theme: str, density: str) -> User:
    """Language, colours and row height of one person. Raises ValidationError."""
    user.language, user.theme, user.density = language, theme, density
    user.full_clean(exclude=["password"])
    user.save(update_fields=["language", "theme", "density"])
    return user


@transaction.atomic
def set_list(user: User, *, path: str, hidden: list[str], density: str) -> User:
    """How one person wants a list shown: names of columns left out, and the row height, which is
    that of all tables. Other lists keep theirs. Raises ValidationError."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    kept = {other: names for other, names in user.hidden_columns.items() if other != path}
    user.hidden_columns = {**kept, path: hidden} if hidden else kept
    user.density = density
    user.full_clean(exclude=["password"])
    user.save(update_fields=["hidden_columns", "density"])
    return user


# --- coming and going, for the record (GB/T 22239-2019 8.1.4.3) ----------------------------------


def record_login(user: User) -> None:
    audit.record("account.login", by=user, subject=user)


def record_logout(user: User) -> None:
    audit.record("account.logout", by=user, subject=user)


def record_lockout(username: str) -> None:
    """Too many wrong passwords for a name, which may be nobody's."""
    audit.record("account.lockout", by=None, subject=f"user:{username[:60]}")


# --- the three administrators --------------------------------------------------------------------


@transaction.atomic
def grant_site_role(user: User, kind: str, *, by: User | None) -> SiteRole:
    """Make somebody one of the three administrators. Raises Refused when the person is one already,
    or acts for a unit (the database refuses that: administrators see no business rows)."""
    User.objects.select_for_update().get(
        pk=user.pk
    )  # two grants at once: the second sees the first
    held = SiteRole.objects.filter(user=user).first()
    if held is not None:
        facts = {"user": user, "kind": held.get_kind_display()}
        raise Refused(_("%(user)s已是%(kind)s，一人只能担任一种站点角色。") % facts)
    row = SiteRole(user=user, kind=kind, granted_at=clock.now(), granted_by=by)
    row.full_clean()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(
            _("%(user)s还有单位身份，先撤销，或另开一个账号担任站点角色。") % {"user": user}
        ) from None
    audit.record("site_role.grant", by=by, subject=user, after={"kind": kind})
    return row


@transaction.atomic
def revoke_site_role(user: User, *, by: User | None) -> None:
    """Take the site role away; the next request already runs without it. Raises Refused for one's
    own, so that nobody locks the door from outside."""
    if by is not None and by.pk == user.pk:
        raise Refused(_("不能撤销自己的站点角色，由另一名安全管理员办理。"))
    row = SiteRole.objects.select_for_update().filter(user=user).first()
    if row is not None:
        audit.record("site_role.revoke", by=by, subject=user, before={"kind": row.kind})
        row.delete()


# --- one-time links ------------------------------------------------------------------------------


def one_time_path(user: User) -> str:
    """`<uid>/<token>/` of the page where the person sets a first password; void once used, and
    after PASSWORD_RESET_TIMEOUT (three days)."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return f"{uid}/{default_token_generator.make_token(user)}/"


def user_of_link(uid: str, token: str) -> User | None:
    """The open account whose one-time link this is, or None for a link that is used, old or wrong."""
    try:
        key = int(urlsafe_base64_decode(uid))
    except (ValueError, OverflowError):
        return None
    user = User.objects.filter(pk=key, is_active=True).first()
    return user if user and default_token_generator.check_token(user, token) else None
