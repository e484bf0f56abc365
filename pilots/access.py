"""Who may do what: one function for pages and API, and a middleware that refuses what declares
nothing (house.md §4.6)."""

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.roles import (
    LOGGED_IN,
    NEVER_LENT,
    PROGRAMME_WIDE_PARTS,
    PUBLIC,
    ROLE_PERMISSIONS,
    SITE_ROLE_PERMISSIONS,
    UNIT_ROLES,
    Permission,
)
from core import clock
from core.errors import PermissionRefused

from .choices import Part
from .models import Enrolment, Membership, Programme, Unit

OPEN_PREFIXES = ("/static/", "/admin/", "/api/")  # these check for themselves, row by row


def memberships_of(user: Any) -> list[Membership]:
    """The live memberships of the user, read once a request."""
    if not getattr(user, "is_authenticated", False):
        return []
    if "_live_memberships" not in user.__dict__:
        today = clock.today()
        rows = Membership.rows.live(today).filter(user=user).select_related("unit")
        found = list(rows.defer("unit__loaded").order_by("id"))
        user.__dict__["_live_memberships"] = found
        own = {row.role for row in found if row.delegated_by_id is None}
        user.__dict__["_acts_as"] = ",".join(sorted(own))
    return user.__dict__["_live_memberships"]


def roles_of(user: Any) -> set[str]:
    """The roles that are the user's own: whoever signs for a CDO (授权代签) is none."""
    return {row.role for row in memberships_of(user) if row.delegated_by_id is None}


def granted(row: Membership) -> frozenset[Permission]:
    """What a membership lets its holder do."""
    held = ROLE_PERMISSIONS[row.role]
    return held - NEVER_LENT if row.delegated_by_id is not None else held


def permissions_of(user: Any) -> frozenset[Permission]:
    """Everything the user may do somewhere."""
    of_site = SITE_ROLE_PERMISSIONS.get(getattr(user, "site_role_kind", ""), frozenset())
    return of_site.union(*map(granted, memberships_of(user)))


def may(
    user: Any,
    permission: str,
    *,
    unit: Unit | None = None,
    programme: Programme | None = None,
) -> bool:
    """Whether the user may do this at all, or (with `unit` or `programme`) there."""
    is_known = getattr(user, "is_authenticated", False)
    if permission in {PUBLIC, LOGGED_IN} or not is_known:
        return permission == PUBLIC or is_known
    if unit is None and programme is None:
        return permission in permissions_of(user)
    if permission in SITE_ROLE_PERMISSIONS.get(user.site_role_kind, frozenset()):
        return True
    acting = [row for row in memberships_of(user) if permission in granted(row)]
    if unit is not None and any(
        row.role in UNIT_ROLES and row.unit_id == unit.pk for row in acting
    ):
        return True
    return _reach(acting, unit=unit, programme=programme)


def permissions_at(user: Any, unit: Unit) -> frozenset[Permission]:
    """Everything for which `may(user, …, unit=unit)` says yes, for pages that ask more than once. One
    query at most."""
    rows = memberships_of(user)
    own = [row for row in rows if row.role in UNIT_ROLES and row.unit_id == unit.pk]
    return _of_site(user).union(*map(granted, [*own, *_reaching(rows, programme__in=_below(unit))]))


def permissions_in(user: Any, programme: Programme) -> frozenset[Permission]:
    """The same for `may(user, …, programme=programme)`."""
    reaching = _reaching(memberships_of(user), programme=programme)
    return _of_site(user).union(*map(granted, reaching))


def _of_site(user: Any) -> frozenset[Permission]:
    return SITE_ROLE_PERMISSIONS.get(getattr(user, "site_role_kind", ""), frozenset())


def _reaching(rows: list[Membership], **where: Any) -> list[Membership]:
    """Those of the memberships whose role goes beyond its own body, where it does."""
    mine = _standing_of(rows)
    if mine is None:
        return []
    reached = set(mine.filter(**where).order_by().values_list("unit_id", "part").distinct())
    return [
        row
        for row in rows
        if any((row.unit_id, part) in reached for part in PROGRAMME_WIDE_PARTS.get(row.role, ()))
    ]


def require(
    user: Any,
    permission: str,
    *,
    unit: Unit | None = None,
    programme: Programme | None = None,
) -> None:
    """Raise PermissionRefused unless `may()`."""
    if not may(user, permission, unit=unit, programme=programme):
        raise PermissionRefused


def _reach(acting: list[Membership], *, unit: Unit | None, programme: Programme | None) -> bool:
    """Whether a role that goes beyond its own body reaches there; one query at most."""
    mine = _standing_of(acting)
    if mine is None:
        return False
    if programme is not None:
        return mine.filter(programme=programme).exists()
    return mine.filter(programme__in=_below(unit)).exists()


def _standing_of(acting: list[Membership]) -> QuerySet | None:
    """The parts that let memberships reach beyond their own body; None without such a role."""
    wide = {(row.unit_id, PROGRAMME_WIDE_PARTS.get(row.role, ())) for row in acting}
    taken = [Q(unit_id=body, part__in=parts) for body, parts in wide if parts]
    # A bureau whose part has ended, because a successor took it over, has nothing left to manage.
    return Enrolment.rows.standing(clock.today()).filter(reduce(or_, taken)) if taken else None


def _below(unit: Unit | None) -> QuerySet:
    """The programmes that may manage the body. One above them belongs to every city that looks up to
    it: none of them manages it."""
    rows = Enrolment.rows.filter(unit=unit, withdrawn_on=None).exclude(part=Part.SUPERIOR)
    return rows.values("programme")


class AccessMiddleware:
    """Asks each view for its `required_permission`; a view that declares none is refused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        if request.path.startswith(OPEN_PREFIXES):
            return None
        needed = declared(view)
        if needed is None:
            raise ImproperlyConfigured(f"{view} declares no required_permission.")
        if may(request.user, needed):
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        context = {"needed": needed, "holders": holders(needed)}
        return render(request, "errors/403.html", context, status=403)


def declared(view: Any) -> str | None:
    """`required_permission` of a view function or of the class behind it."""
    source = getattr(view, "view_class", view)
    return getattr(source, "required_permission", None)


def holders(permission: str) -> list[Any]:
    """Names of the roles that hold a permission, for the page that refuses."""
    tables = {**ROLE_PERMISSIONS, **SITE_ROLE_PERMISSIONS}
    return [role.label for role, held in tables.items() if permission in held]  # type: ignore[attr-defined]
