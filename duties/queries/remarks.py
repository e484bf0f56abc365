"""Who may write a leader's remark (批示) on a task, and for whom."""

from typing import Any

from django.db.models import Q

from accounts.roles import UNIT_ROLES, Role
from core import clock
from pilots.models import Enrolment, Membership, Unit
from pilots.models.memberships import MembershipQuerySet

from ..models import Assignment, Remark
from ..models.orders import BUREAU_PEOPLE
from .orders import ISSUES

LEADERS = (Role.BUREAU_HEAD, Role.UNIT_CDO)


def _acting(user: Any, assignment: Assignment) -> MembershipQuerySet:
    """The user's memberships at the unit that leads, or at the desk that gave the task."""
    today = clock.today()
    desks = Enrolment.rows.standing(today).filter(
        programme=assignment.enrolment.programme_id, part__in=ISSUES
    )
    of_unit = Q(role__in=UNIT_ROLES, unit_id=assignment.enrolment.unit_id)
    of_desk = Q(role__in=BUREAU_PEOPLE, unit_id__in=desks.values("unit_id"))
    rows = Membership.rows.live(today).filter(of_unit | of_desk, user=user)
    return rows.select_related("unit").order_by("id")


def leads_at(user: Any, assignment: Assignment) -> Unit | None:
    """The body whose leader the user is by own right; None for nobody's. Whoever signs for a CDO is
    none: a remark is the leader's own."""
    found = _acting(user, assignment).filter(role__in=LEADERS, delegated_by=None).first()
    return found.unit if found else None


def writes_at(user: Any, assignment: Assignment) -> Unit | None:
    """The body for which the user transcribes what its leader said; None for nobody's."""
    found = _acting(user, assignment).first()
    return found.unit if found else None


def remarks_on(assignment: Assignment, user: Any) -> list[Remark]:
    """The remarks on a task that the user may see, the newest first; struck ones stay among them."""
    return list(Remark.objects.visible_to(user).filter(assignment=assignment).for_lists())
