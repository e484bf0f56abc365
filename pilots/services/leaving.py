"""Leaving a body: the rights end in this second, and what hung on them goes to somebody else."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import services as accounts
from accounts import tokens
from accounts.models import Token, User
from accounts.roles import Role
from core import audit, clock
from core.errors import Refused

from ..choices import Part
from ..models import Enrolment, Membership, Unit
from ..models.enrolments import EnrolmentQuerySet
from ..models.memberships import MembershipQuerySet
from .members import revoke_membership

DESK = (Role.BUREAU_OFFICER, Role.BUREAU_HEAD)
LEADING = (Part.BUREAU, Part.LEADING_GROUP_OFFICE)


@dataclass(frozen=True)
class Left:
    """What ended: the person's own memberships, those the person had delegated, tokens, and whether
    the account was closed because nothing else is left to it."""

    memberships: list[Membership]
    delegations: list[Membership]
    tokens: list[Token]
    is_closed: bool


@transaction.atomic
def leave_unit(user: User, unit: Unit, *, by: Any, on: date | None = None, role: str = "") -> Left:
    """End what a person may do at a body, this second: memberships (with `role`, those of that role),
    what the person delegated there of roles that are gone now; and every token of the person.

    The account is closed when no membership anywhere is left or to come, so that sessions and links
    are refused at the next request too; nobody closes the own account, which then merely has no
    rights. Somebody who never acted for the body loses nothing. `on`, the last day, is for the record;
    raises Refused for one that is still to come.
    """
    if on is not None and on > clock.today():
        raise Refused(
            _("离任日期%(day)s还没到，权限到当天再终止；要提前办理的，先改离任日期。") % {"day": on}
        )
    # As add_membership does: nobody gets a right between the question and the closing.
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    held = Membership.rows.filter(user=user, unit=unit)
    if not held.exists():
        return Left([], [], [], is_closed=False)
    lent = list(delegated_at(user, unit))
    ended = [revoke_membership(row, by=by) for row in live_at(user, unit, role)]
    delegations = _revoke_delegations(user, unit, lent, by=by)
    revoked = tokens.revoke_tokens(user, by=by)
    is_closed = user.is_active and not _remaining(user).exists() and user.pk != by.pk
    if is_closed:
        accounts.set_active(user, is_active=False, by=by)
    return Left(ended, delegations, revoked, is_closed=is_closed)


def live_at(user: User, unit: Unit, role: str = "") -> MembershipQuerySet:
    """Memberships of a person at a body that hold or are to begin."""
    rows = _remaining(user).filter(unit=unit)
    return rows.filter(role=role) if role else rows


def delegated_at(user: User, unit: Unit) -> MembershipQuerySet:
    """What a person lets others do at a body, now or later."""
    return _not_over(Membership.rows.filter(delegated_by=user, unit=unit))


def acts_only_at(user: User, unit: Unit) -> bool:
    """Whether leaving that body leaves the person's account without any right, so that it closes."""
    return live_at(user, unit).exists() and not _remaining(user).exclude(unit=unit).exists()


def _remaining(user: User) -> MembershipQuerySet:
    return _not_over(Membership.rows.filter(user=user))


def _not_over(rows: MembershipQuerySet) -> MembershipQuerySet:
    lasting = Q(ends_on=None) | Q(ends_on__gte=clock.today())
    return rows.filter(lasting, revoked_at=None).select_related("user", "unit", "delegated_by")


def _revoke_delegations(
    user: User, unit: Unit, lent: list[Membership], *, by: Any
) -> list[Membership]:
    """Of what the person delegated, what he or she is no longer: nobody lends what is gone."""
    kept = set(live_at(user, unit).filter(delegated_by=None).values_list("role", flat=True))
    return [revoke_membership(row, by=by) for row in lent if row.role not in kept]


# --- 对口联系人 ----------------------------------------------------------------------------------


def liaisons_of(user: User, unit: Unit) -> EnrolmentQuerySet:
    """The parts for which a person is the contact, in the programmes that `unit` leads."""
    led = Enrolment.rows.standing(clock.today()).filter(unit=unit, part__in=LEADING)
    return (
        Enrolment.rows.filter(liaison=user, withdrawn_on=None)
        .filter(programme__in=led.values("programme"))
        .select_related("unit", "programme")
        .in_document_order()
    )


def may_be_liaison(user: User | None, enrolment: Enrolment) -> bool:
    """Whether the person is at the desk of the programme: an officer or head of a body leading it."""
    if user is None:
        return False
    today = clock.today()
    desk = Enrolment.rows.standing(today).filter(programme=enrolment.programme, part__in=LEADING)
    mine = Membership.rows.live(today).filter(user=user, unit__in=desk.values("unit"))
    return mine.filter(role__in=DESK).exists()


@transaction.atomic
def hand_over_liaisons(user: User, unit: Unit, *, taker: User | None, by: Any) -> list[Enrolment]:
    """Make `taker` the contact of everybody whose contact `user` was, where the taker is at the desk of
    the programme; elsewhere the place is left empty."""
    rows = list(liaisons_of(user, unit).select_for_update(of=("self",)))
    for row in rows:
        before = audit.facts(row, ("liaison",))
        row.liaison = taker if may_be_liaison(taker, row) else None
        row.version += 1
        row.full_clean()
        row.save(update_fields=["liaison", "version"])
        audit.record(
            "enrolment.liaison",
            by=by,
            subject=row,
            unit=row.unit,
            programme=row.programme,
            before=before,
            after=audit.facts(row, before),
        )
    return rows
