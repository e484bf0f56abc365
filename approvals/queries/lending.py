"""Lent signatures (授权代签): who sees which, and to whom one may be lent."""

from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.roles import UNIT_ROLES, Role
from core import clock
from pilots.access import memberships_of
from pilots.models import Membership, Unit
from pilots.models.memberships import MembershipQuerySet
from pilots.models.scope import managed_units, own_units, sees_everything


def lent_signatures(user: Any) -> MembershipQuerySet:
    """Every signature that was lent at the units that the user sees, the newest first."""
    rows = Membership.rows.filter(role=Role.UNIT_CDO, delegated_by__isnull=False)
    if not sees_everything(user):
        seen = Q(unit_id__in=own_units(user)) | Q(unit_id__in=managed_units(user))
        rows = rows.filter(seen)
    related = rows.select_related("user", "unit", "delegated_by", "revoked_by")
    return related.prefetch_related("unit__names").order_by("-starts_on", "-pk")


def lending_units(user: Any) -> list[Unit]:
    """The units whose CDO the user is by own right: what may be lent."""
    found = {
        row.unit_id: row.unit
        for row in memberships_of(user)
        if row.role == Role.UNIT_CDO and row.delegated_by_id is None
    }
    return list(found.values())


def borrowers(unit: Unit) -> QuerySet[User]:
    """People of the unit who may be given its CDO's signature."""
    live = Membership.rows.live(clock.today()).filter(unit=unit, role__in=UNIT_ROLES)
    own = live.filter(delegated_by=None)
    cdos = own.filter(role=Role.UNIT_CDO).values("user_id")
    people = User.objects.filter(pk__in=own.values("user_id")).exclude(pk__in=cdos)
    return people.order_by("display_name", "username")
