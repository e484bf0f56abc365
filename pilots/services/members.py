"""Who acts for a body: memberships, and the accounts of a programme's units."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import services as accounts
from accounts.models import User
from accounts.roles import UNIT_ROLES, Permission, Role
from core import audit, clock
from core.errors import PermissionRefused, Refused
from core.models import IdempotencyKey

from .. import access
from ..models import Membership, Unit

ORIGIN = "市政数局开通"


@dataclass(frozen=True)
class Opening:
    """One account to open: who, at which unit, as what."""

    unit: Unit
    role: str
    display_name: str
    username: str
    email: str = ""


@dataclass(frozen=True)
class Slip:
    """What an 账号通知条 says. The password exists here and on the paper, and nowhere else."""

    user: User
    password: str
    unit: Unit
    role: str

    @property
    def role_label(self) -> str:
        return str(Role(self.role).label)


# --- memberships ---------------------------------------------------------------------------------


@transaction.atomic
def add_membership(
    user: User,
    unit: Unit,
    role: str,
    *,
    by: Any,
    starts_on: date | None = None,
    ends_on: date | None = None,
    origin: str = "",
    delegated_by: User | None = None,
) -> Membership:
    """Let a person act for a body in a role. Raises ValidationError when the person does already,
    Refused when the person is one of the three administrators (三员 see no business rows) or the
    body is gone or has no name yet."""
    # Under the person's lock, as grant_site_role takes it: what is checked here still holds at save.
    if User.objects.select_for_update(of=("self",)).get(pk=user.pk).site_role_kind:
        raise Refused(_("%(user)s担任站点角色，不能再有单位身份。") % {"user": user})
    if unit.ceased_on and unit.ceased_on < clock.today():
        raise Refused(_("%(unit)s已撤销，不能再开通身份。") % {"unit": unit})
    row = Membership(
        user=user,
        unit=unit,
        role=role,
        starts_on=starts_on,
        ends_on=ends_on,
        origin=origin,
        delegated_by=delegated_by,
    )
    row.full_clean()
    row.save()
    after = {"user": user, "role": role, "starts_on": starts_on, "ends_on": ends_on}
    if delegated_by is not None:
        after["delegated_by"] = delegated_by
    audit.record("membership.add", by=by, subject=row, unit=unit, after=after)
    return row


@transaction.atomic
def end_membership(membership: Membership, *, on: date, by: Any) -> Membership:
    """The last day of a membership, today or later; an earlier day is `revoke_membership`.

    Raises Refused for a day gone by, or for one that was revoked or ended already.
    """
    row = _lock(membership)
    if row.revoked_at or (row.ends_on and row.ends_on < clock.today()):
        raise Refused(_("%(user)s的这项身份已经结束。") % {"user": row.user})
    if on < clock.today():
        raise Refused(_("终止日期不能早于今天；马上停用的，用“撤销”办理。"))
    before = audit.facts(row, ("ends_on",))
    row.ends_on = on
    row.full_clean()
    row.save(update_fields=["ends_on"])
    after = audit.facts(row, before)
    audit.record("membership.end", by=by, subject=row, unit=row.unit, before=before, after=after)
    _end_lent(row, by=by, on=on)
    return row


@transaction.atomic
def prolong_membership(membership: Membership, *, until: date | None, by: Any) -> Membership:
    """Put a last day that was entered off to a later one, or take it away (None). Raises Refused for a
    membership that is over, ValidationError where another one takes its place by then."""
    row = _lock(membership)
    if row.revoked_at or (row.ends_on and row.ends_on < clock.today()):
        raise Refused(_("%(user)s的这项身份已经结束。") % {"user": row.user})
    before = audit.facts(row, ("ends_on",))
    row.ends_on = until
    row.full_clean()
    row.save(update_fields=["ends_on"])
    after = audit.facts(row, before)
    audit.record("membership.end", by=by, subject=row, unit=row.unit, before=before, after=after)
    return row


@transaction.atomic
def revoke_membership(membership: Membership, *, by: Any) -> Membership:
    """Take the rights away this second."""
    row = _lock(membership)
    if row.revoked_at is None:
        row.revoked_at, row.revoked_by = clock.now(), by
        row.save(update_fields=["revoked_at", "revoked_by"])
        before = {"user": row.user, "role": row.role}
        audit.record("membership.revoke", by=by, subject=row, unit=row.unit, before=before)
        _end_lent(row, by=by)
    return row


def _end_lent(row: Membership, *, by: Any, on: date | None = None) -> None:
    """What was lent (授权代签) ends with the right that it hung on: nobody lends what is gone, and
    nobody signs for a unit as whose clerk he or she is no longer. `on` is that right's last day, None
    when it was revoked."""
    if row.delegated_by_id is not None:
        return
    today = clock.today()
    open_rows = Membership.rows.filter(
        Q(ends_on=None) | Q(ends_on__gte=today), unit=row.unit, revoked_at=None
    )
    lasting = open_rows if on is None else open_rows.filter(Q(ends_on=None) | Q(ends_on__gt=on))
    own = lasting.filter(user=row.user, delegated_by=None)
    lent = Membership.rows.none()
    if not own.filter(role=row.role).exists():
        lent = lasting.filter(delegated_by=row.user, role=row.role)
    if not own.exists():
        lent = lent | lasting.filter(user=row.user, delegated_by__isnull=False)
    for each in lent:
        if on is None or (each.starts_on and each.starts_on > on):
            revoke_membership(each, by=by)
        else:
            end_membership(each, on=on, by=by)


def _lock(membership: Membership) -> Membership:
    rows = Membership.rows.select_for_update(of=("self",)).select_related("user", "unit")
    return rows.get(pk=membership.pk)


# --- accounts of units ---------------------------------------------------------------------------


@transaction.atomic
def open_unit_account(
    unit: Unit, role: str, *, username: str, display_name: str, by: Any, email: str = ""
) -> tuple[User, str]:
    """Open an account for one person of a unit; returns it with its one-time password, which the
    printed 账号通知条 shows once. Raises ValidationError, Refused for a role that is not a unit's."""
    if role not in UNIT_ROLES:
        raise Refused(_("单位账号只能是首席数据官或经办人。"))
    if unit.is_slot:
        raise Refused(_("“%(unit)s”还没有名称，先补名再开通账号。") % {"unit": unit})
    user, password = accounts.open_account(
        username=username, display_name=display_name, email=email, by=by
    )
    add_membership(user, unit, role, by=by, starts_on=clock.today(), origin=ORIGIN)
    return user, password


