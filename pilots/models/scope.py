"""Whose rows somebody sees: the one rule (house.md §4.6), as subqueries of two kinds.

People of a unit see their unit; some roles see every body of the programmes in which their unit
takes a certain part. Every list of every page starts with this, so it is SQL that PostgreSQL reads
as it stands: put together by the ORM it took longer than the rest of the request.
"""

from typing import Any

from django.db.models import BigIntegerField, Q
from django.db.models.expressions import RawSQL

from accounts.roles import PROGRAMME_WIDE_PARTS, ROLE_PERMISSIONS, UNIT_ROLES, SiteRoleKind
from core import clock

# Parameters in their order: what the role is compared with, the user, then only the day.
OWN_UNITS = """
    SELECT m.unit_id FROM pilots_membership m
    WHERE m.role IN %s AND m.user_id = %s AND m.revoked_at IS NULL
      AND (m.starts_on IS NULL OR m.starts_on <= %s) AND (m.ends_on IS NULL OR m.ends_on >= %s)
"""
WIDE_PROGRAMMES = """
    SELECT e.programme_id FROM pilots_enrolment e JOIN pilots_membership m ON m.unit_id = e.unit_id
    WHERE (m.role, e.part) IN %s AND m.user_id = %s AND m.revoked_at IS NULL
      AND (m.starts_on IS NULL OR m.starts_on <= %s) AND (m.ends_on IS NULL OR m.ends_on >= %s)
      AND e.withdrawn_on IS NULL
      AND (e.starts_on IS NULL OR e.starts_on <= %s) AND (e.ends_on IS NULL OR e.ends_on >= %s)
"""
# A body above a programme belongs to every city that looks up to it: its people are none of theirs;
# nor are those of a body that was entered by mistake and taken back.
MANAGED_IN = """
    SELECT u.unit_id FROM pilots_enrolment u
    WHERE u.part <> 'superior' AND u.withdrawn_on IS NULL AND u.programme_id IN ({})
"""
UNITS_IN = "SELECT u.unit_id FROM pilots_enrolment u WHERE u.programme_id IN ({})"
PROGRAMMES_OF = """
    SELECT p.programme_id FROM pilots_enrolment p WHERE p.withdrawn_on IS NULL AND p.unit_id IN ({})
"""
UNIT_PEOPLE = tuple(map(str, UNIT_ROLES))
WIDE_PAIRS = tuple(
    (str(role), part) for role, parts in PROGRAMME_WIDE_PARTS.items() for part in parts
)


def sees_everything(user: Any) -> bool:
    """Only the auditor, and only to read; no administrator sees business rows."""
    return getattr(user, "site_role_kind", "") == SiteRoleKind.AUDITOR


def _ids(sql: str, user: Any, first: tuple) -> RawSQL:
    days = [clock.today()] * (sql.count("%s") - 2)
    return RawSQL(sql, (first, user.pk, *days), output_field=BigIntegerField())  # noqa: S611 - constants of this file, values are parameters


def own_units(user: Any) -> RawSQL:
    """Ids of the units whose people the user is one of."""
    return _ids(OWN_UNITS, user, UNIT_PEOPLE)


def wide_programmes(user: Any, permission: str = "") -> RawSQL:
    """Ids of programmes that the user sees as a whole: role × part of the user's unit in them.

    With `permission` only by roles that hold it: an officer of one city who evaluates another must
    not read the other's record because the page of records is open to officers.
    """
    pairs = (
        pair for pair in WIDE_PAIRS if not permission or permission in ROLE_PERMISSIONS[pair[0]]
    )
    return _ids(WIDE_PROGRAMMES, user, tuple(pairs))


def units_of_wide_programmes(user: Any) -> RawSQL:
    """Ids of all bodies that take part in those."""
    return _ids(UNITS_IN.format(WIDE_PROGRAMMES), user, WIDE_PAIRS)


def managed_units(user: Any) -> RawSQL:
    """Ids of those bodies without the ones above the programme: whose officers the user may see."""
    return _ids(MANAGED_IN.format(WIDE_PROGRAMMES), user, WIDE_PAIRS)


def programmes_of_own_units(user: Any) -> RawSQL:
    """Ids of the programmes in which the user's own units take part."""
    return _ids(PROGRAMMES_OF.format(OWN_UNITS), user, UNIT_PEOPLE)


def of_enrolments(user: Any, prefix: str = "") -> Q:
    """Condition on an enrolment, or through `prefix` (`enrolment__`) on what belongs to one."""
    if sees_everything(user):
        return Q()
    return Q(**{f"{prefix}unit_id__in": own_units(user)}) | Q(
        **{f"{prefix}programme_id__in": wide_programmes(user)}
    )