@transaction.atomic
def open_unit_accounts(openings: Iterable[Opening], *, by: User, once: str) -> list[Slip]:
    """Open all of them or none. `once` is the form's key: sent twice, it opens them once.

    Raises ValidationError with every fault, each beginning with its row (from 1); Refused when the
    form was sent before; PermissionRefused for a unit outside the clerk's programmes.
    """
    claim(once, by=by, route="members.open")
    slips, faults = [], []
    for place, row in enumerate(openings, start=1):
        access.require(by, Permission.MANAGE_MEMBERS, unit=row.unit)
        try:
            with transaction.atomic():
                user, password = open_unit_account(
                    row.unit,
                    row.role,
                    username=row.username,
                    display_name=row.display_name,
                    email=row.email,
                    by=by,
                )
            slips.append(Slip(user, password, row.unit, row.role))
        except ValidationError as error:
            faults += [_row_fault(place, text) for text in error.messages]
        except Refused as refusal:
            faults.append(_row_fault(place, str(refusal)))
    if faults:
        raise ValidationError(faults)
    return slips


def _row_fault(place: int, text: str) -> str:
    return _("第%(place)s行：%(text)s") % {"place": place, "text": text}


@transaction.atomic
def reset_passwords(memberships: Iterable[Membership], *, by: User, once: str) -> list[Slip]:
    """New one-time passwords for the people of these memberships, one slip a person; all or none."""
    claim(once, by=by, route="members.reset")
    slips: dict[int, Slip] = {}
    for row in memberships:
        if row.user_id not in slips:
            require_own_person(row.user, by=by)
            password = accounts.reset_password(row.user, by=by)
            slips[row.user_id] = Slip(row.user, password, row.unit, row.role)
    return list(slips.values())


@transaction.atomic
def set_people_active(
    memberships: Iterable[Membership], *, is_active: bool, by: User
) -> list[User]:
    """Close or reopen the accounts of these memberships; all or none. Returns the people."""
    people = {row.user_id: row.user for row in memberships}
    for user in people.values():
        require_own_person(user, by=by)
        accounts.set_active(user, is_active=is_active, by=by)
    return list(people.values())


@transaction.atomic
def revoke_unit_memberships(memberships: Iterable[Membership], *, by: User) -> list[Membership]:
    """Take unit roles away this second; all or none. Raises PermissionRefused, Refused."""
    return [revoke_membership(_require_unit_role(row, by), by=by) for row in memberships]


def require_own_person(user: User, *, by: User) -> None:
    """A bureau may reset or close only people who act for its own programmes' units and for nobody
    else: else a clerk of one city could take over an account of another. Raises Refused."""
    if user.site_role_kind:
        raise Refused(_("%(user)s担任站点角色，由安全管理员办理。") % {"user": user})
    held = Membership.rows.filter(user=user, revoked_at=None).select_related("unit")
    for row in held:
        if row.role not in UNIT_ROLES or not access.may(
            by, Permission.MANAGE_MEMBERS, unit=row.unit
        ):
            facts = {"user": user, "unit": row.unit, "role": row.get_role_display()}
            raise Refused(
                _(
                    "%(user)s还是%(unit)s的%(role)s，账号由安全管理员办理；这里只能撤销本方案的身份。"
                )
                % facts
            )
    if not held:
        raise PermissionRefused


def _require_unit_role(row: Membership, by: User) -> Membership:
    access.require(by, Permission.MANAGE_MEMBERS, unit=row.unit)
    if row.role not in UNIT_ROLES:
        facts = {"user": row.user, "role": row.get_role_display()}
        raise Refused(_("%(user)s是%(role)s，身份由安全管理员办理。") % facts)
    return row


def claim(key: str, *, by: User, route: str, said: str = "") -> None:
    """Note that this form was sent, in the transaction of its work. Raises Refused the second time,
    with `said`; unless told, that the passwords were shown once and are kept nowhere."""
    _row, is_new = IdempotencyKey.objects.get_or_create(
        actor_id=by.pk,
        route=route,
        key=key,
        defaults={"body_sha256": "", "status": 200, "answer": {}, "created_at": clock.now()},
    )
    if not is_new:
        raise Refused(
            said
            or _(
                "这份名单已经提交过，没有重复办理。一次性密码只显示一次，没有打印到的，勾选后重新重置。"
            )
        )
